//! The access tokens of one app.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use saoma_domain::ports::Clock;
use saoma_domain::time::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

use super::api::Api;
use super::app::WechatApp;
use super::failure::Failure;
use super::gate::Gate;
use super::shared::{SharedToken, Turn};
use super::transport::{Request, Transport};
use crate::json::number;

/// WeChat accepts the old and the new token together for this long around a change.
const REFRESH_EARLY: Duration = Duration::from_secs(300);
/// How long an early refresh that failed, or was left to another node, is not tried again.
const REFRESH_PAUSE: Duration = Duration::from_secs(10);
/// How long a node without a token waits at the most for the one that another node is about to get, and how
/// often it looks.
const PATIENCE: Duration = Duration::from_secs(1);
const GLANCE: Duration = Duration::from_millis(100);

/// An access token and its times, as this process counts them.
#[derive(Clone, Debug)]
pub(super) struct Token {
    value: SecretString,
    refresh_at: Timestamp,
    expires_at: Timestamp,
}

impl Token {
    pub(super) fn new(value: SecretString, refresh_at: Timestamp, expires_at: Timestamp) -> Self {
        Self { value, refresh_at, expires_at }
    }

    /// Writes the token down with its times, in front and 8 bytes each.
    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let times = [self.refresh_at, self.expires_at].map(|time| time.as_millis().to_be_bytes());
        Zeroizing::new([times.as_flattened(), self.expose().as_bytes()].concat())
    }

    /// Reads a token with its times; `None` when it is none.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (refresh_at, bytes) = bytes.split_first_chunk()?;
        let (expires_at, value) = bytes.split_first_chunk()?;
        let [refresh_at, expires_at] =
            [refresh_at, expires_at].map(|time| Timestamp::from_millis(i64::from_be_bytes(*time)));
        let value = std::str::from_utf8(value).ok().filter(|value| !value.is_empty())?;
        Some(Self::new(value.into(), refresh_at, expires_at))
    }

    pub(super) fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

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
/// `stable_token` in normal mode gives every client_info the same token, so nodes need no agreement; within the
/// process one fetch at a time is enough. Nodes that share their tokens save fetches, and whoever cannot share
/// asks WeChat. Forced refresh is never used: it has 20 calls a day and kills the token of everybody else.
pub(super) struct TokenSource {
    app: WechatApp,
    transport: Transport,
    clock: Arc<dyn Clock>,
    timeout: Duration,
    gate: Gate,
    cached: Mutex<Option<Token>>,
    /// The token that WeChat refused last; nobody else's word is taken for it.
    refused: Mutex<Option<Token>>,
    shared: Option<SharedToken>,
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
        shared: Option<SharedToken>,
    ) -> Self {
        Self {
            app,
            transport,
            clock,
            timeout,
            gate: Gate::default(),
            cached: Mutex::default(),
            refused: Mutex::default(),
            shared,
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
            None => self.obtain().await,
        }
    }

    /// Drops a token that WeChat refused, here and for the other nodes, unless a newer one has taken its place.
    pub(super) async fn forget(&self, refused: &Token) {
        *lock(&self.refused) = Some(refused.clone());
        let dropped = lock(&self.cached).take_if(|token| token.is_the_same(refused));
        if let (Some(_), Some(shared)) = (dropped, &self.shared) {
            shared.forget(refused).await;
        }
    }

    /// Takes the token of another node, waiting a moment for one that is about to get it, or else asks WeChat.
    async fn obtain(&self) -> Result<Token, Failure> {
        let Some(shared) = &self.shared else { return self.fetch().await };
        let will_do = |token: &Token| self.clock.now() < token.expires_at && !self.was_refused(token);
        let looking = async {
            loop {
                match shared.turn(will_do).await {
                    Turn::Wait => tokio::time::sleep(GLANCE).await,
                    turn @ (Turn::Take(_) | Turn::Ask | Turn::Alone) => return turn,
                }
            }
        };
        let patience = PATIENCE.min(self.timeout / 4);
        match tokio::time::timeout(patience, looking).await.unwrap_or(Turn::Ask) {
            Turn::Take(token) => Ok(self.keep(token)),
            Turn::Ask | Turn::Wait => self.fetch_for_all(shared).await,
            Turn::Alone => self.fetch().await,
        }
    }

    /// Replaces a token that is still good, unless another node is about to.
    async fn renew(&self) -> Result<(), Failure> {
        let Some(shared) = &self.shared else { return self.fetch().await.map(drop) };
        let will_do = |token: &Token| self.clock.now() < token.refresh_at && !self.was_refused(token);
        match shared.turn(will_do).await {
            Turn::Take(token) => drop(self.keep(token)),
            Turn::Ask => drop(self.fetch_for_all(shared).await?),
            Turn::Alone => drop(self.fetch().await?),
            Turn::Wait => {}
        }
        Ok(())
    }

    async fn fetch_for_all(&self, shared: &SharedToken) -> Result<Token, Failure> {
        let token = self.fetch().await?;
        shared.put(&token).await;
        Ok(token)
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
        let refresh_at = expires_at.minus(REFRESH_EARLY.min(lifetime / 2));
        Ok(self.keep(Token::new(answer.access_token.into(), refresh_at, expires_at)))
    }

    fn keep(&self, token: Token) -> Token {
        *lock(&self.cached) = Some(token.clone());
        token
    }

    fn valid(&self) -> Option<Token> {
        lock(&self.cached).clone().filter(|token| self.clock.now() < token.expires_at)
    }

    fn was_refused(&self, token: &Token) -> bool {
        lock(&self.refused).as_ref().is_some_and(|refused| refused.is_the_same(token))
    }

    fn is_due(&self, token: &Token) -> bool {
        let now = self.clock.now();
        now >= token.refresh_at && now >= *lock(&self.no_refresh_before)
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
            let renewed = tokio::time::timeout(source.timeout, source.renew()).await;
            let now = source.clock.now();
            *lock(&source.no_refresh_before) = now.plus(REFRESH_PAUSE);
            if let Ok(Err(failure)) = renewed {
                let error = failure.report(Api::Token, now);
                tracing::warn!(app = %source.app.name, %error, "the access token could not be refreshed early");
            }
        });
    }
}

fn lock<T>(guarded: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is guarded is replaced as a whole, so it is good at any moment.
    guarded.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written() {
        let (refresh_at, expires_at) = (Timestamp::from_millis(-1), Timestamp::from_secs(7200));
        let token = Token::new("57_abc".into(), refresh_at, expires_at);
        let bytes = token.to_bytes();
        let read = Token::from_bytes(&bytes).unwrap();
        assert!(read.is_the_same(&token));
        assert_eq!((read.refresh_at, read.expires_at), (refresh_at, expires_at));
        for other in [&bytes[..15], &bytes[..16], &[bytes.as_slice(), b"\xff"].concat()] {
            assert!(Token::from_bytes(other).is_none(), "{other:?}");
        }
    }
}
