//! `docs/en/rotation.md`: which keys are rotated how, and what that costs.

use saoma_sandbox::OfficialAccount;
use serde_json::json;

use crate::{
    harness::{Device, Setup, bind_own_phone, log_in, register},
    openid::support::{APP, logged_in, setup, text, userinfo},
};

const OLD: &str = "5a";
const NEW: &str = "a5";

fn key(byte: &str) -> String {
    byte.repeat(32)
}

#[tokio::test]
async fn the_servers_key_is_rotated_and_no_person_notices() {
    let mut service = setup().start().await;
    let (ming, lan) = (service.person("ming"), service.person("lan"));
    let (device, token) = register(&service, &ming).await;
    let tokens = APP.tokens(&service, &mut logged_in(&service, &ming).await, "openid offline_access").await;
    let waiting = Device::start(&service).await;

    service
        .start_again_with(&[("server.key", ""), ("server.keys", &format!("{},{}", key(NEW), key(OLD)))])
        .await;
    assert_eq!(device.session(&service, &token).await.status, 200, "a session from before");
    let fresh = APP.refresh(&service, &text(&tokens, "refresh_token")).await;
    assert_eq!(fresh.status, 200, "a refresh token from before: {}", fresh.text);
    assert_eq!(userinfo(&service, &text(&tokens, "access_token")).await.status, 200);
    lan.scan(waiting.qr()).await.unwrap();
    bind_own_phone(&service, &waiting, &lan).await;
    let (_, later) = log_in(&service, &ming).await;

    service.start_again_with(&[("server.keys", ""), ("server.key", &key(NEW))]).await;
    assert_eq!(device.session(&service, &later).await.status, 200, "a session of the new key");
    assert_eq!(device.session(&service, &token).await.status, 401, "the old key is taken away too soon");
    log_in(&service, &ming).await;
}

#[tokio::test]
async fn the_appsecret_is_reset_and_no_login_begins_until_it_is_told() {
    let reset =
        OfficialAccount { secret: "11112222333344445555666677778888".into(), ..OfficialAccount::demo() };
    let before = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    let mut service = Setup::default().account(reset).set("wechat.apps.0.secret", before).start().await;
    let started = Device::ask(&service, json!({})).await;
    assert_eq!(started.problem(), "wechat_refused", "{}", started.text);
    service.start_again_with(&[("wechat.apps.0.secret", "11112222333344445555666677778888")]).await;
    register(&service, &service.person("ming")).await;
}

#[tokio::test]
async fn the_aes_key_is_rotated_and_events_of_both_are_read() {
    let (before, after) =
        ("saomaDemoKeyNeverUseItWithARealAccount01234", "anotherKeyThatIsFortyThreeCharactersLong120");
    for of_wechat in [before, after] {
        let account = OfficialAccount { encoding_aes_key: of_wechat.into(), ..OfficialAccount::demo() };
        let service = Setup::default()
            .account(account)
            .set("wechat.apps.0.encoding_aes_key", after)
            .set("wechat.apps.0.previous_encoding_aes_key", before)
            .start()
            .await;
        register(&service, &service.person("ming")).await;
    }
}
