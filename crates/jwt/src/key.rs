//! A key that signs.

use std::sync::Arc;

use ring::{
    rand::SystemRandom,
    rsa,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey, VerificationAlgorithm,
    },
};
use saoma_domain::{ports::SigningFailed, signing::SigningAlgorithm};

use crate::jwk::Jwk;

/// A private key with what is public of it; it cannot be printed.
#[derive(Clone)]
pub struct SigningKey {
    pair: Arc<Pair>,
    jwk: Arc<Jwk>,
}

enum Pair {
    Rs256(rsa::KeyPair),
    Es256(EcdsaKeyPair),
}

/// Why a key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRejected {
    /// It is no PEM with a private key.
    #[error(
        "is no private key in PEM; `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048` makes one for RS256, \
         `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256` one for ES256"
    )]
    NoPem,
    /// It is PEM of another form.
    #[error("is no PKCS#8; `openssl pkcs8 -topk8 -nocrypt` makes it one")]
    NotPkcs8,
    /// It is of another kind, or too short.
    #[error("is neither an RSA key of 2048 to 4096 bits nor a key of the curve P-256")]
    Kind,
}

impl SigningKey {
    /// Reads a key of PKCS#8.
    pub(crate) fn from_pkcs8(algorithm: SigningAlgorithm, der: &[u8]) -> Result<Self, KeyRejected> {
        let pair = match algorithm {
            SigningAlgorithm::Rs256 => rsa::KeyPair::from_pkcs8(der).map(Pair::Rs256),
            SigningAlgorithm::Es256 => Self::ecdsa(der),
        };
        pair.map(Self::of).map_err(|_| KeyRejected::Kind)
    }

    /// Reads a key as this service stores those that it makes: PKCS#1 for RSA, PKCS#8 for P-256.
    ///
    /// # Errors
    /// [`KeyRejected::Kind`] for anything else.
    pub fn from_made(algorithm: SigningAlgorithm, der: &[u8]) -> Result<Self, KeyRejected> {
        let pair = match algorithm {
            SigningAlgorithm::Rs256 => rsa::KeyPair::from_der(der).map(Pair::Rs256),
            SigningAlgorithm::Es256 => Self::ecdsa(der),
        };
        pair.map(Self::of).map_err(|_| KeyRejected::Kind)
    }

    fn ecdsa(der: &[u8]) -> Result<Pair, ring::error::KeyRejected> {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &random()).map(Pair::Es256)
    }

    fn of(pair: Pair) -> Self {
        let jwk = match &pair {
            Pair::Rs256(pair) => {
                let public = rsa::PublicKeyComponents::<Vec<u8>>::from(pair.public());
                Jwk::rsa(&public.n, &public.e)
            }
            Pair::Es256(pair) => Jwk::p256(pair.public_key().as_ref()),
        };
        Self { pair: Arc::new(pair), jwk: Arc::new(jwk) }
    }

    /// Returns what it signs with.
    pub fn algorithm(&self) -> SigningAlgorithm {
        match *self.pair {
            Pair::Rs256(_) => SigningAlgorithm::Rs256,
            Pair::Es256(_) => SigningAlgorithm::Es256,
        }
    }

    /// Returns its name: the thumbprint of the public key (RFC 7638), which is the same on every node for good.
    pub fn kid(&self) -> &str {
        &self.jwk.kid
    }

    /// Returns what is published of it.
    pub(crate) fn jwk(&self) -> &Jwk {
        &self.jwk
    }

    /// Signs a text.
    pub(crate) fn sign(&self, text: &[u8]) -> Result<Vec<u8>, SigningFailed> {
        match &*self.pair {
            Pair::Rs256(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                let signed = pair.sign(&RSA_PKCS1_SHA256, &random(), text, &mut signature);
                signed.map(|()| signature).map_err(|_| SigningFailed)
            }
            Pair::Es256(pair) => pair
                .sign(&random(), text)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| SigningFailed),
        }
    }

    /// Returns whether a signature of a text is of this key.
    pub(crate) fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        let (algorithm, public): (&dyn VerificationAlgorithm, &[u8]) = match &*self.pair {
            Pair::Rs256(pair) => (&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref()),
            Pair::Es256(pair) => (&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref()),
        };
        UnparsedPublicKey::new(algorithm, public).verify(text, signature).is_ok()
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid()).finish_non_exhaustive()
    }
}

/// What ring draws randomness from; it takes no other one.
#[expect(
    clippy::disallowed_methods,
    reason = "ring takes its own generator only, and this one is the system's"
)]
pub(crate) fn random() -> SystemRandom {
    SystemRandom::new()
}
