//! The keys in use: those of the configuration, and those that the nodes made.

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use saoma_domain::{
    ports::{KeyMakingFailed, MadeKey, Random, SigningFailed, TokenSigner, VerifiedToken},
    signing::{SigningAlgorithm, TokenKind},
    time::Timestamp,
};
use serde_json::json;
use zeroize::Zeroizing;

use crate::{SigningKey, making, token};

/// A key of the configuration.
#[derive(Clone, Debug)]
pub struct ConfiguredKey {
    /// The key.
    pub key: SigningKey,
    /// From when on it signs; it is published before.
    pub signs_from: Timestamp,
}

/// A key in use.
struct UsedKey {
    key: SigningKey,
    signs_from: Timestamp,
    /// Until when it is published; those of the configuration are for as long as they stand there.
    published_until: Option<Timestamp>,
}

/// Signs tokens with ring.
pub struct JwtSigner {
    random: Arc<dyn Random>,
    /// Those of the configuration first; they sign before those that were made.
    configured: Vec<UsedKey>,
    made: RwLock<Arc<Vec<UsedKey>>>,
}

impl JwtSigner {
    /// Takes the keys of the configuration; where two of one kind sign from the same moment on, it is the first that does.
    pub fn new(configured: Vec<ConfiguredKey>, random: Arc<dyn Random>) -> Self {
        let used = |ConfiguredKey { key, signs_from }| UsedKey { key, signs_from, published_until: None };
        Self { random, configured: configured.into_iter().map(used).collect(), made: RwLock::default() }
    }

    fn made(&self) -> Arc<Vec<UsedKey>> {
        Arc::clone(&self.made.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Returns the key that signs at a moment: the one whose time began last.
fn signing(keys: &[UsedKey], algorithm: SigningAlgorithm, now: Timestamp) -> Option<&SigningKey> {
    let may = |used: &&UsedKey| {
        used.key.algorithm() == algorithm
            && used.signs_from <= now
            && used.published_until.is_none_or(|until| now < until)
    };
    // Of several that are equal the last one is taken, and the first one is meant.
    keys.iter().rev().filter(may).max_by_key(|used| used.signs_from).map(|used| &used.key)
}

/// Returns the keys that are published at a moment.
fn published(keys: &[UsedKey], now: Timestamp) -> impl Iterator<Item = &SigningKey> {
    keys.iter().filter(move |used| used.published_until.is_none_or(|until| now < until)).map(|used| &used.key)
}

#[async_trait]
impl TokenSigner for JwtSigner {
    fn sign(
        &self,
        algorithm: SigningAlgorithm,
        kind: TokenKind,
        claims: &str,
        now: Timestamp,
    ) -> Result<String, SigningFailed> {
        if let Some(key) = signing(&self.configured, algorithm, now) {
            return token::sign(key, kind, claims);
        }
        token::sign(signing(&self.made(), algorithm, now).ok_or(SigningFailed)?, kind, claims)
    }

    fn verify(&self, token: &str, now: Timestamp) -> Option<VerifiedToken> {
        let made = self.made();
        token::verify(token, |kid| {
            published(&self.configured, now).chain(published(&made, now)).find(|key| key.kid() == kid)
        })
    }

    fn public_keys(&self, now: Timestamp) -> String {
        let made = self.made();
        let keys = published(&self.configured, now).chain(published(&made, now));
        json!({ "keys": keys.map(SigningKey::jwk).collect::<Vec<_>>() }).to_string()
    }

    fn is_configured(&self, algorithm: SigningAlgorithm, now: Timestamp) -> bool {
        signing(&self.configured, algorithm, now).is_some()
    }

    async fn make(&self, algorithm: SigningAlgorithm) -> Result<Zeroizing<Vec<u8>>, KeyMakingFailed> {
        let random = Arc::clone(&self.random);
        let making = tokio::task::spawn_blocking(move || making::make(algorithm, &*random));
        making.await.map_err(|error| KeyMakingFailed(error.to_string()))?
    }

    fn replace_made(&self, keys: &[MadeKey]) {
        let used = |made: &MadeKey| {
            let key = SigningKey::from_made(made.algorithm, &made.secret).ok()?;
            let published_until = Some(made.published_until);
            Some(UsedKey { key, signs_from: made.signs_from, published_until })
        };
        let keys = Arc::new(keys.iter().filter_map(used).collect());
        *self.made.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }
}
