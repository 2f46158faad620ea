//! Open-platform accounts: which openids are linked by a unionid.

use saoma_sandbox::{MiniProgram, Sandbox, SandboxConfig, SandboxError, WebsiteApp};
use serde_json::{Value, json};

use super::support::{Caller, Fixture, SITE, every_app, parameter, qrconnect};

async fn website_unionid(sandbox: &Sandbox, person: &str) -> Option<String> {
    let back = sandbox.person(person).unwrap().allow(&qrconnect(sandbox)).unwrap();
    let token = Caller::new(sandbox).exchange(SITE, &parameter(&back, "code").unwrap()).await;
    assert!(token.get("openid").is_some(), "{token}");
    token.get("unionid").and_then(Value::as_str).map(str::to_owned)
}

#[tokio::test]
async fn the_apps_of_one_open_account_know_a_person_by_one_unionid_and_three_openids() {
    let Fixture { sandbox, ming, .. } = Fixture::new().await;
    let hong = sandbox.person("hong").unwrap();
    let openids = ["main", "site", "mini"].map(|app| ming.openid(app).unwrap());
    assert!(openids[0] != openids[1] && openids[1] != openids[2] && openids[0] != openids[2]);
    for app in ["main", "site", "mini"] {
        assert_eq!(ming.unionid_in(app).unwrap(), Some(ming.unionid()));
        assert_ne!(ming.unionid_in(app).unwrap(), hong.unionid_in(app).unwrap());
    }
    assert!(matches!(ming.unionid_in("nothing"), Err(SandboxError::UnknownApp(_))));
}

#[tokio::test]
async fn another_open_account_has_other_unionids() {
    let mini = MiniProgram { open_account: Some("another".to_owned()), ..MiniProgram::demo() };
    let config = SandboxConfig { mini_programs: vec![mini], ..every_app() };
    let Fixture { sandbox: _sandbox, ming, .. } = Fixture::with(config).await;
    assert_eq!(ming.unionid_in("site").unwrap(), Some(ming.unionid()));
    let there = ming.unionid_in("mini").unwrap();
    assert!(there.is_some() && there != Some(ming.unionid()));
}

#[tokio::test]
async fn a_unionid_can_appear_later_change_and_go() {
    let website = WebsiteApp { open_account: None, ..WebsiteApp::demo() };
    let config = SandboxConfig { websites: vec![website], ..every_app() };
    let Fixture { sandbox, ming, .. } = Fixture::with(config).await;
    assert_eq!(website_unionid(&sandbox, "ming").await, None);
    sandbox.bind_open_account("site", Some("default")).unwrap();
    assert_eq!(website_unionid(&sandbox, "ming").await, Some(ming.unionid()));
    sandbox.bind_open_account("site", Some("another")).unwrap();
    let moved = website_unionid(&sandbox, "ming").await;
    assert!(moved.is_some() && moved != Some(ming.unionid()));
    sandbox.bind_open_account("site", None).unwrap();
    assert_eq!(website_unionid(&sandbox, "ming").await, None);
    assert!(matches!(sandbox.bind_open_account("nothing", None), Err(SandboxError::UnknownApp(_))));
}

#[tokio::test]
async fn binding_is_there_over_http_too() {
    let Fixture { sandbox: _sandbox, caller, .. } = Fixture::new().await;
    let bind = async |app: &str, to: Value| {
        let path = format!("/sandbox/api/apps/{app}/open-account");
        caller.put(&path, json!({ "open_account": to })).await.status().as_u16()
    };
    assert_eq!(bind("mini", Value::Null).await, 204);
    assert_eq!(bind("nothing", Value::Null).await, 404);
    let state = caller.get_json("/sandbox/api/state").await;
    let apps = state["apps"].as_array().unwrap();
    let kinds = apps.iter().map(|app| app["kind"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(kinds, ["official_account", "website", "mini_program", "mobile_app"]);
    assert_eq!((&apps[1]["open_account"], &apps[2]["open_account"]), (&json!("default"), &Value::Null));
    let ming = caller.get_json("/sandbox/api/people/ming").await;
    assert_eq!((&ming["unionids"]["site"], &ming["unionids"]["mini"]), (&ming["unionid"], &Value::Null));
    assert_eq!(bind("mini", json!("default")).await, 204);
    assert_eq!(caller.get_json("/sandbox/api/people/ming").await["unionids"]["mini"], ming["unionid"]);
}

#[tokio::test]
async fn no_two_apps_of_any_kind_share_a_name_or_an_app_id() {
    let named = MiniProgram { name: "site".to_owned(), ..MiniProgram::demo() };
    let same = MiniProgram { app_id: WebsiteApp::demo().app_id, ..MiniProgram::demo() };
    for mini in [named, same] {
        let config = SandboxConfig { mini_programs: vec![mini], ..every_app() };
        assert!(matches!(Sandbox::start(config).await, Err(SandboxError::Config { key: "apps", .. })));
    }
}
