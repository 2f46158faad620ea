//! The examples of `examples/`, as their READMEs start them: each sends a person to the service and shows who came back.

use std::{collections::BTreeMap, path::Path, process::Stdio};

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use serde_json::Value;
use tokio::{net::TcpStream, process::Command};

use super::{
    browser::{browser, log_in, reachable, with_its_key},
    built_by_go, go_package, has, place,
};
use crate::{contract::client, harness::eventually, openid::support::SECRET};

/// A browser at the example, which is another site than the service.
#[derive(Default)]
struct Page {
    cookies: BTreeMap<String, String>,
}

impl Page {
    /// Loads an address, and returns the status, where it leads, and what it shows.
    async fn load(&mut self, url: &str) -> (u16, Option<String>, Value) {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = client().get(url).header(COOKIE, cookies.join("; ")).send().await.unwrap();
        for set in answer.headers().get_all(SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned());
        let status = answer.status().as_u16();
        (status, location, answer.json().await.unwrap_or_default())
    }
}

/// Starts an example on a port, and lets a person log in there.
async fn shows_who_is_logged_in(mut command: Command) {
    let port = saoma_servers::free_port().unwrap();
    let site = format!("http://127.0.0.1:{port}");
    let (setup, issuer) = reachable();
    let mut setup = setup;
    for (key, value) in [
        ("id", "shop"),
        ("secret", SECRET),
        ("redirect_uris", &format!("{site}/callback")),
        ("name", "Shop"),
        ("scopes", "openid,profile"),
        ("trusted", "true"),
    ] {
        setup = setup.set(&format!("oidc.clients.3.{key}"), value);
    }
    let service = with_its_key(setup).await;
    command
        .arg(port.to_string())
        .env("ISSUER", &issuer)
        .env("CLIENT_ID", "shop")
        .env("CLIENT_SECRET", SECRET);
    command.env("AUTHLIB_INSECURE_TRANSPORT", "1").env_remove("http_proxy").env_remove("HTTP_PROXY");
    let _process = command.stdin(Stdio::null()).kill_on_drop(true).spawn().unwrap();
    eventually("the example listens", async || TcpStream::connect(("127.0.0.1", port)).await.ok()).await;

    let (person, mut browser, mut page) = (service.person("anna"), browser(&issuer), Page::default());
    let (_, authorize, _) = page.load(&format!("{site}/")).await;
    let back = log_in(&service, &issuer, &mut browser, &person, &authorize.unwrap()).await;
    let mut stranger = Page::default();
    stranger.load(&back).await;
    let (_, led_to, _) = stranger.load(&format!("{site}/")).await;
    assert!(led_to.is_some(), "a browser that did not set out is not logged in");
    let (status, _, shown) = page.load(&back).await;
    assert!((300..400).contains(&status), "{status} {shown}");
    let (status, _, shown) = page.load(&format!("{site}/")).await;
    let account = browser.session(&service).await.json["account"]["id"].take();
    assert_eq!((status, &shown["sub"]), (200, &account), "{shown}");
}

#[tokio::test]
async fn express() {
    let modules = place("target/clients/express/node_modules");
    if has("examples/express", &["/usr/bin/node".into(), modules]) {
        // Modules are looked for beside the program.
        let program = place("target/clients/express/server.js");
        std::fs::copy(place("examples/express/server.js"), &program).unwrap();
        let mut command = Command::new("/usr/bin/node");
        command.arg(program);
        shows_who_is_logged_in(command).await;
    }
}

#[tokio::test]
async fn fastapi() {
    let python = place("target/clients/fastapi/bin/python3");
    if has("examples/fastapi", std::slice::from_ref(&python)) {
        let mut command = Command::new(python);
        command.arg(place("examples/fastapi/app.py"));
        shows_who_is_logged_in(command).await;
    }
}

#[tokio::test]
async fn gin() {
    let (gin, oidc) =
        (go_package("github.com/gin-gonic/gin"), go_package("github.com/coreos/go-oidc/v3/oidc"));
    if has("examples/gin", &["/usr/bin/go".into(), gin, oidc]) {
        let directory = tempfile::tempdir().unwrap();
        let program = built_by_go(directory.path(), "examples/gin/main.go").await;
        shows_who_is_logged_in(Command::new(program)).await;
    }
}

/// PHP as it is installed, or as it was unpacked, with its modules named.
fn php_program() -> String {
    let debian = place("target/clients/debian/usr");
    let (unpacked, installed) = (debian.join("bin/php8.2"), Path::new("/usr/bin/php"));
    if installed.exists() || !unpacked.exists() {
        return installed.display().to_string();
    }
    let modules = debian.join("lib/php/20220829");
    let sessions = std::env::temp_dir();
    format!(
        "{} -n -d extension_dir={} -d extension=curl -d session.save_path={}",
        unpacked.display(),
        modules.display(),
        sessions.display()
    )
}

#[tokio::test]
async fn php() {
    let php = php_program();
    // `php -S` takes the address in one piece, so the port comes by another way.
    if has("examples/php", &[php.split(' ').next().unwrap().into()]) {
        let mut command = Command::new("sh");
        let program = place("examples/php/index.php");
        command.args(["-c", &format!("exec {php} -S 127.0.0.1:$1 \"$0\"")]).arg(program);
        command.env("LD_LIBRARY_PATH", place("target/clients/debian/usr/lib/x86_64-linux-gnu"));
        shows_who_is_logged_in(command).await;
    }
}

/// Examples are read in one go: none is longer than a page.
#[test]
fn none_is_longer_than_sixty_lines() {
    for example in [
        "express/server.js",
        "fastapi/app.py",
        "gin/main.go",
        "php/index.php",
        "spring-boot/src/main/java/shop/Shop.java",
        "spring-boot/src/main/resources/application.yml",
    ] {
        let text = std::fs::read_to_string(place("examples").join(example)).unwrap();
        assert!(text.lines().count() <= 60, "{example}: {}", text.lines().count());
    }
}
