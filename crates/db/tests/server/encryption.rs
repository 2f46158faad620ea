//! TLS to a server with a certificate of our own making.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use saoma_db::{ConnectError, connect};
use tempfile::NamedTempFile;

use super::{Kind, Own};

/// A root, and a certificate for `localhost` that leads to it.
struct Certificates {
    root: String,
    server: String,
    key: String,
}

fn certificates() -> Certificates {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let server = params.signed_by(&key, &root).unwrap();
    Certificates { root: root.pem(), server: server.pem(), key: key.serialize_pem() }
}

/// Starts a server with TLS, and returns it with its root in a file.
async fn start<K: Kind>() -> (K::Own, NamedTempFile) {
    let made = certificates();
    let files = [("name.pem", made.server.as_str()), ("name.key", made.key.as_str())];
    let server = K::start(K::tls_settings(), &files).await;
    (server, trusting(&made.root))
}

fn trusting(root: &str) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), root).unwrap();
    file
}

/// Returns the server's URL with another host, asking for TLS, and with what is in a file as roots.
fn url(server: &impl Own, host: &str, mode: &str, roots: &NamedTempFile) -> String {
    let url = server.url().replace("127.0.0.1", host);
    format!("{url}?sslmode={mode}&sslrootcert={}", roots.path().display())
}

async fn refused(url: &str) {
    let error = connect(url).await.expect_err("no trusted root vouches for the server");
    assert!(matches!(error, ConnectError::NoConnection { .. }), "{error:?}");
    assert!(error.to_string().to_lowercase().contains("certificate"), "{error}");
}

pub(crate) async fn a_certificate_of_a_trusted_root_is_accepted<K: Kind>() {
    let (server, roots) = start::<K>().await;
    for mode in ["require", "verify-full", "prefer"] {
        let url = url(&server, "localhost", mode, &roots);
        let database = connect(&url).await.unwrap_or_else(|error| panic!("{mode}: {error}"));
        database.migrate().await.unwrap();
    }
}

pub(crate) async fn a_certificate_of_an_unknown_root_is_refused<K: Kind>() {
    let (server, _) = start::<K>().await;
    let others = trusting(&certificates().root);
    refused(&url(&server, "localhost", "require", &others)).await;
    refused(&url(&server, "localhost", "prefer", &others)).await;
}

pub(crate) async fn a_certificate_of_another_host_is_refused<K: Kind>() {
    let (server, roots) = start::<K>().await;
    refused(&url(&server, "127.0.0.1", "require", &roots)).await;
}

pub(crate) async fn a_server_without_tls_is_refused_unless_it_is_only_preferred<K: Kind>() {
    let server = K::start(&[], &[]).await;
    let roots = trusting(&certificates().root);
    let refused = connect(&url(&server, "127.0.0.1", "require", &roots)).await;
    assert!(matches!(refused, Err(ConnectError::NoConnection { .. })), "{refused:?}");
    let preferred = connect(&url(&server, "127.0.0.1", "prefer", &roots)).await;
    assert!(preferred.is_ok(), "{preferred:?}");
}
