#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod der;
mod jwk;
mod key;
mod making;
mod pem;
#[cfg(feature = "rsa")]
mod rsa;
mod signer;
mod token;

pub use key::{KeyRejected, SigningKey};
pub use making::MAKES_RSA;
pub use signer::{ConfiguredKey, JwtSigner};
