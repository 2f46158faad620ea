//! WeChat's API.

use std::io::Cursor;
use std::time::Duration;

use saoma_sandbox::{Api, OfficialAccount, Sandbox};
use serde_json::{Value, json};

use super::support::{Caller, MAIN, SITE, config, every_app, sandbox, stable_request};

#[tokio::test]
async fn the_stable_token_stays_the_same_and_every_call_is_counted() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let first = caller.post_json("/cgi-bin/stable_token", stable_request(MAIN)).await;
    assert_eq!(first["expires_in"], 7200);
    sandbox.advance_clock(Duration::from_secs(100));
    let second = caller.post_json("/cgi-bin/stable_token", stable_request(MAIN)).await;
    assert_eq!(second["access_token"], first["access_token"]);
    assert_eq!(second["expires_in"], 7100);
    assert_eq!(sandbox.calls(Api::StableToken), 2);
    assert_eq!(sandbox.calls(Api::QrcodeCreate), 0);
}

#[tokio::test]
async fn a_forced_refresh_ends_the_token_before() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let old = caller.stable_token().await;
    let mut forced = stable_request(MAIN);
    forced["force_refresh"] = json!(true);
    let new = caller.post_json("/cgi-bin/stable_token", forced).await;
    assert_ne!(new["access_token"], old);
    let info = caller.get_json(&format!("/cgi-bin/user/info?access_token={old}&openid=o")).await;
    assert_eq!(info["errcode"], 40001);
}

#[tokio::test]
async fn each_wrong_field_of_a_token_call_has_its_own_errcode() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let with = |name: &str, value: Value| {
        let mut request = stable_request(MAIN);
        request[name] = value;
        request.to_string()
    };
    let cases = [
        (with("grant_type", json!("password")), 40002),
        (with("grant_type", json!(null)), 40002),
        (with("appid", json!("wx0000000000000000")), 40013),
        (with("appid", json!("")), 41002),
        (with("secret", json!("wrong")), 40125),
        (with("secret", json!(null)), 41004),
        (with("force_refresh", json!("yes")), 47001),
        ("{".to_owned(), 47001),
        (String::new(), 44002),
    ];
    for (body, errcode) in cases {
        let response = caller.post("/cgi-bin/stable_token", body.clone()).await;
        assert_eq!(response.status(), 200);
        let answer: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert_eq!(answer["errcode"], errcode, "{body}");
        assert!(answer["errmsg"].as_str().unwrap().contains(" rid: "), "{answer}");
        assert!(answer.get("access_token").is_none());
    }
    assert_eq!(caller.get_json("/cgi-bin/stable_token").await["errcode"], 43002);
}

#[tokio::test]
async fn a_token_that_is_missing_malformed_unknown_old_or_killed_is_told_apart() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let token = caller.stable_token().await;
    let errcode_of = async |token: &str| {
        let answer = caller.get_json(&format!("/cgi-bin/user/info?access_token={token}&openid=o")).await;
        answer["errcode"].as_i64().unwrap()
    };
    assert_eq!(errcode_of("").await, 41001);
    assert_eq!(errcode_of("nonsense").await, 40014);
    assert_eq!(errcode_of(&format!("87_{}", "x".repeat(136))).await, 40001);
    assert_eq!(errcode_of(&token).await, 40003, "the token is good, the openid is not");
    sandbox.advance_clock(Duration::from_secs(7200));
    assert_eq!(errcode_of(&token).await, 42001);
    let next = caller.stable_token().await;
    assert_eq!(sandbox.kill_tokens("main").unwrap(), 2);
    assert_eq!(errcode_of(&next).await, 40001);
}

#[tokio::test]
async fn a_code_has_a_ticket_whose_picture_is_a_png() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let code = caller.make_code("login:web:abc", 120).await;
    assert_eq!(code["expire_seconds"], 120);
    assert!(code["url"].as_str().unwrap().starts_with("http://weixin.qq.com/q/"));
    let ticket = code["ticket"].as_str().unwrap();
    let path = reqwest::Url::parse_with_params("http://x/cgi-bin/showqrcode", [("ticket", ticket)]).unwrap();
    let path = format!("{}?{}", path.path(), path.query().unwrap());

    let response = caller.get(&path).await;
    assert_eq!(response.headers()["content-type"], "image/png");
    let bytes = response.bytes().await.unwrap();
    let mut reader = png::Decoder::new(Cursor::new(&bytes[..])).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let picture = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(picture.width, picture.height);
    assert!(pixels.contains(&0x00) && pixels.contains(&0xff), "dark and light");

    assert_eq!(caller.get("/cgi-bin/showqrcode?ticket=gQnone").await.status(), 404);
    sandbox.advance_clock(Duration::from_secs(120));
    assert_eq!(caller.get(&path).await.status(), 404);
}

