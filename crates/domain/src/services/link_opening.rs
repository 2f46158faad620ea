//! Opening the login of another client by a link inside WeChat: where a phone's own browser waits, its person cannot scan the
//! code on its screen, and opens the link in WeChat instead. It counts as the scan.
//!
//! A link can be sent to a victim, so its phone is always asked for the number that the waiting client shows.

use std::sync::Arc;

use super::{
    ClientSubject, OAuthReturn, Policy, ScanReply, ScanService, ServiceError,
    code_redeemer::{CodeKind, CodeRedeemer},
    identification::{CameBy, Identification, IdentifiedPerson},
    login_issuer::LoginIssuer,
    oauth_return::exchange,
};
use crate::{
    login::{AuthenticatedLogin, Channel, LoginId},
    ports::{Clock, LoginCache, OAuth, Redemption},
    wechat::{AppName, Authorization},
};

/// A browser on its way to WeChat, for the login of another client.
#[derive(Clone, Debug)]
pub struct SentByLink {
    /// The id under which the browser comes back, with its token. It is no login of its own.
    pub auth: AuthenticatedLogin,
    /// Where to send the browser.
    pub authorization: Authorization,
}

/// What the return of a browser led to that opened the login of another client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkOpened {
    /// The person is told this.
    Told(ScanReply),
    /// The return was loaded before, and who it was is not kept: the browser has to go to WeChat again.
    SendAgain,
    /// The person refused at WeChat; nothing happened to the login.
    Refused,
}

/// Opens logins of other clients by links.
pub struct LinkOpening {
    pub(super) issuer: LoginIssuer,
    pub(super) code_redeemer: CodeRedeemer,
    pub(super) oauth: Arc<dyn OAuth>,
    pub(super) identification: Identification,
    pub(super) scans: Arc<ScanService>,
    pub(super) login_cache: Arc<dyn LoginCache>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policy: Arc<Policy>,
}

impl LinkOpening {
    /// Returns where to send a browser that opened a link to a login; WeChat sends it back to `redirect_uri`. Changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::RateLimited`], [`ServiceError::Wechat`] for an app that is not configured.
    pub async fn send(
        &self,
        app: &AppName,
        client: ClientSubject,
        redirect_uri: &str,
    ) -> Result<SentByLink, ServiceError> {
        let auth = self.issuer.issue_for_link(client).await?;
        let authorization = self.oauth.authorization(app, redirect_uri, auth.id())?;
        Ok(SentByLink { auth, authorization })
    }

    /// Takes the return of a browser that opened a login: it counts as the scan of the login's code.
    ///
    /// # Errors
    /// Those of [`OAuthReturns::finish`](super::OAuthReturns::finish); the login stays as it is, and the link can be opened again.
    pub async fn take(
        &self,
        auth: &AuthenticatedLogin,
        opens: LoginId,
        back: OAuthReturn,
    ) -> Result<LinkOpened, ServiceError> {
        if auth.id().deadline() <= self.clock.now() {
            return Err(ServiceError::OAuthState);
        }
        let Some(code) = &back.code else { return Ok(LinkOpened::Refused) };
        match self.code_redeemer.redeem_for(auth.id(), CodeKind::OAuth.hash(&back.app, code)).await? {
            Redemption::First => {}
            Redemption::Again => return Ok(LinkOpened::SendAgain),
            Redemption::ByAnother => return Err(ServiceError::CodeInvalid),
        }
        let (person, _) = exchange(&*self.oauth, &back, code).await?;
        self.scan(opens, person).await.map(LinkOpened::Told)
    }

    async fn scan(&self, opens: LoginId, person: IdentifiedPerson) -> Result<ScanReply, ServiceError> {
        let context = self.login_cache.context(opens).await.ok().flatten();
        let app = person.app.clone();
        let (client_info, purpose) = match context {
            Some(context) if context.channel != Channel::OfficialAccount || context.app != app => {
                return Ok(ScanReply::Foreign);
            }
            Some(context) => (context.client_info, context.purpose),
            None => Default::default(),
        };
        let person = IdentifiedPerson { came_by: CameBy::Link, client_info, purpose, ..person };
        let taken = match self.identification.commit_exchanged(opens, person, self.policy.qr_ttl).await {
            Err(ServiceError::Refused(refusal)) => return Ok(ScanReply::NotAdmitted { text: refusal.chat }),
            taken => taken?,
        };
        self.scans.reply(taken, &app).await
    }
}
