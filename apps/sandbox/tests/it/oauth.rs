//! Codes and tokens of users, of websites and inside WeChat.

use std::time::Duration;

use saoma_sandbox::Api;
use serde_json::{Value, json};

use super::support::{Fixture, MAIN, MINI, MOBILE, SITE, every_app, in_wechat, parameter, qrconnect};

impl Fixture {
    /// Ming allows a URL; returns the code.
    fn code(&self, url: &str) -> String {
        parameter(&self.ming.allow(url).unwrap(), "code").unwrap()
    }

    /// Ming logs in to the website; returns the answer with the token.
    async fn website_token(&self) -> Value {
        self.caller.exchange(SITE, &self.code(&qrconnect(&self.sandbox))).await
    }

    async fn userinfo(&self, token: &Value, openid: &Value) -> Value {
        let (token, openid) = (token.as_str().unwrap(), openid.as_str().unwrap());
        self.caller.get_json(&format!("/sns/userinfo?access_token={token}&openid={openid}&lang=zh_CN")).await
    }
}

#[tokio::test]
async fn allowing_a_website_leads_back_with_code_and_state_behind_what_was_there() {
    let fixture = Fixture::new().await;
    let back = fixture.ming.allow(&qrconnect(&fixture.sandbox)).unwrap();
    assert_eq!(back.host_str(), Some("demo.example"));
    let code = parameter(&back, "code").unwrap();
    assert_eq!(back.query(), Some(format!("a=1&code={code}&state=abc-_9").as_str()));
}

#[tokio::test]
async fn a_website_learns_openid_unionid_name_and_picture() {
    let fixture = Fixture::new().await;
    let token = fixture.website_token().await;
    assert_eq!(token["openid"], fixture.ming.openid("site").unwrap());
    assert_ne!(token["openid"], fixture.ming.openid("main").unwrap());
    assert_eq!(token["unionid"], fixture.ming.unionid());
    assert_eq!((&token["scope"], &token["expires_in"]), (&json!("snsapi_login"), &json!(7200)));
    assert!(token.get("is_snapshotuser").is_none() && token.get("errcode").is_none());

    let info = fixture.userinfo(&token["access_token"], &token["openid"]).await;
    assert_eq!((&info["nickname"], &info["unionid"]), (&json!("ming"), &token["unionid"]));
    assert_eq!((&info["sex"], &info["province"]), (&json!(0), &json!("")), "WeChat tells neither any more");
    let picture = info["headimgurl"].as_str().unwrap();
    assert!(picture.ends_with("/132"), "{picture}");
    let shown = fixture.caller.get(picture.strip_prefix(&fixture.sandbox.base_url()).unwrap()).await;
    assert_eq!(shown.headers()["content-type"], "image/svg+xml");
    assert_eq!(fixture.sandbox.calls(Api::SnsAccessToken), 1);
    assert_eq!(fixture.sandbox.calls(Api::SnsUserinfo), 1);

    let again = |app_id: &str, refresh_token: &str| {
        format!(
            "/sns/oauth2/refresh_token?appid={app_id}&grant_type=refresh_token&refresh_token={refresh_token}"
        )
    };
    let (app_id, refresh) = ("wx9a8b7c6d5e4f3a21", token["refresh_token"].as_str().unwrap());
    let fresh = fixture.caller.get_json(&again(app_id, refresh)).await;
    assert_ne!(fresh["access_token"], token["access_token"]);
    let info = fixture.userinfo(&fresh["access_token"], &fresh["openid"]).await;
    assert_eq!(info["nickname"], "ming");
    assert_eq!(fixture.caller.get_json(&again("wx0000000000000000", refresh)).await["errcode"], 40030);
    assert_eq!(fixture.caller.get_json(&again(app_id, "another")).await["errcode"], 40030);
}

#[tokio::test]
async fn behind_a_proxy_with_tls_the_picture_is_at_https() {
    let fixture = Fixture::new().await;
    let token = fixture.website_token().await;
    let text = |name: &str| token[name].as_str().unwrap().to_owned();
    let query = format!("access_token={}&openid={}", text("access_token"), text("openid"));
    let url = format!("{}/sns/userinfo?{query}", fixture.sandbox.base_url());
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(saoma_tls::client_config(false).unwrap())
        .no_proxy()
        .build()
        .unwrap();
    let call =
        client.get(url).header("X-Forwarded-Proto", "https").header("X-Forwarded-Host", "wechat.example");
    let info: serde_json::Value =
        serde_json::from_str(&call.send().await.unwrap().text().await.unwrap()).unwrap();
    assert_eq!(info["headimgurl"], "https://wechat.example/sandbox/avatars/ming/132");
}

