//! Merging two accounts of one person, with a preview, and undoing it.

use reqwest::Method;
use serde_json::{Value, json};

use super::support::{call, with_root};
use crate::harness::{Answer, Service, Setup, eventually, log_in};

async fn start() -> Service {
    with_root(Setup::every_channel()).start().await
}

async fn made(service: &Service, body: Value) -> String {
    let answer = call(service, Method::POST, "/v1/admin/accounts", Some(body)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json["id"].as_str().unwrap().to_owned()
}

async fn account(service: &Service, id: &str) -> Value {
    call(service, Method::GET, &format!("/v1/admin/accounts/{id}"), None).await.json
}

async fn merge(service: &Service, into: &str, from: &str, dry_run: bool) -> Answer {
    let body = json!({"from": from, "dry_run": dry_run});
    call(service, Method::POST, &format!("/v1/admin/accounts/{into}/merge"), Some(body)).await
}

async fn undo(service: &Service, merge: &str) -> Answer {
    call(service, Method::POST, &format!("/v1/admin/merges/{merge}/undo"), None).await
}

fn parts(list: &Value) -> Vec<String> {
    let name = |part: &Value| match part["app"].as_str() {
        Some(app) => format!("identity of {app}"),
        None => part["what"].as_str().unwrap().to_owned(),
    };
    list.as_array().unwrap().iter().map(name).collect()
}

/// Makes two accounts that have something of each other's kind.
async fn two(service: &Service) -> (String, String) {
    let ming = service.person("ming");
    let into = made(
        service,
        json!({"external_id": "1", "phone": "13900000001", "identities": [{"app": "main", "openid": "oMain1"}]}),
    )
    .await;
    let openid = ming.openid("site").unwrap();
    let from = made(
        service,
        json!({"external_id": "2", "attributes": {"a": 1},
            "identities": [{"app": "main", "openid": ming.openid("main").unwrap()}, {"app": "site", "openid": openid}]}),
    )
    .await;
    (into, from)
}

#[tokio::test]
async fn an_operator_sees_before_what_moves_and_can_undo_it() {
    let service = start().await;
    let (into, from) = two(&service).await;
    let (device, token) = log_in(&service, &service.person("ming")).await;
    eventually("the profile is read", async || {
        let account = account(&service, &from).await;
        account["identities"].as_array()?.iter().any(|person| !person["language"].is_null()).then_some(())
    })
    .await;
    let before = (account(&service, &into).await, account(&service, &from).await);
    let preview = merge(&service, &into, &from, true).await;
    assert_eq!(preview.json["id"], Value::Null);
    assert_eq!(parts(&preview.json["moves"]), ["identity of site", "attributes"]);
    assert_eq!(parts(&preview.json["clashes"]), ["identity of main", "external_id"]);
    assert_eq!((account(&service, &into).await, account(&service, &from).await), before, "it was a preview");
    let done = merge(&service, &into, &from, false).await;
    assert_eq!(
        (&done.json["moves"], &done.json["clashes"]),
        (&preview.json["moves"], &preview.json["clashes"])
    );
    let after = account(&service, &into).await;
    assert_eq!((&after["attributes"], after["identities"].as_array().unwrap().len()), (&json!({"a": 1}), 2));
    assert_eq!(account(&service, &from).await["disabled_reason"], format!("merged into {into}"));
    assert_eq!(
        device.session(&service, &token).await.status,
        401,
        "the sessions of the other account are over"
    );

    let id = done.json["id"].as_str().unwrap();
    let undone = undo(&service, id).await;
    assert_eq!((undone.status.as_u16(), &undone.json["id"]), (200, &json!(from)), "{}", undone.text);
    assert_eq!((account(&service, &into).await, account(&service, &from).await), before);
    assert_eq!(undo(&service, id).await.problem(), "not_found", "once");
}

#[tokio::test]
async fn what_was_changed_since_is_not_undone() {
    let service = start().await;
    let (into, from) = two(&service).await;
    let id = merge(&service, &into, &from, false).await.json["id"].as_str().unwrap().to_owned();
    let change = Some(json!({"attributes": {"b": 2}}));
    call(&service, Method::PATCH, &format!("/v1/admin/accounts/{into}"), change).await;
    let refused = undo(&service, &id).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (409, "account_conflict"));
    assert!(refused.text.contains("account_changed"), "{}", refused.text);
    for (into, from) in [(&into, &into), (&into, &from), (&from, &into)] {
        let refused = merge(&service, into, from, false).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (409, "account_conflict"));
    }
    let unknown = "00000000-0000-7000-8000-000000000000";
    assert_eq!(merge(&service, &into, unknown, true).await.problem(), "not_found");
    assert_eq!(undo(&service, unknown).await.problem(), "not_found");
    let erased = call(&service, Method::DELETE, &format!("/v1/admin/accounts/{into}"), None).await;
    assert_eq!(erased.status, 204);
    assert_eq!(account(&service, &from).await["code"], "not_found", "it was the same person's");
}
