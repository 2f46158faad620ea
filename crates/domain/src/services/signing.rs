//! Signing tokens: the keys of the configuration, or keys that the nodes make and share.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::{
    keys::{KeyRing, Purpose, SealingFailed},
    ports::{
        Clock, KeyMakingFailed, MadeKey, Random, SigningFailed, SigningKeys, StoreError, StoredSigningKey,
        TokenSigner, VerifiedToken,
    },
    rules::{KEYS_PUBLISHED_LONGER, NextKey},
    signing::{SigningAlgorithm, TokenKind},
};

/// Why no token was signed, or no key made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// The keys that the nodes share cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No key could be made.
    #[error(transparent)]
    Making(#[from] KeyMakingFailed),
    /// A key could not be sealed.
    #[error(transparent)]
    Sealing(#[from] SealingFailed),
    /// No key signs with this algorithm.
    #[error(transparent)]
    Signing(#[from] SigningFailed),
}

/// Signs tokens and verifies them.
///
/// Where the configuration has no key for an algorithm that is used, the nodes make one: the one that wrote it first has made it
/// for all. It is kept sealed with the server's key. The next one is published two days before it signs, and the last one for as
/// long as anything it signed may be shown.
pub struct SigningService {
    store: Arc<dyn SigningKeys>,
    signer: Arc<dyn TokenSigner>,
    keys: KeyRing,
    random: Arc<dyn Random>,
    clock: Arc<dyn Clock>,
    algorithms: Vec<SigningAlgorithm>,
    lives: KeyLives,
    is_loaded: AtomicBool,
}

/// How long a key lives that the nodes make.
#[derive(Clone, Copy, Debug)]
pub struct KeyLives {
    /// How long it signs.
    pub signs_for: Duration,
    /// How long a client may show a token that it signed: an ID token is shown at a logout, long after it expired.
    pub tokens_shown_for: Duration,
}

impl SigningService {
    /// Takes what it works with: `algorithms` are those that tokens are signed with, and `lives` says how long a key is used that
    /// is made here.
    pub fn new(
        store: Arc<dyn SigningKeys>,
        signer: Arc<dyn TokenSigner>,
        keys: KeyRing,
        (random, clock): (Arc<dyn Random>, Arc<dyn Clock>),
        algorithms: Vec<SigningAlgorithm>,
        lives: KeyLives,
    ) -> Self {
        let is_loaded = AtomicBool::new(false);
        Self { store, signer, keys, random, clock, algorithms, lives, is_loaded }
    }

    /// Returns the algorithms that tokens are signed with.
    pub fn algorithms(&self) -> &[SigningAlgorithm] {
        &self.algorithms
    }

    /// Signs claims, which are JSON.
    ///
    /// # Errors
    /// [`SigningError`] where no key signs with this algorithm.
    pub async fn sign(
        &self,
        algorithm: SigningAlgorithm,
        kind: TokenKind,
        claims: &str,
    ) -> Result<String, SigningError> {
        self.load().await?;
        Ok(self.signer.sign(algorithm, kind, claims, self.clock.now())?)
    }

    /// Verifies the signature of a token. What its claims say is for the caller to judge.
    ///
    /// # Errors
    /// [`SigningError`] where the keys cannot be read.
    pub async fn verify(&self, token: &str) -> Result<Option<VerifiedToken>, SigningError> {
        self.load().await?;
        Ok(self.signer.verify(token, self.clock.now()))
    }

    /// Returns the public keys, as a JWK set in JSON.
    ///
    /// # Errors
    /// [`SigningError`] where the keys cannot be read.
    pub async fn public_keys(&self) -> Result<String, SigningError> {
        self.load().await?;
        Ok(self.signer.public_keys(self.clock.now()))
    }

    /// Reads the keys, unless they were read before.
    async fn load(&self) -> Result<(), SigningError> {
        if self.is_loaded.load(Ordering::Acquire) {
            return Ok(());
        }
        self.refresh().await
    }

    /// Reads the keys that the nodes share, and makes those that are due. To be called now and then, once an hour at least.
    ///
    /// # Errors
    /// [`SigningError`]; what is known goes on to sign.
    pub async fn refresh(&self) -> Result<(), SigningError> {
        if !self.algorithms.is_empty() {
            let now = self.clock.now();
            let mut stored = self.store.signing_keys().await?;
            for algorithm in &self.algorithms {
                let is_usable = |key: &StoredSigningKey| self.open(key).is_some();
                let due = NextKey::due(&stored, *algorithm, is_usable, self.lives.signs_for, now);
                if let Some(next) = due.filter(|_| !self.signer.is_configured(*algorithm, now)) {
                    let key = self.make(*algorithm, next).await?;
                    stored = self.store.add_signing_key(key, now).await?;
                }
            }
            let made: Vec<MadeKey> = stored.iter().filter_map(|key| self.open(key)).collect();
            self.signer.replace_made(&made);
        }
        self.is_loaded.store(true, Ordering::Release);
        Ok(())
    }

    async fn make(
        &self,
        algorithm: SigningAlgorithm,
        next: NextKey,
    ) -> Result<StoredSigningKey, SigningError> {
        let secret = self.signer.make(algorithm).await?;
        let NextKey { generation, signs_from, signs_until } = next;
        let about = about(algorithm, generation);
        let sealed = self.keys.current().seal(Purpose::SigningKey, &*self.random, &about, &secret)?;
        let published_until = signs_until.plus(KEYS_PUBLISHED_LONGER.max(self.lives.tokens_shown_for));
        Ok(StoredSigningKey { algorithm, generation, sealed, signs_from, signs_until, published_until })
    }

    fn open(&self, key: &StoredSigningKey) -> Option<MadeKey> {
        let about = about(key.algorithm, key.generation);
        Some(MadeKey {
            algorithm: key.algorithm,
            secret: self.keys.open(Purpose::SigningKey, &about, &key.sealed)?,
            signs_from: key.signs_from,
            published_until: key.published_until,
        })
    }
}

/// What a key is sealed about, so that none can be put in the place of another.
fn about(algorithm: SigningAlgorithm, generation: u32) -> Vec<u8> {
    format!("{}:{generation}", algorithm.name()).into_bytes()
}
