//! `GET /v1/page`: what a page needs to draw itself.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::requests::get;
use crate::harness::Setup;

const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

fn written(folder: &Path, name: &str, content: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    path.display().to_string()
}

#[tokio::test]
async fn a_service_without_a_page_section_tells_its_ways_in() {
    let service = Setup::every_channel().start().await;
    let page = get(&service, "/v1/page").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.headers["cache-control"], "public, max-age=60");
    let expected = json!({
        "colors": {},
        "consent": {"required": false},
        "footer": [],
        "languages": [{"tag": "zh-CN"}, {"tag": "zh-TW"}, {"tag": "en"}],
        "login": {
            "sms": "off",
            "phone": "required",
            "registration": "open",
            "sms_countries": ["86", "852", "853", "886"],
        },
        "channels": [
            {"channel": "official_account", "app": "main", "kind": "official_account"},
            {"channel": "in_wechat", "app": "main", "kind": "official_account"},
            {"channel": "website", "app": "site", "kind": "website"},
        ],
        "check": {"kind": "none"},
    });
    assert_eq!(page.json, expected);
}

#[tokio::test]
async fn what_the_operator_chose_is_told_and_its_files_are_served_under_their_contents() {
    let folder = tempfile::tempdir().unwrap();
    let texts = folder.path().join("texts");
    fs::create_dir(&texts).unwrap();
    written(&texts, "ja.json", r#"{"title": "ログイン"}"#);
    let service = Setup::default()
        .set("page.site_name", "优品</script>")
        .set("page.logo", written(folder.path(), "logo.svg", LOGO))
        .set("page.css", written(folder.path(), "site.css", "main { color: red }"))
        .set("page.accent", "#1456c8")
        .set("page.background", "#fff")
        .set("page.terms_url", "/terms")
        .set("page.consent", "required")
        .set("page.version", "2026-11")
        .set("page.footer.0.text", "沪ICP备00000000号")
        .set("page.footer.0.url", "https://beian.miit.gov.cn/")
        .set("page.languages", "zh-CN,ja")
        .set("page.texts", texts.display())
        .set("login.phone", "optional")
        .set("wechat.apps.0.display_name", "优品")
        .set("wechat.apps.0.picture", written(folder.path(), "account", LOGO))
        .start()
        .await;
    let page = get(&service, "/v1/page").await.json;
    assert_eq!(page["site_name"], "优品</script>");
    assert_eq!(page["consent"], json!({"required": true, "version": "2026-11"}));
    assert_eq!(page["colors"]["accent"], "#1456c8");
    assert_eq!(page["colors"]["background_text"], "#1a1a1a");
    assert_eq!(page["footer"], json!([{"text": "沪ICP备00000000号", "url": "https://beian.miit.gov.cn/"}]));
    assert_eq!((&page["terms_url"], &page["login"]["phone"]), (&json!("/terms"), &json!("optional")));
    let account = &page["channels"][0]["account"];
    assert_eq!(account["name"], "优品");
    for (file, kind, content) in [
        (&page["logo"], "image/svg+xml", LOGO),
        (&page["css"], "text/css; charset=utf-8", "main { color: red }"),
        (&page["languages"][1]["texts"], "application/json", r#"{"title": "ログイン"}"#),
        (&account["picture"], "image/svg+xml", LOGO),
    ] {
        let path = file.as_str().unwrap();
        let served = get(&service, path).await;
        assert_eq!((served.status.as_u16(), served.text.as_str()), (200, content), "{path}");
        assert_eq!(served.headers["content-type"], kind);
        assert_eq!(served.headers["cache-control"], "public, max-age=31536000, immutable");
        assert!(served.headers["content-security-policy"].to_str().unwrap().contains("sandbox"), "{path}");
    }
    let of_another_version = get(&service, "/assets/site/logo-0000000000000000.svg").await;
    assert_eq!(
        (of_another_version.text.as_str(), &of_another_version.headers["cache-control"]),
        (LOGO, &"no-cache".parse().unwrap())
    );
    assert_eq!(get(&service, "/assets/site/nothing-0000000000000000.svg").await.status, 404);
    let html = get(&service, "/login").await.text;
    let (_, rest) = html.split_once("<script type=\"application/json\" id=\"saoma-page\">").unwrap();
    let inline: Value = serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap();
    assert_eq!(inline, page, "the page has it inline");
}
