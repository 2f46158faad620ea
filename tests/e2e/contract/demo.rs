//! `saoma demo`: everything in one process.

use std::process::Stdio;

use serde_json::{Value, json};

use super::{
    program::{address_of, command},
    requests::client,
};
use crate::harness::Answer;

async fn start(address: &str, body: Value) -> Answer {
    let request = client().post(format!("http://{address}/v1/logins")).json(&body);
    Answer::read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn the_demo_has_an_app_of_every_kind() {
    let dir = tempfile::tempdir().unwrap();
    let mut arguments = vec!["demo", "--data", "demo"];
    for option in ["--listen", "--admin-listen", "--sandbox-listen"] {
        arguments.extend([option, "127.0.0.1:0"]);
    }
    let mut demo = command(&arguments, &[], dir.path());
    let mut child = demo.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let address = address_of(&mut child).await;
    let page = client().get(format!("http://{address}/")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("website") && page.contains("official_account"), "{page}");
    for channel in ["official_account", "website", "in_wechat"] {
        let started = start(&address, json!({"channel": channel})).await;
        assert_eq!(started.status, 201, "{channel}: {}", started.text);
    }
    let unknown = start(&address, json!({"channel": "mini_program", "code": "nobody-made-it"})).await;
    assert_eq!(unknown.problem(), "wechat_code_invalid", "WeChat was asked");
    child.kill().await.unwrap();
}
