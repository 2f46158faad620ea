//! What signs tokens.

use async_trait::async_trait;
use zeroize::Zeroizing;

use crate::{
    signing::{SigningAlgorithm, TokenKind},
    time::Timestamp,
};

/// There is no key for it at the moment, or it did not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no key signs this at the moment")]
pub struct SigningFailed;

/// A key could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key could not be made: {0}")]
pub struct KeyMakingFailed(pub String);

/// A token whose signature is of a key that is published at the moment. What its claims say is for the caller to judge: until
/// when it is valid, for whom it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedToken {
    /// What it is for.
    pub kind: TokenKind,
    /// Its claims, as JSON.
    pub claims: String,
}

/// A key that a node made.
#[derive(Clone, Debug)]
pub struct MadeKey {
    /// What it signs with.
    pub algorithm: SigningAlgorithm,
    /// The private key, in the form that [`TokenSigner::make`] gave it.
    pub secret: Zeroizing<Vec<u8>>,
    /// From when on it signs.
    pub signs_from: Timestamp,
    /// Until when it is published.
    pub published_until: Timestamp,
}

/// Signs tokens, and verifies them, with the keys of the configuration and with those that nodes made.
///
/// Of several keys for one algorithm the one MUST sign whose time began last; a key of the configuration goes before one that was
/// made. A token's key MUST be found by the name in its header alone, and MUST verify with its own algorithm, whatever the header
/// says.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait TokenSigner: Send + Sync {
    /// Signs claims, which are JSON.
    ///
    /// # Errors
    /// [`SigningFailed`] where no key signs with this algorithm at the moment.
    fn sign(
        &self,
        algorithm: SigningAlgorithm,
        kind: TokenKind,
        claims: &str,
        now: Timestamp,
    ) -> Result<String, SigningFailed>;

    /// Verifies the signature of a token.
    fn verify(&self, token: &str, now: Timestamp) -> Option<VerifiedToken>;

    /// Returns the public keys that are published at the moment, as a JWK set (RFC 7517) in JSON.
    fn public_keys(&self, now: Timestamp) -> String;

    /// Returns whether a key of the configuration signs with this algorithm at the moment.
    fn is_configured(&self, algorithm: SigningAlgorithm, now: Timestamp) -> bool;

    /// Makes a key. It may take a second.
    ///
    /// # Errors
    /// [`KeyMakingFailed`] where it cannot.
    async fn make(&self, algorithm: SigningAlgorithm) -> Result<Zeroizing<Vec<u8>>, KeyMakingFailed>;

    /// Takes the keys that nodes made in place of those of before; one that cannot be read is left out.
    fn replace_made(&self, keys: &[MadeKey]);
}
