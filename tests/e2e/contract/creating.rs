//! `POST /v1/logins`

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

use super::requests::{client, fields, post, start_login};
use crate::harness::Setup;

fn is_base64url(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[tokio::test]
async fn a_device_gets_a_login_its_secret_and_a_code_to_show() {
    let service = Setup::default().start().await;
    let answer = start_login(&service, json!({"client": "device"})).await;
    assert_eq!(answer.status, 201);
    assert!(!answer.headers.contains_key("set-cookie"));
    let login = &answer.json;
    let names = "app channel expires_at expires_in id poll_interval_ms poll_token qr state version";
    assert_eq!(fields(login), names);
    assert!(is_base64url(login["id"].as_str().unwrap(), 32));
    assert!(is_base64url(login["poll_token"].as_str().unwrap(), 43), "256 bits");
    assert_eq!((login["state"].as_str(), login["version"].as_u64()), (Some("loop"), Some(1)));
    assert_eq!((login["channel"].as_str(), login["app"].as_str()), (Some("official_account"), Some("main")));
    let left = login["expires_in"].as_u64().unwrap();
    assert!((115..=120).contains(&left), "{left}");
    assert!(login["poll_interval_ms"].as_u64().unwrap() > 0);
    let at = OffsetDateTime::parse(login["expires_at"].as_str().unwrap(), &Rfc3339).unwrap();
    assert_eq!(at.offset(), UtcOffset::UTC);

    let qr = &login["qr"];
    assert_eq!(fields(qr), "content image_url svg");
    assert!(qr["svg"].as_str().unwrap().starts_with("<svg"));
    let codes = service.sandbox.qr_codes();
    assert_eq!(qr["content"].as_str(), Some(codes[0].url.as_str()));
    assert_eq!(codes[0].scene.to_string(), format!("login:web:{}", login["id"].as_str().unwrap()));
    let picture = client().get(qr["image_url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(picture.status(), 200, "WeChat's own picture is there");
}

#[tokio::test]
async fn a_browser_gets_no_secret_that_its_script_could_read() {
    let service = Setup::default().start().await;
    for client in [json!({}), json!({"client": "browser"})] {
        let answer = start_login(&service, client).await;
        assert_eq!(
            fields(&answer.json),
            "app channel expires_at expires_in id poll_interval_ms qr state version"
        );
        let cookie = answer.headers["set-cookie"].to_str().unwrap();
        let token = cookie.strip_prefix("saoma_login=").unwrap().split(';').next().unwrap();
        assert!(is_base64url(token, 43));
        assert!(!answer.text.contains(token));
    }
}

#[tokio::test]
async fn a_png_of_480_pixels_takes_the_place_of_the_svg_where_it_is_asked_for() {
    let service = Setup::default().start().await;
    let answer = start_login(&service, json!({"qr_format": "png"})).await;
    assert_eq!(fields(&answer.json["qr"]), "content image_url png");
    let png = STANDARD.decode(answer.json["qr"]["png"].as_str().unwrap()).unwrap();
    let image = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
    assert_eq!(image.info().size(), (480, 480));
    let svg = start_login(&service, json!({"qr_format": "svg"})).await;
    assert_eq!(fields(&svg.json["qr"]), "content image_url svg");
}

#[tokio::test]
async fn a_purpose_goes_into_the_scene_if_it_is_well_formed() {
    let service = Setup::default().start().await;
    for purpose in ["pc-web", "a", "0123456789abcdef", "-"] {
        let answer = start_login(&service, json!({"purpose": purpose})).await;
        assert_eq!(answer.status, 201, "{purpose}");
        let scene = service.sandbox.qr_codes()[0].scene.to_string();
        assert!(scene.starts_with(&format!("login:{purpose}:")) && scene.len() <= 64, "{scene}");
    }
    for purpose in ["", "PC", "a b", "a:b", "a_b", "ü", "0123456789abcdefg"] {
        assert_eq!(
            start_login(&service, json!({"purpose": purpose})).await.problem(),
            "body_invalid",
            "{purpose}"
        );
    }
}

#[tokio::test]
async fn only_a_configured_app_of_the_channels_kind_is_known() {
    let site = [("name", "site"), ("kind", "website"), ("app_id", "wx0000000000000001"), ("secret", "s")];
    let setup = site
        .iter()
        .fold(Setup::default(), |setup, (key, value)| setup.set(&format!("wechat.apps.1.{key}"), value));
    let service = setup.start().await;
    assert_eq!(start_login(&service, json!({"app": "main"})).await.status, 201);
    for app in ["nobody", "", "MAIN", "site", "main ", "../main"] {
        let answer = start_login(&service, json!({"app": app})).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (422, "app_unknown"), "{app}");
    }
    let asked = async |channel: &str, app: Option<&str>| {
        let mut body = json!({"channel": channel, "app": app});
        if ["mini_program", "app"].contains(&channel) {
            body["code"] = "0a1b".into();
        }
        post(&service, "/v1/logins", &body.to_string()).await
    };
    assert_eq!(asked("website", Some("site")).await.status, 201);
    assert_eq!(asked("website", None).await.json["app"], "site");
    assert_eq!(asked("in_wechat", None).await.json["app"], "main", "pages inside WeChat use it too");
    for (channel, app) in [
        ("website", Some("main")),
        ("in_wechat", Some("site")),
        ("mini_program", None),
        ("mini_program", Some("main")),
        ("mini_program", Some("site")),
        ("app", None),
        ("app", Some("site")),
    ] {
        let answer = asked(channel, app).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (422, "app_unknown"), "{channel} {app:?}");
    }
}

#[tokio::test]
async fn a_login_for_a_redirect_has_the_address_in_place_of_the_code_and_its_own_cookie() {
    let service = Setup::every_channel().start().await;
    for (channel, scope, page) in
        [("website", "snsapi_login", "qrconnect"), ("in_wechat", "snsapi_base", "oauth2/authorize")]
    {
        for client in ["browser", "device"] {
            let body = json!({"channel": channel, "client": client}).to_string();
            let answer = post(&service, "/v1/logins", &body).await;
            let login = &answer.json;
            let token = if client == "device" { " poll_token" } else { "" };
            let names = "app authorize_url channel expires_at expires_in id poll_interval_ms";
            assert_eq!(fields(login), format!("{names}{token} state version wx_login"));
            assert_eq!(fields(&login["wx_login"]), "appid redirect_uri scope state");
            assert_eq!(
                (&login["wx_login"]["scope"], &login["wx_login"]["state"]),
                (&scope.into(), &login["id"])
            );
            assert!(login["authorize_url"].as_str().unwrap().contains(&format!("/connect/{page}?")));
            let left = login["expires_in"].as_u64().unwrap();
            assert!((595..=600).contains(&left), "{left}");
            let cookies: Vec<&str> =
                answer.headers.get_all("set-cookie").iter().map(|set| set.to_str().unwrap()).collect();
            let own = format!("saoma_oauth_{}=", login["id"].as_str().unwrap());
            let (oauth, others): (Vec<&str>, Vec<&str>) =
                cookies.iter().partition(|set| set.starts_with(&own));
            assert_eq!((oauth.len(), others.len()), (1, usize::from(client == "browser")), "{cookies:?}");
            assert!(oauth[0].contains("; Path=/v1/oauth;") && oauth[0].contains("HttpOnly"), "{oauth:?}");
        }
    }
}

#[tokio::test]
async fn a_login_returns_to_this_site_or_to_where_the_operator_allows() {
    let service = Setup::default()
        .set("login.return_to_allowed", "https://shop.example.test/after")
        .set("limits.logins_per_ip_burst", 0)
        .start()
        .await;
    for fine in ["/", "/a/b?c=d#e", "/%2F%2Fevil.test", "https://shop.example.test/after/cart?x=1"] {
        assert_eq!(start_login(&service, json!({"return_to": fine})).await.status, 201, "{fine}");
    }
    let long = format!("/{}", "a".repeat(4096));
    for wrong in [
        "",
        "a",
        "?x",
        "#x",
        "//evil.test",
        "///evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        "\u{0}/a",
        " //evil.test",
        "http://evil.test",
        "https:evil.test",
        "https:/\\evil.test",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://shop.example.test",
        "https://shop.example.test.evil.test/after",
        "https://shop.example.test@evil.test/after",
        "https://user@shop.example.test/after",
        "http://shop.example.test/after",
        "https://shop.example.test:444/after",
        "https://shop.example.test/after/../other",
        "https://evil.test/?https://shop.example.test/after",
        "http://login.example.test.evil.test/",
        &long,
    ] {
        let answer = start_login(&service, json!({"return_to": wrong})).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (422, "return_to_refused"), "{wrong}");
        assert!(!answer.text.contains("evil.test"), "{}", answer.text);
    }
}
