//! The access tokens of one app.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use saoma_domain::ports::Clock;
use saoma_domain::time::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::api::Api;
use super::app::WechatApp;
use super::failure::Failure;
use super::gate::Gate;
use super::transport::{Request, Transport};
use crate::json::number;

/// WeChat accepts the old and the new token together for this long around a change.
const REFRESH_EARLY: Duration = Duration::from_secs(300);
/// How long an early refresh that failed is not tried again.
const REFRESH_PAUSE: Duration = Duration::from_secs(10);

/// An access token and its times, as this process counts them.
#[derive(Clone, Debug)]
pub(super) struct Token {
    value: SecretString,
    refresh_at: Timestamp,
    expires_at: Timestamp,
}

impl Token {
    pub(super) fn expose(&self) -> &str {
        self.value.expose_secret()
    }

    pub(super) fn is_the_same(&self, other: &Token) -> bool {
        self.expose() == other.expose()
    }
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    #[serde(deserialize_with = "number")]
    expires_in: i64,
}

/// Fetches the tokens of one app and keeps the newest.
///
/// `stable_token` in normal mode gives every asker the same token, so nodes need no agreement; within the
/// process one fetch at a time is enough. Forced refresh is never used: it has 20 calls a day and kills the
/// token of everybody else.
pub(super) struct TokenSource {
    app: WechatApp,
    transport: Transport,
    clock: Arc<dyn Clock>,
    timeout: Duration,
    gate: Gate,
    cached: Mutex<Option<Token>>,
    /// When the last early refresh failed, the time before which there is no other.
    no_refresh_before: Mutex<Timestamp>,
    /// Held while a token is fetched.
    flight: Arc<tokio::sync::Mutex<()>>,
}

impl TokenSource {
    pub(super) fn new(
        app: WechatApp,
        transport: Transport,
        clock: Arc<dyn Clock>,
        timeout: Duration,
    ) -> Self {
        Self {
            app,
            transport,
            clock,
            timeout,
            gate: Gate::default(),
            cached: Mutex::default(),
            no_refresh_before: Mutex::default(),
            flight: Arc::default(),
        }
    }

    /// Returns a token that is valid by its age. One that expires soon is handed out while another is
    /// fetched beside.
    pub(super) async fn get(self: &Arc<Self>) -> Result<Token, Failure> {
        if let Some(token) = self.valid() {
            if self.is_due(&token) {
                self.refresh_beside();
            }
            return Ok(token);
        }
        let _flight = self.flight.lock().await;
        match self.valid() {
            Some(token) => Ok(token),
            None => self.fetch().await,
        }
    }

    /// Drops a token that WeChat refused, unless a newer one has taken its place.
    pub(super) fn forget(&self, refused: &Token) {
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        if cached.as_ref().is_some_and(|token| token.is_the_same(refused)) {
            *cached = None;
        }
    }

    /// Asks WeChat for a token, whatever is cached.
    pub(super) async fn fetch(&self) -> Result<Token, Failure> {
        // Counted from before the request, so that a slow answer makes the token older and not younger.
        let asked_at = self.clock.now();
        let body = json!({
            "grant_type": "client_credential",
            "appid": self.app.app_id,
            "secret": self.app.secret.expose_secret(),
            "force_refresh": false,
        });
        let request = Request { path: "/cgi-bin/stable_token", query: &[], body: Some(&body) };
        let answer = self.gate.run(self.clock.as_ref(), self.transport.call::<TokenAnswer>(&request)).await?;
        let lifetime = Duration::from_secs(u64::try_from(answer.expires_in).unwrap_or(0));
        if answer.access_token.is_empty() || lifetime.is_zero() {
            return Err(Failure::Nonsense("the access token is empty or over".to_owned()));
        }
        let expires_at = asked_at.plus(lifetime);
        let token = Token {
            value: answer.access_token.into(),
            refresh_at: expires_at.minus(REFRESH_EARLY.min(lifetime / 2)),
            expires_at,
        };
        *self.cached.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
        Ok(token)
    }

    fn valid(&self) -> Option<Token> {
        let cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        cached.clone().filter(|token| self.clock.now() < token.expires_at)
    }

    fn is_due(&self, token: &Token) -> bool {
        let now = self.clock.now();
        now >= token.refresh_at
            && now >= *self.no_refresh_before.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a fetch in a task of its own, unless one is under way.
    fn refresh_beside(self: &Arc<Self>) {
        let Ok(flight) = Arc::clone(&self.flight).try_lock_owned() else { return };
        // Between the look at the token and the lock another flight may have landed.
        if !self.valid().is_some_and(|token| self.is_due(&token)) {
            return;
        }
        let source = Arc::clone(self);
        tokio::spawn(async move {
            let _flight = flight;
            let fetched = tokio::time::timeout(source.timeout, source.fetch()).await;
            let now = source.clock.now();
            *source.no_refresh_before.lock().unwrap_or_else(PoisonError::into_inner) =
                now.plus(REFRESH_PAUSE);
            if let Ok(Err(failure)) = fetched {
                let error = failure.report(Api::Token, now);
                tracing::warn!(app = %source.app.name, %error, "the access token could not be refreshed early");
            }
        });
    }
}