#[tokio::test]
async fn codes_that_wechat_would_not_make_are_refused() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let token = caller.stable_token().await;
    let path = format!("/cgi-bin/qrcode/create?access_token={token}");
    let of = |name: &str, scene: Value| json!({ "expire_seconds": 60, "action_name": name, "action_info": { "scene": scene } });
    let text = |length: usize| json!({ "scene_str": "x".repeat(length) });
    let cases = [
        (of("QR_STR_SCENE", text(64)), None),
        (of("QR_STR_SCENE", text(65)), Some(40053)),
        (of("QR_STR_SCENE", text(0)), Some(40053)),
        (of("QR_STR_SCENE", json!({ "scene_id": 7 })), Some(40053)),
        (of("QR_SCENE", json!({ "scene_id": 7 })), Some(40052)),
        (of("QR_NO_SCENE", text(3)), Some(40052)),
        (json!([]), Some(40052)),
    ];
    for (body, errcode) in cases {
        let answer = caller.post_json(&path, body.clone()).await;
        assert_eq!(answer.get("errcode").and_then(Value::as_i64), errcode, "{body}");
    }
    let unsaid = json!({ "action_name": "QR_STR_SCENE", "action_info": { "scene": text(3) } });
    assert_eq!(
        caller.post_json(&path, unsaid).await["expire_seconds"],
        60,
        "the lifetime without expire_seconds"
    );
    let too_long = json!({ "expire_seconds": 2_592_001, "action_name": "QR_STR_SCENE", "action_info": { "scene": text(3) } });
    assert_eq!(caller.post_json(&path, too_long).await["errcode"], 40053);
    let not_json: Value = serde_json::from_str(&caller.post(&path, "x").await.text().await.unwrap()).unwrap();
    assert_eq!(not_json["errcode"], 40052);
}

#[tokio::test]
async fn user_info_tells_who_follows_and_never_a_name() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let ming = sandbox.person("ming").unwrap();
    let token = caller.stable_token().await;
    let openid = ming.openid("main").unwrap();
    let path = format!("/cgi-bin/user/info?access_token={token}&openid={openid}&lang=zh_CN");

    let stranger = caller.get_json(&path).await;
    assert_eq!(stranger, json!({ "subscribe": 0, "openid": openid, "unionid": ming.unionid() }));

    ming.scan(&caller.code_url("login:web:abc").await).await.unwrap();
    let follower = caller.get_json(&path).await;
    assert_eq!(follower["subscribe"], 1);
    assert_eq!(follower["unionid"], ming.unionid());
    assert_eq!(follower["subscribe_scene"], "ADD_SCENE_QR_CODE");
    assert_eq!(follower["qr_scene_str"], "login:web:abc");
    assert!(follower.get("nickname").is_none());
}

#[tokio::test]
async fn two_accounts_know_the_same_person_by_two_openids() {
    let other = OfficialAccount {
        name: "other".to_owned(),
        app_id: "wx1111222233334444".to_owned(),
        original_id: "gh_111122223333".to_owned(),
        open_account: None,
        ..OfficialAccount::demo()
    };
    let mut config = config();
    config.accounts.push(other);
    let sandbox = Sandbox::start(config).await.unwrap();
    let caller = Caller::new(&sandbox);
    let ming = sandbox.person("ming").unwrap();
    let (here, there) = (ming.openid("main").unwrap(), ming.openid("other").unwrap());
    assert_ne!(here, there);

    let mut request = stable_request(MAIN);
    request["appid"] = json!("wx1111222233334444");
    let token = caller.post_json("/cgi-bin/stable_token", request).await["access_token"].clone();
    let info = async |openid: &str| {
        caller
            .get_json(&format!("/cgi-bin/user/info?access_token={}&openid={openid}", token.as_str().unwrap()))
            .await
    };
    assert_eq!(info(&there).await, json!({ "subscribe": 0, "openid": there }), "bound to no open platform");
    assert_eq!(info(&here).await["errcode"], 40003, "an openid of another app");
}

#[tokio::test]
async fn a_website_has_no_access_token_of_its_own() {
    let sandbox = Sandbox::start(every_app()).await.unwrap();
    let answer = Caller::new(&sandbox).post_json("/cgi-bin/stable_token", stable_request(SITE)).await;
    assert_eq!(answer["errcode"], 40013);
}
