//! What an embedder reaches of the running service: WeChat, its journal, sessions.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use saoma_domain::{
    journal::{JournalEntry, JournalFilter, JournalId},
    ports::{AppCall, AppToken, JsConfig},
    services::{AppAccess, ClientSubject, ServiceError, SessionService, SiteScene},
    session::SessionPolicy,
    wechat::{AppName, OpenId, QrTicket},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    guard::LoggedIn,
    journal::{JournalWriter, Replayed, Replays},
};

/// A WeChat app, as the service calls it: with its token, its breakers, and its repetition of a call whose token was refused.
#[derive(Clone)]
pub struct Wechat {
    pub(crate) app: AppName,
    pub(crate) access: Arc<AppAccess>,
}

impl Wechat {
    /// Returns the app's access token, the one that all nodes share. Who has it must not ask WeChat for another one.
    ///
    /// # Errors
    /// [`ServiceError::Wechat`].
    pub async fn access_token(&self) -> Result<AppToken, ServiceError> {
        self.access.access_token(&self.app, false).await
    }

    /// Calls GET with these parameters in the query, an object of texts and numbers, and returns WeChat's answer.
    ///
    /// # Errors
    /// [`ServiceError::Wechat`], also for an answer with an errcode.
    pub async fn get(&self, path: &'static str, parameters: &impl Serialize) -> Result<Value, ServiceError> {
        self.call(path, parameters, false).await
    }

    /// Calls POST with this body, and returns WeChat's answer. The call is not sent again where it is not known whether WeChat
    /// has served it.
    ///
    /// # Errors
    /// [`ServiceError::Wechat`], also for an answer with an errcode.
    pub async fn post(&self, path: &'static str, body: &impl Serialize) -> Result<Value, ServiceError> {
        self.call(path, body, true).await
    }

    async fn call(
        &self,
        path: &'static str,
        parameters: &impl Serialize,
        is_post: bool,
    ) -> Result<Value, ServiceError> {
        // What cannot be written as JSON is refused by the port, as the empty text is.
        let parameters = serde_json::to_string(parameters).unwrap_or_default();
        let call = AppCall { path, parameters, is_post, is_repeatable: !is_post };
        let answer = self.access.call(&self.app, &call).await?;
        Ok(serde_json::from_str(&answer).unwrap_or_default())
    }

    /// Returns what `wx.config` of WeChat's JS-SDK takes on the page with this URL.
    ///
    /// # Errors
    /// [`ServiceError::Wechat`].
    pub async fn js_config(&self, url: &str) -> Result<JsConfig, ServiceError> {
        self.access.js_config(&self.app, url).await
    }

    /// Returns what WeChat knows of a person (`user/info`), as it says it.
    ///
    /// # Errors
    /// [`ServiceError::Wechat`].
    pub async fn user_info(&self, openid: &OpenId) -> Result<Value, ServiceError> {
        let said = self.access.user_info(&self.app, openid).await?;
        Ok(serde_json::from_str(&said).unwrap_or_default())
    }

    /// Makes a QR code with a scene of the site's own; `OnMessage` hears of its scans.
    ///
    /// # Errors
    /// [`ServiceError::Wechat`].
    pub async fn qr_code(&self, scene: &SiteScene, lifetime: Duration) -> Result<QrTicket, ServiceError> {
        self.access.site_code(&self.app, scene, lifetime).await
    }
}

/// The journal: each call of WeChat's callback that was accepted, and what it led to.
#[derive(Clone)]
pub struct EventReach {
    pub(crate) journal: Arc<JournalWriter>,
    pub(crate) replays: Arc<Replays>,
}

impl EventReach {
    /// Lists at most `limit` entries, the newest first: those older than `after`, or from the newest on.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn list(
        &self,
        filter: JournalFilter,
        after: Option<JournalId>,
        limit: u32,
    ) -> Result<Vec<JournalEntry>, ServiceError> {
        self.journal.entries(filter, after, limit).await
    }

    /// Returns an entry; `None` where the journal has none of this id.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn find(&self, id: JournalId) -> Result<Option<JournalEntry>, ServiceError> {
        self.journal.entry(id).await
    }

    /// Takes an event again as if it came now, and returns what it led to; with `dry_run` what it would lead to. `None` where
    /// the journal has no entry of this id.
    ///
    /// # Errors
    /// [`ServiceError`] of what the event means.
    pub async fn replay(&self, id: JournalId, dry_run: bool) -> Result<Option<Replayed>, ServiceError> {
        let Some(entry) = self.find(id).await? else { return Ok(None) };
        self.replays.replay(&entry, dry_run).await.map(Some)
    }
}

/// The sessions of the service.
#[derive(Clone)]
pub struct SessionReach {
    pub(crate) sessions: Arc<SessionService>,
    pub(crate) policy: SessionPolicy,
}

impl SessionReach {
    /// Returns whose session a token is, for calls that do not come by HTTP, such as those of a queue or a `WebSocket`; the
    /// session's idle time begins anew. `None` for a token without a session.
    ///
    /// # Errors
    /// [`ServiceError::AccountDisabled`], [`ServiceError::Store`].
    pub async fn check(&self, token: &str) -> Result<Option<LoggedIn>, ServiceError> {
        // A caller within the process has no address, and limits on made-up tokens are for those who have one.
        let caller = || ClientSubject::new(Ipv4Addr::UNSPECIFIED.into());
        let checked = match self.sessions.verify_token(token, caller).await {
            Ok(token) => self.sessions.check(&token).await,
            Err(error) => Err(error),
        };
        match checked {
            Ok(active) => Ok(Some(LoggedIn::new(active, &self.policy))),
            Err(ServiceError::SessionInvalid | ServiceError::RateLimited { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Ends the session with a token; one that is over or unknown is ended already.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be committed.
    pub async fn end(&self, token: &str) -> Result<(), ServiceError> {
        let caller = || ClientSubject::new(Ipv4Addr::UNSPECIFIED.into());
        match self.sessions.verify_token(token, caller).await {
            Ok(token) => self.sessions.log_out(&token).await,
            Err(ServiceError::SessionInvalid | ServiceError::RateLimited { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
