//! What the adapters behind the domain's ports have in common.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use saoma_domain::ports::{Clock, Random, WechatError};
use saoma_domain::wechat::AppName;
use secrecy::ExposeSecret as _;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;

use super::api::{Api, Gates};
use super::app::{App, WechatApp, WechatAppKind};
use super::endpoints::{WechatClientError, WechatEndpoints, checked_base};
use super::failure::Failure;
use super::gate::Gate;
use super::shared::SharedTokens;
use super::token::{Token, TokenSource};
use super::transport::{Request, Transport};

/// Talks to WeChat for any number of official accounts, website applications and mini programs.
///
/// An app that is of another kind than a call is for is as unknown as one that is not configured. Cheap to
/// share behind an `Arc`; its calls need a Tokio runtime with timers and I/O.
pub struct WechatClient {
    apps: BTreeMap<AppName, App>,
    transport: Transport,
    pub(super) open_base: String,
    pub(super) mp_base: String,
    timeout: Duration,
    clock: Arc<dyn Clock>,
}

/// A call, without the credentials that go with it.
pub(super) struct Call<'c> {
    pub(super) api: Api,
    pub(super) gate: &'c Gate,
    pub(super) path: &'static str,
    pub(super) query: &'c [(&'static str, &'c str)],
    pub(super) body: Option<&'c Value>,
}

impl WechatClient {
    /// Makes a client; nothing is sent yet.
    ///
    /// What every call keeps to:
    /// * no proxy and no redirects, 1 s to connect, `endpoints.timeout` in all, answers up to 256 KiB;
    /// * an access token is fetched once for all callers and again before it expires; when WeChat refuses it
    ///   (40001, 40014, 42001) the call is repeated exactly once with one that is asked for anew;
    /// * "system busy" and broken connections are tried once more after a random pause of 50–305 ms, but never
    ///   with a code, which WeChat takes only once, nor where a session key is reset;
    /// * after 45009, 45011 and whatever else more calls would make worse, WeChat is not asked for the same
    ///   thing for the same app until the next minute; but 45011 about a mini program's person stops nobody
    ///   else;
    /// * no error has a secret or a URL in it.
    ///
    /// HTTPS is checked against the certificates of the system, with ring for the cryptography.
    ///
    /// # Errors
    /// [`WechatClientError`] for an address that is none, two apps of one name, and a system without
    /// certificates where `api_base` is `https`.
    pub fn new(
        endpoints: &WechatEndpoints,
        apps: Vec<WechatApp>,
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
        apps: Vec<WechatApp>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        shared: Option<&SharedTokens>,
    ) -> Result<Self, WechatClientError> {
        let open_base = checked_base("open_base", &endpoints.open_base)?;
        let mp_base = checked_base("mp_base", &endpoints.mp_base)?;
        let api_base = checked_base("api_base", &endpoints.api_base)?;
        let transport = Transport::new(api_base.clone(), random)?;
        let timeout = endpoints.timeout;
        let mut by_name = BTreeMap::new();
        for identity in apps {
            let name = identity.name.clone();
            let shared = shared.map(|shared| shared.of_app(&api_base, &identity.app_id));
            let tokens =
                TokenSource::new(identity.clone(), transport.clone(), Arc::clone(&clock), timeout, shared);
            let app = App { identity, tokens: Arc::new(tokens), gates: Gates::default() };
            if by_name.insert(name.clone(), app).is_some() {
                return Err(WechatClientError::DuplicateApp(name));
            }
        }
        Ok(Self { apps: by_name, transport, open_base, mp_base, timeout, clock })
    }

    /// Fetches an access token to see whether the app id, the secret and the network are right.
    ///
    /// Website applications have no access tokens; whether their secret is right shows at the first login.
    ///
    /// # Errors
    /// [`WechatError`], whose text says what the operator has to do; [`WechatError::UnknownApp`] for a
    /// website application.
    pub async fn probe(&self, app: &AppName) -> Result<(), WechatError> {
        let app = self.app(app)?;
        match app.identity.kind {
            WechatAppKind::Website => return Err(WechatError::UnknownApp),
            WechatAppKind::OfficialAccount { .. } | WechatAppKind::MiniProgram => {}
        }
        self.in_time(app, async {
            app.tokens.fetch().await.map_err(|failure| self.report(app, Api::Token, failure))
        })
        .await
        .map(|_token| ())
    }

