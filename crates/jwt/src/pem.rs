//! Private keys as operators have them: PEM.

use rustls_pki_types::{PrivateKeyDer, pem::PemObject};
use saoma_domain::signing::SigningAlgorithm;

use crate::key::{KeyRejected, SigningKey};

impl SigningKey {
    /// Reads a key of PKCS#8 in PEM: RSA of 2048 bits or more signs with RS256, P-256 with ES256.
    ///
    /// # Errors
    /// [`KeyRejected`], which says how such a key is made.
    pub fn from_pem(pem: &str) -> Result<Self, KeyRejected> {
        let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| KeyRejected::NoPem)?;
        if let PrivateKeyDer::Pkcs8(key) = &key {
            let of = |algorithm| Self::from_pkcs8(algorithm, key.secret_pkcs8_der());
            return of(SigningAlgorithm::Rs256).or_else(|_| of(SigningAlgorithm::Es256));
        }
        // An EC key of an older form, and what later versions of the library may know, is refused.
        let PrivateKeyDer::Pkcs1(key) = &key else { return Err(KeyRejected::NotPkcs8) };
        Self::from_made(SigningAlgorithm::Rs256, key.secret_pkcs1_der())
    }
}
