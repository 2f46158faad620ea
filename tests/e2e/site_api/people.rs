//! Accounts as the site's own back end finds, makes and changes them.

use reqwest::Method;
use serde_json::{Value, json};

use super::support::{call, call_with, with_key, with_root};
use crate::harness::{Answer, Service, Setup, bind_own_phone, eventually, log_in, register, scanned_by_new};

const ACCOUNTS: &str = "/v1/admin/accounts";

async fn start() -> Service {
    with_root(Setup::every_channel()).set("limits.sms_per_phone_gap_s", 0).start().await
}

async fn create(service: &Service, body: Value) -> Answer {
    call(service, Method::POST, ACCOUNTS, Some(body)).await
}

async fn find(service: &Service, query: &str) -> Vec<Value> {
    let answer = call(service, Method::GET, &format!("{ACCOUNTS}?{query}"), None).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    answer.json["items"].as_array().unwrap().clone()
}

/// Registers a person and returns the path of their account, with the token of their session.
async fn registered(service: &Service, name: &str) -> (String, String) {
    let person = service.person(name);
    let (device, token) = register(service, &person).await;
    let id = device.session(service, &token).await.json["account"]["id"].as_str().unwrap().to_owned();
    (format!("{ACCOUNTS}/{id}"), token)
}

async fn token_is_good(service: &Service, token: &str) -> bool {
    let answer = call(service, Method::POST, "/v1/admin/introspect", Some(json!({"token": token}))).await;
    answer.json["active"].as_bool().unwrap()
}

#[tokio::test]
async fn an_account_is_found_by_whatever_is_its_own() {
    let service = start().await;
    let (path, _) = registered(&service, "ming").await;
    registered(&service, "li").await;
    let changed = call(&service, Method::PATCH, &path, Some(json!({"external_id": "customer-1"}))).await;
    let account = changed.json;
    let identity = &account["identities"][0];
    let (phone, openid) = (account["phone"].as_str().unwrap(), identity["openid"].as_str().unwrap());
    for query in [
        format!("phone={}", phone.replace('+', "%2B")),
        format!("phone={phone}"),
        format!("phone={}", phone.trim_start_matches("+86")),
        format!("openid={openid}"),
        format!("openid={openid}&app=main"),
        format!("unionid={}", identity["unionid"].as_str().unwrap()),
        "external_id=customer-1".to_owned(),
        format!("external_id=customer-1&openid={openid}"),
    ] {
        let found = find(&service, &query).await;
        assert_eq!(found.len(), 1, "{query}");
        assert_eq!(found[0], account, "{query}");
    }
    for query in [
        "phone=13999999999".to_owned(),
        format!("openid={openid}&app=site"),
        "external_id=customer-2".to_owned(),
        "openid=oNobody".to_owned(),
        format!("phone=13999999999&openid={openid}"),
    ] {
        assert_eq!(find(&service, &query).await, Vec::<Value>::new(), "{query}");
    }
    assert_eq!(call(&service, Method::GET, &path, None).await.json, account);
    for wrong in ["phone=12", "app=main", "colour=red", "limit=0", "limit=201", "limit=x", "after=x"] {
        let answer = call(&service, Method::GET, &format!("{ACCOUNTS}?{wrong}"), None).await;
        assert_eq!(answer.status, 422, "{wrong}: {}", answer.text);
    }
    for unknown in ["x", "00000000-0000-7000-8000-000000000000"] {
        let answer = call(&service, Method::GET, &format!("{ACCOUNTS}/{unknown}"), None).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (404, "not_found"), "{unknown}");
    }
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let service = start().await;
    for number in 0..5 {
        assert_eq!(create(&service, json!({"external_id": format!("c-{number}")})).await.status, 201);
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let answer = call(&service, Method::GET, &format!("{ACCOUNTS}?limit=2{after}"), None).await;
        let items = answer.json["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|item| item["external_id"].as_str().unwrap().to_owned()));
        match answer.json["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    seen.sort();
    assert_eq!(seen, ["c-0", "c-1", "c-2", "c-3", "c-4"]);
}

#[tokio::test]
async fn who_was_made_by_the_site_is_known_at_the_first_scan() {
    let service = start().await;
    let ming = service.person("ming");
    let body = json!({"external_id": "17", "attributes": {"level": "gold", "tags": ["a"]},
        "identities": [{"app": "main", "openid": ming.openid("main").unwrap()}]});
    let made = create(&service, body.clone()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json["phone"], Value::Null);
    assert_eq!(made.json["attributes"]["level"], "gold");
    let location = made.headers["location"].to_str().unwrap();
    assert_eq!(call(&service, Method::GET, location, None).await.json, made.json);
    let again = create(&service, body).await;
    assert_eq!((again.status.as_u16(), &again.json), (200, &made.json), "the same again changes nothing");
    let (device, token) = log_in(&service, &ming).await;
    let session = device.session(&service, &token).await;
    assert_eq!(session.json["account"]["id"], made.json["id"]);
    assert_eq!(session.json["account"]["phone"], Value::Null);
    assert_eq!(session.json["account"]["attributes"], json!({"level": "gold", "tags": ["a"]}));
}

#[tokio::test]
async fn what_belongs_to_another_account_is_named_and_nothing_is_made() {
    let service = start().await;
    let (path, _) = registered(&service, "ming").await;
    let account = call(&service, Method::GET, &path, None).await.json;
    let other = create(&service, json!({"external_id": "other"})).await.json;
    let (id, phone) = (account["id"].as_str().unwrap(), account["phone"].as_str().unwrap());
    let openid = account["identities"][0]["openid"].as_str().unwrap();
    for body in [
        json!({"phone": phone, "external_id": "new"}),
        json!({"phone": phone, "attributes": {"a": 1}}),
        json!({"external_id": "new", "identities": [{"app": "main", "openid": openid}]}),
        json!({"phone": phone, "external_id": "other"}),
    ] {
        let refused = create(&service, body.clone()).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (409, "account_conflict"), "{body}");
        assert!(refused.text.contains(id) && !refused.text.contains(phone), "{}", refused.text);
    }
    let other_path = format!("{ACCOUNTS}/{}", other["id"].as_str().unwrap());
    let refused =
        call(&service, Method::PATCH, &other_path, Some(json!({"phone": phone, "attributes": {"a": 1}})))
            .await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (409, "account_conflict"));
    assert_eq!(call(&service, Method::GET, &other_path, None).await.json, other, "nothing was half done");
    assert_eq!(find(&service, "external_id=new").await, Vec::<Value>::new());
}

