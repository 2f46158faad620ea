//! Where an app's access tokens come from: this process, another node, or WeChat.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use saoma_domain::time::Timestamp;
use secrecy::ExposeSecret as _;
use serde_json::json;
use tracing::Instrument as _;

use super::access_token::AccessToken;
use super::app_caller::AppCaller;
use super::calls;
use super::failure::CallFailure;
use super::shared_tokens::{SharedAnswer, SharedToken};

/// For how long an early refresh that failed, or was left to another node, is not tried again.
const REFRESH_PAUSE: Duration = Duration::from_secs(10);
/// How long a node without a token waits at most for the one that another node is about to store, and how
/// often it looks.
const PATIENCE: Duration = Duration::from_secs(1);
const GLANCE: Duration = Duration::from_millis(100);

/// Fetches the access tokens of one app and caches the newest.
///
/// WeChat gives every caller of `stable_token` the same token, so nodes need not agree on one; within the
/// process one fetch at a time is enough. Nodes that share their tokens save fetches, and a node that cannot
/// share asks WeChat.
pub(super) struct TokenSource {
    caller: Arc<AppCaller>,
    shared: Option<SharedToken>,
    cached: Mutex<Option<AccessToken>>,
    /// The token that WeChat refused last. It is not taken from other nodes, only from WeChat itself.
    refused: Mutex<Option<AccessToken>>,
    /// After an early refresh: when the next one may start.
    no_refresh_before: Mutex<Timestamp>,
    /// Held while a token is fetched.
    fetching: Arc<tokio::sync::Mutex<()>>,
}

impl TokenSource {
    pub(super) fn new(caller: Arc<AppCaller>, shared: Option<SharedToken>) -> Self {
        Self {
            caller,
            shared,
            cached: Mutex::default(),
            refused: Mutex::default(),
            no_refresh_before: Mutex::default(),
            fetching: Arc::default(),
        }
    }

    /// Returns a token that is not expired. Where it expires soon, fetches another one in the background.
    pub(super) async fn get(self: &Arc<Self>) -> Result<AccessToken, CallFailure> {
        if let Some(token) = self.valid() {
            if self.is_due(&token) {
                self.refresh_in_background();
            }
            return Ok(token);
        }
        let _fetching = self.fetching.lock().await;
        match self.valid() {
            Some(token) => Ok(token),
            None => self.obtain().await,
        }
    }

    /// Drops a token that WeChat refused, here and for the other nodes, unless a newer one has replaced it.
    pub(super) async fn forget(&self, refused: &AccessToken) {
        *lock(&self.refused) = Some(refused.clone());
        let dropped = lock(&self.cached).take_if(|token| token.is_the_same(refused));
        if let (Some(_), Some(shared)) = (dropped, &self.shared) {
            shared.forget(refused).await;
        }
    }

    /// Takes another node's token, waiting a moment for one that it is about to store, or else asks WeChat.
    async fn obtain(&self) -> Result<AccessToken, CallFailure> {
        let Some(shared) = &self.shared else { return self.fetch().await };
        let will_do = |token: &AccessToken| self.caller.now() < token.expires_at && !self.was_refused(token);
        let looking = async {
            loop {
                match shared.read_or_acquire(will_do).await {
                    SharedAnswer::LeaseTaken => tokio::time::sleep(GLANCE).await,
                    answer @ (SharedAnswer::Token(_)
                    | SharedAnswer::LeaseAcquired
                    | SharedAnswer::StoreUnavailable) => return answer,
                }
            }
        };
        let patience = PATIENCE.min(self.caller.transport.timeout / 4);
        match tokio::time::timeout(patience, looking).await.unwrap_or(SharedAnswer::LeaseTaken) {
            SharedAnswer::Token(token) => Ok(self.keep(token)),
            SharedAnswer::LeaseAcquired | SharedAnswer::LeaseTaken => self.fetch_for_all(shared).await,
            SharedAnswer::StoreUnavailable => self.fetch().await,
        }
    }

    /// Replaces a token that is still good, unless another node is about to.
    async fn renew(&self) -> Result<(), CallFailure> {
        let Some(shared) = &self.shared else { return self.fetch().await.map(drop) };
        let will_do = |token: &AccessToken| self.caller.now() < token.refresh_at && !self.was_refused(token);
        match shared.read_or_acquire(will_do).await {
            SharedAnswer::Token(token) => drop(self.keep(token)),
            SharedAnswer::LeaseAcquired => drop(self.fetch_for_all(shared).await?),
            SharedAnswer::LeaseTaken => {}
            SharedAnswer::StoreUnavailable => drop(self.fetch().await?),
        }
        Ok(())
    }

    async fn fetch_for_all(&self, shared: &SharedToken) -> Result<AccessToken, CallFailure> {
        let token = self.fetch().await?;
        shared.put(&token).await;
        Ok(token)
    }

    /// Has WeChat make another token, for all nodes. It kills the one before at once, and WeChat allows 20 a day.
    pub(super) async fn force(&self) -> Result<AccessToken, CallFailure> {
        let _fetching = self.fetching.lock().await;
        let token = self.ask(true).await?;
        if let Some(shared) = &self.shared {
            shared.put(&token).await;
        }
        Ok(token)
    }

    /// Fetches a token from WeChat, also when one is cached.
    pub(super) async fn fetch(&self) -> Result<AccessToken, CallFailure> {
        self.ask(false).await
    }

    async fn ask(&self, force: bool) -> Result<AccessToken, CallFailure> {
        let asked_at = self.caller.now();
        let parameters = json!({
            "grant_type": "client_credential",
            "appid": self.caller.app.app_id,
            "secret": self.caller.app.secret.expose_secret(),
            // A forced refresh kills the token of every other program at once, and WeChat allows 20 a day.
            "force_refresh": force,
        });
        let answer = self.caller.call(&calls::STABLE_TOKEN, &[], &parameters).await?;
        answer.into_token(asked_at).map(|token| self.keep(token))
    }

    fn keep(&self, token: AccessToken) -> AccessToken {
        *lock(&self.cached) = Some(token.clone());
        token
    }

    pub(super) fn valid(&self) -> Option<AccessToken> {
        lock(&self.cached).clone().filter(|token| self.caller.now() < token.expires_at)
    }

    fn was_refused(&self, token: &AccessToken) -> bool {
        lock(&self.refused).as_ref().is_some_and(|refused| refused.is_the_same(token))
    }

    fn is_due(&self, token: &AccessToken) -> bool {
        let now = self.caller.now();
        now >= token.refresh_at && now >= *lock(&self.no_refresh_before)
    }

    /// Starts a refresh in a task of its own, unless a fetch is under way.
    fn refresh_in_background(self: &Arc<Self>) {
        let Ok(fetching) = Arc::clone(&self.fetching).try_lock_owned() else { return };
        // Between the look at the token and the lock another fetch may have ended.
        if !self.valid().is_some_and(|token| self.is_due(&token)) {
            return;
        }
        let source = Arc::clone(self);
        let renewing = async move {
            let _fetching = fetching;
            let renewed = tokio::time::timeout(source.caller.transport.timeout, source.renew()).await;
            *lock(&source.no_refresh_before) = source.caller.now().plus(REFRESH_PAUSE);
            if let Ok(Err(failure)) = renewed {
                source.caller.report(&calls::STABLE_TOKEN.api, failure);
            }
        };
        tokio::spawn(renewing.in_current_span());
    }
}

fn lock<T>(guarded: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each guarded value is replaced as a whole, so it is whole after a panic too.
    guarded.lock().unwrap_or_else(PoisonError::into_inner)
}
