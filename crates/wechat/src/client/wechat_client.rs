//! The adapter behind the domain's port.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use saoma_domain::ports::{Clock, OfficialAccount, Random, WechatError};
use saoma_domain::wechat::{AppName, Follower, OpenId, QrTicket};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::endpoints::{OfficialAccountApp, WechatClientError, WechatEndpoints, checked_base};
use super::failure::{Api, Failure};
use super::gate::Gate;
use super::qr::{self, QrAnswer};
use super::shared::SharedTokens;
use super::token::{Token, TokenSource};
use super::transport::{Request, Transport};
use super::user::{self, UserAnswer};

/// Talks to WeChat for any number of official accounts.
///
/// Cheap to share behind an `Arc`; its calls need a Tokio runtime with timers and I/O.
pub struct WechatClient {
    apps: BTreeMap<AppName, App>,
    transport: Transport,
    mp_base: String,
    timeout: Duration,
    clock: Arc<dyn Clock>,
}

struct App {
    name: AppName,
    tokens: Arc<TokenSource>,
    qr_gate: Gate,
    user_gate: Gate,
}

/// A call that needs an access token.
struct Call<'c> {
    api: Api,
    gate: &'c Gate,
    path: &'static str,
    query: &'c [(&'static str, &'c str)],
    body: Option<&'c Value>,
}

impl WechatClient {
    /// Makes a client; nothing is sent yet.
    ///
    /// What every call keeps to:
    /// * no proxy and no redirects, 1 s to connect, `endpoints.timeout` in all, answers up to 256 KiB;
    /// * an access token is fetched once for all callers and again before it expires; when WeChat refuses it
    ///   (40001, 40014, 42001) the call is repeated exactly once with one that is asked for anew;
    /// * "system busy" and broken connections are tried once more after a random pause of 50–305 ms;
    /// * after 45009, 45011 and whatever else more calls would make worse, WeChat is not asked for the same
    ///   thing for the same app until the next minute;
    /// * no error has a secret or a URL in it.
    ///
    /// HTTPS is checked against the certificates of the system, with ring for the cryptography.
    ///
    /// # Errors
    /// [`WechatClientError`] for an address that is none, two apps of one name, and a system without
    /// certificates where `api_base` is `https`.
    pub fn new(
        endpoints: &WechatEndpoints,
        apps: Vec<OfficialAccountApp>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, WechatClientError> {
        Self::new_sharing(endpoints, apps, clock, random, None)
    }

    /// Makes a client that shares its access tokens with others where it can: of all that want one, one asks
    /// WeChat. Else it keeps to the same as one from [`WechatClient::new`].
    ///
    /// Who wants a token that another one is about to get waits for it, 1 s or a quarter of
    /// `endpoints.timeout` at the most, and then asks WeChat itself.
    ///
    /// # Errors
    /// The same.
    pub fn new_sharing(
        endpoints: &WechatEndpoints,
        apps: Vec<OfficialAccountApp>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        shared: Option<&SharedTokens>,
    ) -> Result<Self, WechatClientError> {
        let mp_base = checked_base("mp_base", &endpoints.mp_base)?;
        let api_base = checked_base("api_base", &endpoints.api_base)?;
        let transport = Transport::new(api_base.clone(), random)?;
        let timeout = endpoints.timeout;
        let mut by_name = BTreeMap::new();
        for app in apps {
            let name = app.name.clone();
            let shared = shared.map(|shared| shared.of_app(&api_base, &app.app_id));
            let source = TokenSource::new(app, transport.clone(), Arc::clone(&clock), timeout, shared);
            let tokens = Arc::new(source);
            let app =
                App { name: name.clone(), tokens, qr_gate: Gate::default(), user_gate: Gate::default() };
            if by_name.insert(name.clone(), app).is_some() {
                return Err(WechatClientError::DuplicateApp(name));
            }
        }
        Ok(Self { apps: by_name, transport, mp_base, timeout, clock })
    }

    /// Fetches an access token to see whether the app id, the secret and the network are right.
    ///
    /// # Errors
    /// [`WechatError`], whose text says what the operator has to do.
    pub async fn probe(&self, app: &AppName) -> Result<(), WechatError> {
        let app = self.app(app)?;
        self.in_time(async {
            app.tokens.fetch().await.map_err(|failure| self.report(app, Api::Token, failure))
        })
        .await
        .map(|_token| ())
    }

    fn app(&self, name: &AppName) -> Result<&App, WechatError> {
        self.apps.get(name).ok_or(WechatError::UnknownApp)
    }

    /// Bounds a call with everything that it repeats.
    async fn in_time<T>(&self, call: impl Future<Output = Result<T, WechatError>>) -> Result<T, WechatError> {
        tokio::time::timeout(self.timeout, call).await.unwrap_or_else(|_elapsed| {
            Err(WechatError::Unavailable {
                reason: format!("no answer within {} ms", self.timeout.as_millis()),
                retry_after: Duration::from_secs(1),
            })
        })
    }

    /// Makes a call with the app's token; once more with one asked for anew when WeChat refuses it.
    async fn call<T: DeserializeOwned>(&self, app: &App, call: &Call<'_>) -> Result<T, WechatError> {
        let token = self.token(app).await?;
        match self.call_with(call, &token).await {
            Err(failure) if failure.is_dead_token() => app.tokens.forget(&token).await,
            done => return done.map_err(|failure| self.report(app, call.api, failure)),
        }
        // Even if WeChat hands out the very same token again: its nodes do not learn of a token all at once.
        let token = self.token(app).await?;
        let again = self.call_with(call, &token).await;
        again.map_err(|failure| self.report(app, call.api, failure))
    }

    async fn token(&self, app: &App) -> Result<Token, WechatError> {
        app.tokens.get().await.map_err(|failure| self.report(app, Api::Token, failure))
    }

    async fn call_with<T: DeserializeOwned>(&self, call: &Call<'_>, token: &Token) -> Result<T, Failure> {
        let mut query = vec![("access_token", token.expose())];
        query.extend_from_slice(call.query);
        let request = Request { path: call.path, query: &query, body: call.body };
        call.gate.run(self.clock.as_ref(), self.transport.call(&request)).await
    }

    fn report(&self, app: &App, api: Api, failure: Failure) -> WechatError {
        let error = failure.report(api, self.clock.now());
        tracing::warn!(app = %app.name, ?api, %error, "a call to WeChat failed");
        error
    }
}

#[async_trait]
impl OfficialAccount for WechatClient {
    async fn create_qr(
        &self,
        app: &AppName,
        scene: &str,
        lifetime: Duration,
    ) -> Result<QrTicket, WechatError> {
        let app = self.app(app)?;
        let body = qr::body(scene, lifetime);
        let call =
            Call { api: Api::QrCreate, gate: &app.qr_gate, path: qr::PATH, query: &[], body: Some(&body) };
        self.in_time(async {
            let answer = self.call::<QrAnswer>(app, &call).await?;
            answer.into_ticket(&self.mp_base).map_err(|failure| self.report(app, call.api, failure))
        })
        .await
    }

    async fn follower(&self, app: &AppName, openid: &OpenId) -> Result<Follower, WechatError> {
        let app = self.app(app)?;
        let query = [("openid", openid.as_str()), ("lang", "zh_CN")];
        let call =
            Call { api: Api::UserInfo, gate: &app.user_gate, path: user::PATH, query: &query, body: None };
        self.in_time(self.call::<UserAnswer>(app, &call)).await.map(Follower::from)
    }
}
