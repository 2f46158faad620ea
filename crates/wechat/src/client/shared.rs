//! The access tokens that nodes share.

use std::sync::Arc;
use std::time::Duration;

use saoma_domain::keys::{KeyRing, Purpose};
use saoma_domain::ports::{AccessTokens, Clock, Random, StoreError};

use super::token::Token;

/// For how long the others leave it to one node to ask WeChat.
const TURN: Duration = Duration::from_secs(3);

/// A store of access tokens that nodes share, and the keys by which they seal what they put there.
#[derive(Clone)]
pub struct SharedTokens {
    store: Arc<dyn AccessTokens>,
    keys: KeyRing,
    random: Arc<dyn Random>,
    clock: Arc<dyn Clock>,
}

/// What a node should do that wants a token.
pub(super) enum Turn {
    /// Take this one, which another node got.
    Take(Token),
    /// Ask WeChat, and put the token up for the others.
    Ask,
    /// Leave it to the node that is about to ask.
    Wait,
    /// Ask WeChat for itself, since there is nothing to share by.
    Alone,
}

impl SharedTokens {
    /// Seals what is put into a store with the current one of the keys; what any of them sealed is used.
    pub fn new(
        store: Arc<dyn AccessTokens>,
        keys: KeyRing,
        random: Arc<dyn Random>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, keys, random, clock }
    }

    /// Returns what is shared about one app of the WeChat that is at an address.
    pub(super) fn of_app(&self, api_base: &str, app_id: &str) -> SharedToken {
        let about = format!("{api_base} {app_id}").into_bytes();
        SharedToken { tokens: self.clone(), app_id: app_id.to_owned(), about }
    }
}

/// The shared token of one app.
pub(super) struct SharedToken {
    tokens: SharedTokens,
    app_id: String,
    /// What a sealed token is about: it is of no use for another app, or at another WeChat.
    about: Vec<u8>,
}

impl SharedToken {
    /// Looks for a token that will do, and if there is none whose turn it is to get one.
    pub(super) async fn turn(&self, will_do: impl Fn(&Token) -> bool + Send) -> Turn {
        match self.read().await {
            Ok(Some((token, _))) if will_do(&token) => return Turn::Take(token),
            Ok(_) => {}
            Err(_) => return Turn::Alone,
        }
        let until = self.tokens.clock.now().plus(TURN);
        match self.tokens.store.may_refresh(&self.app_id, until).await {
            Ok(true) => Turn::Ask,
            Ok(false) => Turn::Wait,
            Err(_) => Turn::Alone,
        }
    }

    /// Puts a token up for the others; they ask WeChat themselves when that fails.
    pub(super) async fn put(&self, token: &Token) {
        let SharedTokens { store, keys, random, .. } = &self.tokens;
        let plain = token.to_bytes();
        let sealed = keys.current().seal(Purpose::AccessToken, random.as_ref(), &self.about, &plain);
        let Ok(sealed) = sealed.inspect_err(|error| tracing::warn!(%error, "an access token is not shared"))
        else {
            return;
        };
        if let Err(error) = store.put(&self.app_id, &sealed, token.expires_at()).await {
            tracing::debug!(%error, "an access token is not shared");
        }
    }

    /// Takes back a token that WeChat refused, unless another one is there.
    pub(super) async fn forget(&self, refused: &Token) {
        let forgotten = match self.read().await {
            Ok(Some((token, sealed))) if token.is_the_same(refused) => {
                self.tokens.store.forget(&self.app_id, &sealed).await
            }
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = forgotten {
            tracing::debug!(%error, "other nodes are not told that an access token is dead");
        }
    }

    /// Returns the token with its sealed form; `None` also when it was sealed by a stranger.
    async fn read(&self) -> Result<Option<(Token, Vec<u8>)>, StoreError> {
        let Some(sealed) = self.tokens.store.read(&self.app_id).await? else { return Ok(None) };
        let plain = self.tokens.keys.open(Purpose::AccessToken, &self.about, &sealed);
        Ok(plain.and_then(|plain| Token::from_bytes(&plain)).map(|token| (token, sealed)))
    }
}
