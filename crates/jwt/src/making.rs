//! Makes keys where none is configured.

use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use saoma_domain::{ports::KeyMakingFailed, signing::SigningAlgorithm, system::Random};
use zeroize::Zeroizing;

use crate::key::random;

/// Whether this build makes RSA keys.
pub const MAKES_RSA: bool = cfg!(feature = "rsa");

/// Makes a key, in the form that [`SigningKey::from_made`](crate::SigningKey::from_made) reads. An RSA key takes about half a
/// second.
pub(crate) fn make(
    algorithm: SigningAlgorithm,
    drawn: &dyn Random,
) -> Result<Zeroizing<Vec<u8>>, KeyMakingFailed> {
    match algorithm {
        SigningAlgorithm::Es256 => {
            let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random());
            let made = made.map_err(|_| KeyMakingFailed("the system gave no randomness".to_owned()))?;
            Ok(Zeroizing::new(made.as_ref().to_vec()))
        }
        SigningAlgorithm::Rs256 => rsa(drawn),
    }
}

#[cfg(feature = "rsa")]
fn rsa(drawn: &dyn Random) -> Result<Zeroizing<Vec<u8>>, KeyMakingFailed> {
    crate::rsa::make(drawn)
}

#[cfg(not(feature = "rsa"))]
fn rsa(_: &dyn Random) -> Result<Zeroizing<Vec<u8>>, KeyMakingFailed> {
    Err(KeyMakingFailed("this build makes no RSA keys: configure one in signing.keys".to_owned()))
}