    pub(super) fn app(&self, name: &AppName) -> Result<&App, WechatError> {
        self.apps.get(name).ok_or(WechatError::UnknownApp)
    }

    /// Returns when a call that starts now has to be over.
    pub(super) fn deadline(&self) -> Instant {
        Instant::now() + self.timeout
    }

    /// Bounds a call with everything that it repeats.
    pub(super) async fn in_time<T>(
        &self,
        app: &App,
        call: impl Future<Output = Result<T, WechatError>>,
    ) -> Result<T, WechatError> {
        self.until(app, self.deadline(), call).await
    }

    pub(super) async fn until<T>(
        &self,
        app: &App,
        deadline: Instant,
        call: impl Future<Output = Result<T, WechatError>>,
    ) -> Result<T, WechatError> {
        let within = deadline.saturating_duration_since(Instant::now());
        tokio::time::timeout_at(deadline, call).await.unwrap_or_else(|_elapsed| {
            let reason = format!("no answer within {:.1} s", within.as_secs_f64());
            tracing::warn!(app = %app.identity.name, %reason, "a call to WeChat failed");
            Err(WechatError::Unavailable { reason, retry_after: Duration::from_secs(1) })
        })
    }

    /// Makes a call with the app's token; once more with one asked for anew when WeChat refuses it.
    ///
    /// That holds for codes as well: with a token that it refuses, WeChat does not look at the code.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        app: &App,
        call: &Call<'_>,
    ) -> Result<T, WechatError> {
        let token = self.token(app).await?;
        match self.send(call, &[("access_token", token.expose())]).await {
            Err(failure) if failure.is_dead_token() => app.tokens.forget(&token).await,
            done => return done.map_err(|failure| self.report(app, call.api, failure)),
        }
        // Even if WeChat hands out the very same token again: its nodes do not learn of a token all at once.
        let token = self.token(app).await?;
        let again = self.send(call, &[("access_token", token.expose())]).await;
        again.map_err(|failure| self.report(app, call.api, failure))
    }

    /// Makes a call with the app's id and secret in place of a token.
    pub(super) async fn call_with_secret<T: DeserializeOwned>(
        &self,
        app: &App,
        call: &Call<'_>,
    ) -> Result<T, WechatError> {
        let WechatApp { app_id, secret, .. } = &app.identity;
        let sent = self.send(call, &[("appid", app_id), ("secret", secret.expose_secret())]).await;
        sent.map_err(|failure| self.report(app, call.api, failure))
    }

    async fn token(&self, app: &App) -> Result<Token, WechatError> {
        app.tokens.get().await.map_err(|failure| self.report(app, Api::Token, failure))
    }

    /// Sends a call with its credentials, as often as its API allows.
    pub(super) async fn send<T: DeserializeOwned>(
        &self,
        call: &Call<'_>,
        credentials: &[(&'static str, &str)],
    ) -> Result<T, Failure> {
        let query = [credentials, call.query].concat();
        let request = Request { path: call.path, query: &query, body: call.body };
        let answer = async {
            if call.api.is_repeatable() {
                self.transport.call(&request).await
            } else {
                self.transport.call_once(&request).await
            }
        };
        call.gate.run(self.clock.as_ref(), answer).await
    }

    pub(super) fn report(&self, app: &App, api: Api, failure: Failure) -> WechatError {
        let error = failure.report(api, self.clock.now());
        let app = &app.identity.name;
        match &error {
            // What somebody made up or sent twice is no reason to wake the operator.
            WechatError::NotFound { .. } => tracing::info!(%app, ?api, %error, "WeChat does not know it"),
            WechatError::Unavailable { .. } | WechatError::Refused { .. } | WechatError::UnknownApp => {
                tracing::warn!(%app, ?api, %error, "a call to WeChat failed");
            }
        }
        error
    }
}
