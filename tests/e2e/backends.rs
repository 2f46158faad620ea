//! `examples/backend-python` and `examples/backend-go`: a site's own back end, where this machine has the language.

use std::{path::Path, process::Stdio, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::Method;
use saoma_api::{SystemClock, domain::ports::Clock as _};
use serde_json::json;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

use crate::{
    contract::client,
    harness::{Answer, PATIENCE, Service, Setup, eventually, register},
    site_api::support::with_key,
};

const KEY: &str = "key-of-the-orders";
const SECRET: &[u8] = b"a secret of a webhook in a test.";

/// Returns an example's place.
fn example(path: &str) -> String {
    format!("{}/../../examples/{path}", env!("CARGO_MANIFEST_DIR"))
}

struct BackEnd {
    service: Service,
    url: String,
    _process: Child,
}

/// Starts the service, and a back end beside it.
async fn start(mut command: Command) -> BackEnd {
    let service = with_key(Setup::default(), 0, "orders", KEY, "sessions:read").start().await;
    let port = saoma_servers::free_port().unwrap();
    command.arg(port.to_string()).env("SAOMA_ADMIN", &service.admin_url).env("SAOMA_KEY", KEY);
    command.env("WEBHOOK_SECRET", format!("whsec_{}", STANDARD.encode(SECRET)));
    let process = command.stdin(Stdio::null()).kill_on_drop(true).spawn().unwrap();
    eventually("the back end listens", async || TcpStream::connect(("127.0.0.1", port)).await.ok()).await;
    BackEnd { service, url: format!("http://127.0.0.1:{port}"), _process: process }
}

impl BackEnd {
    async fn orders(&self, cookie: &str) -> Answer {
        let request = client().get(format!("{}/orders", self.url)).header("Cookie", cookie);
        Answer::read(request.send().await.unwrap()).await
    }

    /// Sends a webhook that was signed with a secret at a moment so many seconds ago.
    async fn tell(&self, id: &str, body: &str, secret: &[u8], secs_ago: u64) -> u16 {
        let sent_at = SystemClock.now().minus(Duration::from_secs(secs_ago)).as_millis() / 1000;
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
        let tag = ring::hmac::sign(&key, format!("{id}.{sent_at}.{body}").as_bytes());
        let request = client()
            .request(Method::POST, format!("{}/saoma", self.url))
            .header("webhook-id", id)
            .header("webhook-timestamp", sent_at.to_string())
            .header("webhook-signature", format!("v1,bm9uZQ== v1,{}", STANDARD.encode(tag)))
            .body(body.to_owned());
        request.send().await.unwrap().status().as_u16()
    }

    async fn keeps_its_promises(&self) {
        let (device, token) = register(&self.service, &self.service.person("ming")).await;
        let account = device.session(&self.service, &token).await.json["account"]["id"].take();
        let cookie = format!("theme=dark; saoma_session={token}");
        assert_eq!(self.orders("").await.status, 401);
        assert_eq!(self.orders("saoma_session=x").await.status, 401);
        let body = json!({"type": "account.updated", "data": {"account": account}}).to_string();
        assert_eq!(self.tell("msg_1", &body, SECRET, 0).await, 200);
        assert_eq!(self.tell("msg_1", &body, SECRET, 0).await, 200, "the same again");
        assert_eq!(self.tell("msg_2", &body, b"another secret", 0).await, 401);
        assert_eq!(self.tell("msg_3", &body, SECRET, 600).await, 401, "too old");
        let orders = self.orders(&cookie).await;
        assert_eq!(orders.json, json!({"account": account, "orders": [], "heard": ["account.updated"]}));
        device.log_out(&self.service, &token).await;
        assert_eq!(self.orders(&cookie).await.status, 401);
    }
}

fn has(program: &str) -> bool {
    ["/usr/bin", "/usr/local/bin", "/usr/local/go/bin"]
        .iter()
        .any(|place| Path::new(place).join(program).is_file())
}

#[tokio::test]
async fn python() {
    if has("python3") {
        let mut command = Command::new("python3");
        command.arg(example("backend-python/backend.py"));
        start(command).await.keeps_its_promises().await;
    }
}

#[tokio::test]
async fn go() {
    if has("go") {
        let directory = tempfile::tempdir().unwrap();
        let program = directory.path().join("backend");
        let mut build = Command::new("go");
        build.args(["build", "-o"]).arg(&program).arg(example("backend-go/main.go"));
        build
            .env("GOCACHE", directory.path().join("cache"))
            .env("GOFLAGS", "-mod=mod")
            .env("CGO_ENABLED", "0");
        let built = tokio::time::timeout(PATIENCE * 4, build.output()).await.expect("it is built").unwrap();
        assert!(built.status.success(), "{built:?}");
        start(Command::new(&program)).await.keeps_its_promises().await;
    }
}
