//! Whether a connection is encrypted, and whose certificates are believed.
//!
//! There is no encryption without verification here: a certificate has to lead to a trusted root and to name
//! the host of the URL. The backends differ only in how they are told.

use std::{net::IpAddr, path::Path};

use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

use super::{Address, Place};
use crate::ConnectError;

/// Whether a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// Never.
    Disable,
    /// When the server can; this protects from listeners and not from a man in the middle.
    Prefer,
    /// Always.
    Require,
}

impl Encryption {
    /// What holds when the URL does not say: what leaves the machine is encrypted.
    pub(super) fn default_for(place: &Place) -> Self {
        let is_here = match place {
            Place::Socket(_) => true,
            Place::Tcp(host, _) => {
                host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
            }
        };
        if is_here { Self::Disable } else { Self::Require }
    }

    /// Reads the parameter `sslmode`.
    pub(super) fn parse(mode: &str) -> Result<Self, ConnectError> {
        const WRONG: ConnectError =
            ConnectError::InvalidUrl("`sslmode` is `disable`, `prefer`, `require` or `verify-full`");
        match mode {
            "disable" => Ok(Self::Disable),
            "prefer" => Ok(Self::Prefer),
            "require" | "verify-full" => Ok(Self::Require),
            _ => Err(WRONG),
        }
    }
}

/// Returns the roots to trust: those of the file that the URL names, else those of the system.
pub(crate) fn roots(address: &Address) -> Result<Vec<CertificateDer<'static>>, ConnectError> {
    match (&address.encryption, &address.roots) {
        (Encryption::Disable, _) => Ok(Vec::new()),
        (Encryption::Prefer | Encryption::Require, Some(file)) => of_file(file),
        (Encryption::Prefer | Encryption::Require, None) => {
            let certificates = rustls_native_certs::load_native_certs().certs;
            // A machine has odd ones among many; one that cannot be read is no reason to trust none.
            Ok(certificates.into_iter().filter(is_usable).collect())
        }
    }
}

fn of_file(file: &Path) -> Result<Vec<CertificateDer<'static>>, ConnectError> {
    let unreadable = |reason: String| ConnectError::RootsUnreadable { path: file.to_owned(), reason };
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_file_iter(file).and_then(Iterator::collect);
    let certificates = certificates.map_err(|error| unreadable(error.to_string()))?;
    if certificates.is_empty() || !certificates.iter().all(is_usable) {
        return Err(unreadable("there have to be certificates in it, as PEM".to_owned()));
    }
    Ok(certificates)
}

fn is_usable(certificate: &CertificateDer<'static>) -> bool {
    RootCertStore::empty().add(certificate.clone()).is_ok()
}