#[tokio::test]
async fn bad_input_is_refused_with_the_name_of_the_field() {
    let service = start().await;
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    for (body, said) in [
        (json!({}), "phone"),
        (json!({"external_id": ""}), "external_id"),
        (json!({"external_id": "a b"}), "external_id"),
        (json!({"external_id": "a", "attributes": {"a": "x".repeat(5 * 1024)}}), "attributes"),
        (json!({"external_id": "a", "attributes": {"a": deep}}), ""),
        (json!({"external_id": "a", "attributes": []}), ""),
        (json!({"external_id": "a", "colour": "red"}), "colour"),
        (json!({"external_id": 17}), ""),
        (json!({"identities": [{"app": "nowhere", "openid": "o1"}]}), "app"),
        (json!({"identities": [{"app": "main", "openid": "o 1"}]}), "openid"),
        (
            json!({"identities": [{"app": "main", "openid": "o1"}, {"app": "main", "openid": "o2"}]}),
            "identities",
        ),
    ] {
        let refused = create(&service, body.clone()).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (422, "body_invalid"), "{}", refused.text);
        assert!(refused.json["detail"].as_str().unwrap().contains(said), "{}", refused.text);
    }
    let phone = create(&service, json!({"phone": "12"})).await;
    assert_eq!((phone.status.as_u16(), phone.problem()), (422, "phone_invalid"));
    assert_eq!(find(&service, "limit=1").await, Vec::<Value>::new(), "nothing was made");
}

