//! A server that is reached by TLS.

use std::{net::TcpListener, path::Path, process::Command};

use saoma_domain::ports::Health;
use saoma_servers::RedisServer;

use crate::support::store_with;

const URL: &str = "SAOMA_TEST_TLS_URL";

/// Writes a certificate for this machine and its key into a directory.
fn certify(dir: &Path, name: &str) {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    std::fs::write(dir.join(format!("{name}.pem")), made.cert.pem()).unwrap();
    std::fs::write(dir.join(format!("{name}.key")), made.signing_key.serialize_pem()).unwrap();
}

/// Returns whether a process that trusts a certificate reaches the server.
fn is_reached(url: &str, trusted: &Path) -> bool {
    let mut process = Command::new(std::env::current_exe().unwrap());
    process.args(["--exact", "tls::the_server_by_tls_answers", "--ignored"]);
    process.env(URL, url).env("SSL_CERT_FILE", trusted).env_remove("SSL_CERT_DIR");
    process.output().unwrap().status.success()
}

#[test]
fn a_server_is_reached_by_tls_if_its_certificate_is_trusted() {
    let dir = tempfile::tempdir().unwrap();
    certify(dir.path(), "server");
    certify(dir.path(), "other");
    let path = |name: &str| dir.path().join(name).display().to_string();
    let reserved = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = reserved.local_addr().unwrap().port().to_string();
    drop(reserved);
    let (certificate, key) = (path("server.pem"), path("server.key"));
    let files = ["--tls-cert-file", &certificate, "--tls-key-file", &key, "--tls-ca-cert-file", &certificate];
    let arguments = [&["--tls-port", &port, "--tls-auth-clients", "no"], files.as_slice()].concat();
    let _server = RedisServer::start(&arguments).unwrap();

    let url = format!("rediss://127.0.0.1:{port}");
    assert!(is_reached(&url, &dir.path().join("server.pem")));
    assert!(!is_reached(&url, &dir.path().join("other.pem")), "the certificate is not trusted");
}

#[tokio::test]
#[ignore = "the case above runs it in a process of its own, since what is trusted comes from the environment"]
async fn the_server_by_tls_answers() {
    let url = std::env::var(URL).unwrap();
    let store = store_with(&url, "t:").await;
    assert_eq!(store.ping().await, Ok(()));
    assert!(store.is_listening());
}