#[tokio::test]
async fn inside_wechat_only_userinfo_tells_a_unionid_and_a_name() {
    let fixture = Fixture::new().await;
    let base =
        fixture.caller.exchange(MAIN, &fixture.code(&in_wechat(&fixture.sandbox, "snsapi_base"))).await;
    assert_eq!(
        (&base["openid"], &base["scope"]),
        (&json!(fixture.ming.openid("main").unwrap()), &json!("snsapi_base"))
    );
    assert!(base.get("unionid").is_none());
    assert_eq!(fixture.userinfo(&base["access_token"], &base["openid"]).await["errcode"], 48001);

    let full =
        fixture.caller.exchange(MAIN, &fixture.code(&in_wechat(&fixture.sandbox, "snsapi_userinfo"))).await;
    assert_eq!((&full["openid"], &full["unionid"]), (&base["openid"], &json!(fixture.ming.unionid())));
    assert_eq!(fixture.userinfo(&full["access_token"], &full["openid"]).await["nickname"], "ming");
}

#[tokio::test]
async fn a_mobile_applications_code_lives_ten_minutes_and_tells_everything() {
    let fixture = Fixture::new().await;
    let (code, late) = (fixture.ming.sdk_login("mobile").unwrap(), fixture.ming.sdk_login("mobile").unwrap());
    assert!(fixture.ming.sdk_login("mini").is_err() && fixture.ming.wx_login("mobile").is_err());
    fixture.sandbox.advance_clock(Duration::from_secs(599));
    let told = fixture.caller.exchange(MOBILE, &code).await;
    assert_eq!(
        (&told["scope"], &told["unionid"]),
        (&json!("snsapi_userinfo"), &json!(fixture.ming.unionid()))
    );
    assert_eq!(fixture.userinfo(&told["access_token"], &told["openid"]).await["nickname"], "ming");
    assert_eq!(fixture.caller.exchange(MOBILE, &code).await["errcode"], 40163);
    assert_eq!(fixture.caller.exchange(SITE, &late).await["errcode"], 40029, "it is one app's");
    fixture.sandbox.advance_clock(Duration::from_secs(1));
    assert_eq!(fixture.caller.exchange(MOBILE, &late).await["errcode"], 42003);
}

#[tokio::test]
async fn a_snapshot_page_is_of_a_virtual_account_and_says_so() {
    let fixture = Fixture::new().await;
    let url = in_wechat(&fixture.sandbox, "snsapi_userinfo");
    let code = parameter(&fixture.ming.allow_as_snapshot(&url).unwrap(), "code").unwrap();
    let token = fixture.caller.exchange(MAIN, &code).await;
    assert_eq!(token["is_snapshotuser"], 1);
    assert_ne!(token["openid"], fixture.ming.openid("main").unwrap());
    assert_ne!(token["unionid"], fixture.ming.unionid());
    let info = fixture.userinfo(&token["access_token"], &token["openid"]).await;
    assert_eq!((&info["nickname"], &info["unionid"]), (&json!("微信用户"), &token["unionid"]));

    let forced =
        fixture.caller.exchange(MAIN, &fixture.code(&url.replace("#", "&forceSnapShot=true#"))).await;
    assert_eq!((&forced["is_snapshotuser"], &forced["openid"]), (&json!(1), &token["openid"]));
    for other in [qrconnect(&fixture.sandbox), in_wechat(&fixture.sandbox, "snsapi_base")] {
        assert!(fixture.ming.allow_as_snapshot(&other).is_err(), "no consent page, no snapshot: {other}");
    }
}

#[tokio::test]
async fn of_many_exchanges_at_once_one_succeeds() {
    let fixture = Fixture::new().await;
    let code = fixture.code(&qrconnect(&fixture.sandbox));
    let answers = futures_util::future::join_all((0..50).map(|_| fixture.caller.exchange(SITE, &code))).await;
    assert_eq!(answers.iter().filter(|answer| answer.get("access_token").is_some()).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer["errcode"] == 40163).count(), 49);
    assert_eq!(fixture.sandbox.calls(Api::SnsAccessToken), 50);
}