#[tokio::test]
async fn a_disabled_account_has_no_session_until_it_is_enabled_and_logs_in_again() {
    let service = start().await;
    let (path, token) = registered(&service, "ming").await;
    let disabled = json!({"disabled": true, "reason": "chargeback"});
    let answer = call(&service, Method::PATCH, &path, Some(disabled)).await;
    assert_eq!(
        (&answer.json["disabled"], &answer.json["disabled_reason"]),
        (&json!(true), &json!("chargeback"))
    );
    assert!(!token_is_good(&service, &token).await, "at once");
    let ming = service.person("ming");
    let device = crate::harness::Device::start(&service).await;
    ming.scan(device.qr()).await.unwrap();
    let refused = device.look(&service).await;
    assert_eq!((refused.status.as_u16(), refused.says()), (403, "account_disabled"));
    let answer = call(&service, Method::PATCH, &path, Some(json!({"disabled": false}))).await;
    assert_eq!((&answer.json["disabled"], &answer.json["disabled_reason"]), (&json!(false), &Value::Null));
    let (_, token) = log_in(&service, &ming).await;
    assert!(token_is_good(&service, &token).await);
}

#[tokio::test]
async fn a_change_is_seen_by_the_next_check_of_a_session() {
    let service = start().await;
    let (path, token) = registered(&service, "ming").await;
    assert!(token_is_good(&service, &token).await);
    call(&service, Method::PATCH, &path, Some(json!({"attributes": {"level": 1}, "external_id": "7"}))).await;
    eventually("the session shows it", async || {
        let body = Some(json!({"token": token}));
        let account = call(&service, Method::POST, "/v1/admin/introspect", body).await.json["account"].take();
        (account["attributes"] == json!({"level": 1}) && account["external_id"] == "7").then_some(())
    })
    .await;
    let gone = json!({"attributes": null, "external_id": null, "phone": null});
    let answer = call(&service, Method::PATCH, &path, Some(gone)).await;
    for field in ["attributes", "external_id", "phone"] {
        assert_eq!(answer.json[field], Value::Null, "{field}");
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended_and_identities_unlinked() {
    let service = start().await;
    let (path, first) = registered(&service, "ming").await;
    let (_, second) = log_in(&service, &service.person("ming")).await;
    let listed = call(&service, Method::GET, &format!("{path}/sessions"), None).await;
    let sessions = listed.json["items"].as_array().unwrap();
    assert_eq!((sessions.len(), &listed.json["next"]), (2, &Value::Null));
    let newest = sessions[0]["id"].as_str().unwrap();
    let one = format!("{path}/sessions/{newest}");
    assert_eq!(call(&service, Method::DELETE, &one, None).await.status, 204);
    assert_eq!(call(&service, Method::DELETE, &one, None).await.status, 404);
    assert!(!token_is_good(&service, &second).await && token_is_good(&service, &first).await);
    assert_eq!(call(&service, Method::DELETE, &format!("{path}/sessions"), None).await.status, 204);
    assert!(!token_is_good(&service, &first).await);

    let (_, third) = log_in(&service, &service.person("ming")).await;
    let account = call(&service, Method::GET, &path, None).await.json;
    let identity = format!("{path}/identities/{}", account["identities"][0]["id"].as_str().unwrap());
    assert_eq!(call(&service, Method::DELETE, &identity, None).await.status, 204);
    assert_eq!(call(&service, Method::DELETE, &identity, None).await.status, 404);
    assert!(!token_is_good(&service, &third).await);
    let device = scanned_by_new(&service, &service.person("ming")).await;
    bind_own_phone(&service, &device, &service.person("ming")).await;
}

#[tokio::test]
async fn every_write_is_in_the_trail_with_the_name_of_its_key() {
    let service = start().await;
    let (path, _) = registered(&service, "ming").await;
    call(&service, Method::PATCH, &path, Some(json!({"external_id": "1", "phone": "13912345678"}))).await;
    call(&service, Method::PATCH, &path, Some(json!({"disabled": true}))).await;
    call(&service, Method::PATCH, &path, Some(json!({"disabled": true}))).await;
    call(&service, Method::PATCH, &path, Some(json!({"disabled": false}))).await;
    call(&service, Method::DELETE, &format!("{path}/sessions"), None).await;
    let export = call(&service, Method::GET, &format!("{path}/export"), None).await;
    let trail = export.json["trail"].as_array().unwrap();
    let by_key = trail
        .iter()
        .filter(|entry| entry["actor"] == "key:root")
        .map(|entry| entry["kind"].as_str().unwrap());
    let expected = [
        "phone_changed",
        "account_changed",
        "account_disabled",
        "account_enabled",
        "sessions_ended",
        "account_exported",
    ];
    assert_eq!(by_key.collect::<Vec<_>>(), expected, "{}", export.text);
    assert_eq!(trail[0]["kind"], "account_created");
    assert_eq!(trail[0]["actor"], Value::Null, "the person did it");
}

#[tokio::test]
async fn an_id_of_another_kind_is_none() {
    let service = start().await;
    let (path, _) = registered(&service, "ming").await;
    let account = call(&service, Method::GET, &path, None).await.json;
    let sessions = call(&service, Method::GET, &format!("{path}/sessions"), None).await.json;
    let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
    let (account, identity, session) =
        (id(&account), id(&account["identities"][0]), id(&sessions["items"][0]));
    for (method, path) in [
        (Method::GET, format!("{ACCOUNTS}/{identity}")),
        (Method::DELETE, format!("{ACCOUNTS}/{session}")),
        (Method::GET, format!("{ACCOUNTS}/{identity}/sessions")),
        (Method::DELETE, format!("{path}/sessions/{identity}")),
        (Method::DELETE, format!("{path}/identities/{session}")),
        (Method::DELETE, format!("{path}/identities/{account}")),
        (Method::POST, format!("/v1/admin/merges/{account}/undo")),
        (Method::POST, format!("/v1/admin/webhooks/{account}/retry")),
        (Method::POST, format!("/v1/admin/events/{account}/replay")),
    ] {
        let answer = call(&service, method.clone(), &path, None).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (404, "not_found"), "{method} {path}");
    }
    let merge = call(&service, Method::POST, &format!("{path}/merge"), Some(json!({"from": identity}))).await;
    assert_eq!((merge.status.as_u16(), merge.problem()), (404, "not_found"));
    let trail = call(&service, Method::GET, &format!("/v1/admin/audit?account={identity}"), None).await;
    assert_eq!(trail.json["items"], json!([]), "the trail of an account that there is not");
    let listed = call(&service, Method::GET, &format!("{path}/sessions"), None).await;
    assert_eq!(listed.json["items"].as_array().unwrap().len(), 1, "nothing was done");
}

#[tokio::test]
async fn each_call_needs_its_scope() {
    let setup = with_key(with_root(Setup::default()), 1, "none", "none-key", "audit:read");
    let service = setup.start().await;
    let id = "00000000-0000-7000-8000-000000000000";
    let (account, empty) = (format!("{ACCOUNTS}/{id}"), json!({}));
    for (method, path, scope) in [
        (Method::GET, ACCOUNTS.to_owned(), "accounts:read"),
        (Method::POST, ACCOUNTS.to_owned(), "accounts:write"),
        (Method::GET, account.clone(), "accounts:read"),
        (Method::PATCH, account.clone(), "accounts:write"),
        (Method::DELETE, account.clone(), "accounts:erase"),
        (Method::GET, format!("{account}/export"), "accounts:read"),
        (Method::GET, format!("{account}/sessions"), "sessions:read"),
        (Method::DELETE, format!("{account}/sessions"), "sessions:write"),
        (Method::DELETE, format!("{account}/sessions/{id}"), "sessions:write"),
        (Method::DELETE, format!("{account}/identities/{id}"), "accounts:write"),
        (Method::POST, format!("{account}/merge"), "accounts:merge"),
        (Method::POST, format!("/v1/admin/merges/{id}/undo"), "accounts:merge"),
    ] {
        let without = call_with(&service, None, method.clone(), &path, Some(empty.clone())).await;
        assert_eq!((without.status.as_u16(), without.problem()), (401, "key_invalid"), "{method} {path}");
        let missing = call_with(&service, Some("none-key"), method.clone(), &path, Some(empty.clone())).await;
        assert_eq!((missing.status.as_u16(), missing.problem()), (403, "scope_missing"), "{method} {path}");
        assert!(missing.text.contains(scope), "{method} {path}: {}", missing.text);
    }
}
