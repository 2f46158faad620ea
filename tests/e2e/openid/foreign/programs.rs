//! Clients that are programs: they say where the browser is to go, and are told where that led.

use std::process::Stdio;

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{ChildStdout, Command},
};

use super::{
    browser::{browser, log_in, log_out, reachable, with_its_key},
    built_by_go, go_package, has, place,
};
use crate::{
    harness::PATIENCE,
    openid::support::{AFTER_LOGOUT, APP, NATIVE, OTHER, Rp},
};

/// Reads what a client says next.
pub(super) async fn said(lines: &mut Lines<BufReader<ChildStdout>>) -> Value {
    let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.expect("it says something").unwrap();
    serde_json::from_str(&line.expect("it did not give up")).unwrap()
}

/// Lets a client log a person in, read, refresh, and log them out.
async fn serves(mut command: Command, rp: Rp) {
    let (setup, issuer) = reachable();
    let setup = setup.set("oidc.clients.1.post_logout_redirect_uris", AFTER_LOGOUT);
    let service = with_its_key(setup.set("oidc.clients.2.post_logout_redirect_uris", AFTER_LOGOUT)).await;
    command
        .env("ISSUER", &issuer)
        .env("CLIENT_ID", rp.id)
        .env("CLIENT_SECRET", rp.secret.unwrap_or_default())
        .env("REDIRECT_URI", rp.callback)
        .env("AFTER_LOGOUT", AFTER_LOGOUT)
        .env("AUTHLIB_INSECURE_TRANSPORT", "1")
        .env_remove("http_proxy");
    let mut client = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let (mut stdin, stdout) = (client.stdin.take().unwrap(), client.stdout.take().unwrap());
    let mut lines = BufReader::new(stdout).lines();
    let (person, mut browser) = (service.person("anna"), browser(&issuer));

    let asked = said(&mut lines).await;
    let authorize = asked["authorize"].as_str().unwrap();
    let back = log_in(&service, &issuer, &mut browser, &person, authorize).await;
    stdin.write_all(format!("{back}\n").as_bytes()).await.unwrap();
    let done = said(&mut lines).await["done"].take();
    let account = browser.session(&service).await.json["account"]["id"].take();
    assert_eq!(done["sub"], account);
    assert_eq!(done["phone"], person.phone());
    assert_eq!(done["rotated"], true);
    let left = log_out(&service, &issuer, &mut browser, done["logout"].as_str().unwrap()).await;
    assert_eq!(left, format!("{AFTER_LOGOUT}?state=bye"));
}

async fn node(script: &str, rp: Rp) {
    let modules = place("target/clients/javascript/node_modules").join(script);
    if has(script, &["/usr/bin/node".into(), modules]) {
        // Modules are looked for beside the program.
        let target = place("target/clients/javascript");
        for file in ["talk.js".to_owned(), format!("{script}.js")] {
            std::fs::copy(place("tests/clients/javascript").join(&file), target.join(&file)).unwrap();
        }
        let mut command = Command::new("/usr/bin/node");
        command.arg(target.join(format!("{script}.js")));
        serves(command, rp).await;
    }
}

#[tokio::test]
async fn openid_client() {
    // It strips the query of the address that it is called back at.
    node("openid-client", OTHER).await;
}

#[tokio::test]
async fn oauth4webapi() {
    node("oauth4webapi", NATIVE).await;
}

#[tokio::test]
async fn authlib() {
    let python = place("target/clients/python/bin/python3");
    if has("Authlib", std::slice::from_ref(&python)) {
        let mut command = Command::new(python);
        command.arg(place("tests/clients/python/client.py"));
        serves(command, APP).await;
    }
}

#[tokio::test]
async fn openidconnect() {
    let program = place("target/clients/rust/debug/saoma-client-openidconnect");
    if has("openidconnect", std::slice::from_ref(&program)) {
        serves(Command::new(program), APP).await;
    }
}

#[tokio::test]
async fn go_oidc() {
    let oidc = go_package("github.com/coreos/go-oidc");
    if has("go-oidc", &["/usr/bin/go".into(), oidc]) {
        let directory = tempfile::tempdir().unwrap();
        let program = built_by_go(directory.path(), "tests/clients/go/main.go").await;
        serves(Command::new(&program), APP).await;
    }
}