#[tokio::test]
async fn a_code_of_a_website_lives_ten_minutes_and_one_from_inside_wechat_five() {
    let fixture = Fixture::new().await;
    let scopes = ["snsapi_base", "snsapi_userinfo"].map(|scope| in_wechat(&fixture.sandbox, scope));
    for (app, url, life_s) in
        [(SITE, &qrconnect(&fixture.sandbox), 600), (MAIN, &scopes[0], 300), (MAIN, &scopes[1], 300)]
    {
        let (in_time, late, forgotten) = (fixture.code(url), fixture.code(url), fixture.code(url));
        fixture.sandbox.advance_clock(Duration::from_secs(life_s - 1));
        assert!(fixture.caller.exchange(app, &in_time).await.get("access_token").is_some(), "{url}");
        fixture.sandbox.advance_clock(Duration::from_secs(1));
        assert_eq!(fixture.caller.exchange(app, &late).await["errcode"], 42003, "{url}");
        fixture.sandbox.advance_clock(Duration::from_secs(600));
        assert_eq!(fixture.caller.exchange(app, &forgotten).await["errcode"], 40029, "{url}");
    }
}

#[tokio::test]
async fn every_wrong_exchange_has_its_own_errcode_and_leaves_the_code_good() {
    let fixture = Fixture::new().await;
    let code = fixture.code(&qrconnect(&fixture.sandbox));
    let grant = "grant_type=authorization_code";
    let cases = [
        (format!("{MAIN}&code={code}&{grant}"), 40029),
        (format!("{SITE}&code=0nonsense&{grant}"), 40029),
        (format!("{SITE}x&code={code}&{grant}"), 40125),
        (format!("appid=wx0&secret=x&code={code}&{grant}"), 40013),
        (format!("{MINI}&code={code}&{grant}"), 40013),
        (format!("secret=x&code={code}&{grant}"), 41002),
        (format!("appid=wx9a8b7c6d5e4f3a21&code={code}&{grant}"), 41004),
        (format!("{SITE}&{grant}"), 41008),
        (format!("{SITE}&code={code}"), 40002),
    ];
    for (query, errcode) in cases {
        let answer = fixture.caller.get_json(&format!("/sns/oauth2/access_token?{query}")).await;
        assert_eq!(answer["errcode"], errcode, "{query}");
        assert!(answer["errmsg"].as_str().unwrap().contains(" rid: "));
    }
    assert_eq!(fixture.caller.post_json("/sns/oauth2/access_token", json!({})).await["errcode"], 43001);
    assert!(fixture.caller.exchange(SITE, &code).await.get("access_token").is_some());
}

#[tokio::test]
async fn a_users_token_is_good_with_its_openid_until_its_time_is_over() {
    let fixture = Fixture::new().await;
    let token = fixture.website_token().await;
    let (access, openid) = (&token["access_token"], &token["openid"]);
    let foreign = json!(fixture.ming.openid("main").unwrap());
    assert_eq!(fixture.userinfo(access, &foreign).await["errcode"], 40003);
    assert_eq!(fixture.userinfo(&json!("87_nonsense"), openid).await["errcode"], 40001);
    assert_eq!(fixture.userinfo(&json!(""), openid).await["errcode"], 41001);
    assert_eq!(fixture.userinfo(access, &json!("")).await["errcode"], 41009);
    fixture.sandbox.advance_clock(Duration::from_secs(7199));
    assert_eq!(fixture.userinfo(access, openid).await["nickname"], "ming");
    fixture.sandbox.advance_clock(Duration::from_secs(1));
    assert_eq!(fixture.userinfo(access, openid).await["errcode"], 42001);
}

#[tokio::test]
async fn the_oldest_codes_and_tokens_make_room() {
    let mut config = every_app();
    config.limits.one_time_codes = 2;
    config.limits.user_tokens = 1;
    let fixture = Fixture::with(config).await;
    let url = qrconnect(&fixture.sandbox);
    let codes = [fixture.code(&url), fixture.code(&url), fixture.code(&url)];
    assert_eq!(fixture.caller.exchange(SITE, &codes[0]).await["errcode"], 40029);
    let (first, second) =
        (fixture.caller.exchange(SITE, &codes[1]).await, fixture.caller.exchange(SITE, &codes[2]).await);
    assert_eq!(fixture.userinfo(&first["access_token"], &first["openid"]).await["errcode"], 40001);
    assert_eq!(fixture.userinfo(&second["access_token"], &second["openid"]).await["nickname"], "ming");
}
