//! The access tokens that nodes share.

use std::sync::Arc;
use std::time::Duration;

use saoma_domain::keys::{KeyRing, Purpose};
use saoma_domain::ports::{AccessTokens, Clock, Random, StoreError};

use super::access_token::AccessToken;

/// For how long the other nodes leave it to one of them to ask WeChat.
const LEASE: Duration = Duration::from_secs(3);

/// A store in which nodes share access tokens, and the keys by which they seal them.
#[derive(Clone)]
pub struct SharedTokens {
    store: Arc<dyn AccessTokens>,
    keys: KeyRing,
    random: Arc<dyn Random>,
    clock: Arc<dyn Clock>,
}

/// What the store says to a node that wants a token.
pub(super) enum SharedAnswer {
    /// Another node has stored this token.
    Token(AccessToken),
    /// This node has acquired the lease: it asks WeChat and stores the token.
    LeaseAcquired,
    /// Another node has the lease and is about to store a token.
    LeaseTaken,
    /// The store does not answer, so that there is nothing to share.
    StoreUnavailable,
}

impl SharedTokens {
    /// Seals tokens with the current key of the ring, and opens those that any of its keys sealed.
    pub fn new(
        store: Arc<dyn AccessTokens>,
        keys: KeyRing,
        random: Arc<dyn Random>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, keys, random, clock }
    }

    /// Returns the shared token of one app of the WeChat that is at an address.
    pub(super) fn of_app(&self, api_base: &str, app_id: &str) -> SharedToken {
        let about = format!("{api_base} {app_id}").into_bytes();
        SharedToken { tokens: self.clone(), app_id: app_id.to_owned(), about }
    }
}

/// The shared token of one app.
pub(super) struct SharedToken {
    tokens: SharedTokens,
    app_id: String,
    /// Bound into the seal, so that a sealed token is of no use for another app or at another WeChat.
    about: Vec<u8>,
}

impl SharedToken {
    /// Reads the stored token and returns it where it will do; else tries to acquire the lease.
    pub(super) async fn read_or_acquire(
        &self,
        will_do: impl Fn(&AccessToken) -> bool + Send,
    ) -> SharedAnswer {
        match self.read().await {
            Ok(Some((token, _))) if will_do(&token) => return SharedAnswer::Token(token),
            Ok(_) => {}
            Err(_) => return SharedAnswer::StoreUnavailable,
        }
        let until = self.tokens.clock.now().plus(LEASE);
        match self.tokens.store.try_acquire(&self.app_id, until).await {
            Ok(true) => SharedAnswer::LeaseAcquired,
            Ok(false) => SharedAnswer::LeaseTaken,
            Err(_) => SharedAnswer::StoreUnavailable,
        }
    }

    /// Stores a token for the other nodes; they ask WeChat themselves when that fails.
    pub(super) async fn put(&self, token: &AccessToken) {
        let SharedTokens { store, keys, random, .. } = &self.tokens;
        let plain = token.to_bytes();
        let sealed = keys.current().seal(Purpose::AccessToken, random.as_ref(), &self.about, &plain);
        let Ok(sealed) = sealed.inspect_err(|error| tracing::warn!(%error, "an access token is not shared"))
        else {
            return;
        };
        if let Err(error) = store.put(&self.app_id, &sealed, token.expires_at).await {
            tracing::debug!(%error, "an access token is not shared with the other nodes");
        }
    }

    /// Removes a token that WeChat refused, unless another token has replaced it.
    pub(super) async fn forget(&self, refused: &AccessToken) {
        let forgotten = match self.read().await {
            Ok(Some((token, sealed))) if token.is_the_same(refused) => {
                self.tokens.store.forget(&self.app_id, &sealed).await
            }
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = forgotten {
            tracing::debug!(%error, "a refused access token stays shared with the other nodes");
        }
    }

    /// Returns the token with its sealed form; `None` also when a key that is not in the ring sealed it.
    async fn read(&self) -> Result<Option<(AccessToken, Vec<u8>)>, StoreError> {
        let Some(sealed) = self.tokens.store.read(&self.app_id).await? else { return Ok(None) };
        let plain = self.tokens.keys.open(Purpose::AccessToken, &self.about, &sealed);
        Ok(plain.and_then(|plain| AccessToken::from_bytes(&plain)).map(|token| (token, sealed)))
    }
}
