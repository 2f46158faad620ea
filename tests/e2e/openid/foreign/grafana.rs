//! Grafana cannot be had here. What its `generic_oauth` asks for is asked by a program, with the configuration of its page in
//! `docs/`, as a reader copies it.

use std::{fs, process::Stdio};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::Command,
};
use toml::{Table, Value};

use super::{
    browser::{browser, log_in, reachable, with_its_key},
    has, place,
    programs::said,
};
use crate::{
    harness::Setup,
    openid::support::{SECRET, field, sent_to, submit},
};

/// Returns the client of a page as the environment of the service has it, with the secrets in another directory.
fn client_of(page: &str, secrets: &str) -> Vec<(String, String)> {
    let block = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let config: Table = toml::from_str(&block.replace("/run/secrets", secrets)).unwrap();
    let client = config["oidc"]["clients"][0].as_table().unwrap();
    let text = |value: &Value| match value {
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
        Value::String(text) => text.clone(),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) | Value::Table(_) => {
            value.to_string()
        }
    };
    client.iter().map(|(key, value)| (key.clone(), text(value))).collect()
}

async fn logs_people_in(language: &str, python: &std::path::Path) {
    let page = place(&format!("docs/{language}/integrations/grafana.md"));
    let secrets = tempfile::tempdir().unwrap();
    fs::write(secrets.path().join("saoma_grafana"), format!("{SECRET}\n")).unwrap();
    let (setup, issuer) = reachable();
    let set =
        |setup: Setup, (key, value): (String, String)| setup.set(&format!("oidc.clients.3.{key}"), &value);
    let text = fs::read_to_string(&page).unwrap();
    let client = client_of(&text, &secrets.path().display().to_string());
    let service = with_its_key(client.into_iter().fold(setup, set)).await;
    let mut grafana = Command::new(python);
    grafana.arg(place("tests/clients/python/grafana.py")).env("ISSUER", &issuer).env("PAGE", page);
    grafana.env("SECRETS", secrets.path()).env_remove("http_proxy");
    grafana.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut grafana = grafana.spawn().unwrap();
    let mut lines = BufReader::new(grafana.stdout.take().unwrap()).lines();
    let (person, mut browser) = (service.person("anna"), browser(&issuer));

    let asked = said(&mut lines).await;
    let authorize = asked["authorize"].as_str().unwrap();
    let back = log_in(&service, &issuer, &mut browser, &person, authorize).await;
    grafana.stdin.take().unwrap().write_all(format!("{back}\n").as_bytes()).await.unwrap();
    let user = said(&mut lines).await["done"].take();
    let account = browser.session(&service).await.json["account"]["id"].as_str().unwrap().to_owned();
    assert_eq!(user["login"], account.as_str());
    assert_eq!(user["email"], format!("{account}@wechat.invalid"));
    assert!(user["name"].is_string(), "{user}");
    assert_eq!((user["role"].as_str(), user["rotated"].as_bool()), (Some("Viewer"), Some(true)));

    let logout = user["logout"].as_str().unwrap().strip_prefix(&issuer).unwrap();
    let page = browser.visit(&service, logout).await;
    let fields = ["client_id", "post_logout_redirect_uri", "proof"].map(|name| (name, field(&page, name)));
    let form: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let left = submit(&service, &browser, "/oauth2/logout", &form).await;
    assert_eq!(sent_to(&left), "https://grafana.example.com/login");
    assert_eq!(browser.session(&service).await.status, 401);
}

#[tokio::test]
async fn grafana() {
    let python = place("target/clients/python/bin/python3");
    if has("the calls of Grafana", std::slice::from_ref(&python)) {
        logs_people_in("zh", &python).await;
        logs_people_in("en", &python).await;
    }
}
