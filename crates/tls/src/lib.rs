//! TLS of HTTP clients: with ring for the cryptography and the certificates of the system.
//!
//! A library shares its process with others. What is made here uses its own provider of cryptography, and installs none for
//! the process: an application may have chosen another one, or have none.

#![deny(missing_docs)]

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// Why no TLS client can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TlsError(String);

/// Returns the settings of a client. It trusts the certificates of the system, or those that `SSL_CERT_FILE` and
/// `SSL_CERT_DIR` name; a client that makes no https calls needs none of them.
///
/// # Errors
/// [`TlsError`] for https on a system without certificates.
pub fn client_config(is_https: bool) -> Result<ClientConfig, TlsError> {
    let mut roots = RootCertStore::empty();
    if is_https {
        let found = rustls_native_certs::load_native_certs();
        // A machine has odd ones among many; one that cannot be read is no reason to trust none.
        let (added, _) = roots.add_parsable_certificates(found.certs);
        if added == 0 {
            let why = found.errors.first().map_or_else(String::new, |error| format!(": {error}"));
            return Err(TlsError(format!("the system has no CA certificates{why}")));
        }
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder =
        builder.with_safe_default_protocol_versions().map_err(|error| TlsError(error.to_string()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use rustls::crypto::CryptoProvider;

    use super::*;

    #[test]
    fn nothing_is_installed_for_the_process() {
        assert!(client_config(false).is_ok());
        let _ = client_config(true);
        assert!(CryptoProvider::get_default().is_none());
    }
}
