//! The client: the configured apps, and what their ports have in common.

use std::collections::BTreeMap;
use std::sync::Arc;

use saoma_domain::ports::{Clock, Random, WechatError};
use saoma_domain::wechat::{AppKind, AppName};

use super::app::WechatApp;
use super::app_caller::AppCaller;
use super::configured_app::ConfiguredApp;
use super::endpoints::{WechatClientError, WechatEndpoints, checked_base};
use super::shared_tokens::SharedTokens;
use super::transport::Transport;

/// Talks to WeChat for any number of official accounts, website and mobile applications, and mini programs.
///
/// A call for an app of another kind fails with `UnknownApp`, as one for an app that is not configured. Share
/// the client behind an `Arc`; its calls need a Tokio runtime with timers and I/O.
pub struct WechatClient {
    apps: BTreeMap<AppName, ConfiguredApp>,
    pub(super) open_base: String,
    pub(super) mp_base: String,
    pub(super) transport: Arc<Transport>,
}

impl WechatClient {
    /// Makes a client and sends nothing yet.
    ///
    /// The client guarantees for every call:
    /// * It uses no proxy and follows no redirect, connects within 1 s, ends within `endpoints.timeout` in
    ///   all, and reads answers up to 256 KiB.
    /// * It fetches an access token once for all callers, and another one before the first expires. When
    ///   WeChat refuses a token (40001, 40014, 42001) it repeats the call exactly once, with a token that it
    ///   fetches anew.
    /// * It repeats a call once, after a random pause of 50–305 ms, when WeChat is busy, answers with a 5xx
    ///   status, or the connection breaks; but never one with a code, which WeChat takes only once.
    /// * After three time-outs in a row of an API, its calls fail at once for 5 s, and then one at a time tries
    ///   whether WeChat is back.
    /// * After 45009, 45011 and every refusal that more calls would make worse, it calls the same API for the
    ///   same app no more before the next minute. A 45011 that may be about one person stops no other person.
    /// * No error has a secret or a URL in it.
    ///
    /// It checks HTTPS against the certificates of the system, with ring for the cryptography.
    ///
    /// With `shared`, nodes share their access tokens: of all nodes that want one, one asks WeChat. A node
    /// that wants a token which another node is about to store waits for it, at most 1 s or a quarter of
    /// `endpoints.timeout`, and then asks WeChat itself.
    ///
    /// # Errors
    /// [`WechatClientError`] for a base that is no address, for two apps of one name, and on a system without
    /// certificates where `api_base` is `https`.
    pub fn new(
        endpoints: &WechatEndpoints,
        apps: Vec<WechatApp>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        shared: Option<&SharedTokens>,
    ) -> Result<Self, WechatClientError> {
        let open_base = checked_base("open_base", &endpoints.open_base)?;
        let mp_base = checked_base("mp_base", &endpoints.mp_base)?;
        let api_base = checked_base("api_base", &endpoints.api_base)?;
        let transport = Arc::new(Transport::new(api_base, endpoints.timeout, clock, random)?);
        let mut by_name = BTreeMap::new();
        for app in apps {
            let name = app.name.clone();
            let shared = shared.map(|shared| shared.of_app(transport.api_base(), &app.app_id));
            let caller = AppCaller::new(app, Arc::clone(&transport));
            if by_name.insert(name.clone(), ConfiguredApp::new(caller, shared)).is_some() {
                return Err(WechatClientError::DuplicateApp(name));
            }
        }
        Ok(Self { apps: by_name, open_base, mp_base, transport })
    }

    /// Fetches an access token, to see whether the app id, the secret and the network are right.
    ///
    /// A website or mobile application has no access tokens: the first login shows whether its secret is right.
    ///
    /// # Errors
    /// [`WechatError`], whose text says what the operator has to do; [`WechatError::UnknownApp`] for a
    /// website or mobile application.
    pub async fn probe(&self, app: &AppName) -> Result<(), WechatError> {
        let app = self.app(app)?;
        match app.credentials().kind {
            AppKind::Website | AppKind::MobileApp => Err(WechatError::UnknownApp),
            AppKind::OfficialAccount | AppKind::MiniProgram => app.fetch_token().await,
        }
    }

    /// Gets an app's access token ready before the first login wants one, from wherever the logins would get it.
    ///
    /// # Errors
    /// As [`WechatClient::probe`].
    pub async fn warm_up(&self, app: &AppName) -> Result<(), WechatError> {
        let app = self.app(app)?;
        match app.credentials().kind {
            AppKind::Website | AppKind::MobileApp => Err(WechatError::UnknownApp),
            AppKind::OfficialAccount | AppKind::MiniProgram => app.get_token().await,
        }
    }

    pub(super) fn app(&self, name: &AppName) -> Result<&ConfiguredApp, WechatError> {
        self.apps.get(name).ok_or(WechatError::UnknownApp)
    }
}
