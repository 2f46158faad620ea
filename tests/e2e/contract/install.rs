//! Sections 6 and 7: what an operator meets on the first day.

use saoma_sandbox::{CallbackMode, OfficialAccount};

use super::{
    program::{right_but, saoma, shows_no_secret},
    requests::get,
};
use crate::harness::{Setup, register};

#[tokio::test]
async fn a_new_key_is_32_bytes_in_hex_and_another_each_time() {
    let key = async || saoma(&["key"], &[]).await.succeeds().stdout.trim().to_owned();
    let (one, other) = (key().await, key().await);
    assert_ne!(one, other);
    for key in [one, other] {
        assert_eq!(key.len(), 64);
        assert!(key.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}");
        let checked = saoma(&["migrate"], &right_but(&[("server.key", Some(&key))])).await;
        assert_eq!(checked.code, Some(0), "{checked:?}");
    }
}

#[tokio::test]
async fn an_errcode_is_explained_in_the_language_that_is_asked_for() {
    let chinese = saoma(&["errcode", "40164", "--lang", "zh"], &[]).await.succeeds().stdout;
    assert!(chinese.contains("40164") && chinese.contains("白名单"), "{chinese}");
    let english = saoma(&["errcode", "--lang", "en", "40164"], &[]).await.succeeds().stdout;
    assert!(english.contains("IP whitelist"), "{english}");
    assert!(saoma(&["errcode", "-1"], &[]).await.succeeds().stdout.contains("busy"));
    assert!(saoma(&["errcode", "callback_refused"], &[]).await.succeeds().stdout.contains("Token"));
    let unknown = saoma(&["errcode", "12345"], &[]).await;
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.stderr.contains("12345"), "{unknown:?}");
    let no_language = saoma(&["errcode", "40164", "--lang", "fr"], &[]).await;
    assert_eq!(no_language.code, Some(2));
}

#[tokio::test]
async fn verification_files_of_a_folder_are_served_at_the_root() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    write("MP_verify_AbCdEf0123456789.txt", "AbCdEf0123456789");
    write("secret.txt", "canary");
    let service = Setup::default().set("wechat.verify_files", dir.path().display()).start().await;
    let file = get(&service, "/MP_verify_AbCdEf0123456789.txt").await;
    assert_eq!((file.status.as_u16(), file.text.as_str()), (200, "AbCdEf0123456789"));
    assert!(file.headers["content-type"].to_str().unwrap().starts_with("text/plain"));
    write("WW_verify_late.txt", "late");
    assert_eq!(get(&service, "/WW_verify_late.txt").await.text, "late", "without a restart");
    for none in
        ["/MP_verify_none.txt", "/secret.txt", "/MP_verify_..%2fsecret.txt", "/MP_verify_/../secret.txt"]
    {
        assert_eq!(get(&service, none).await.status, 404, "{none}");
    }
    let on_admin = get(&service, &format!("{}/WW_verify_late.txt", service.admin_url)).await;
    assert_eq!(on_admin.status, 404);
}

#[tokio::test]
async fn verification_files_may_stand_in_the_configuration() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("saoma.toml");
    std::fs::write(&config, "[wechat.verify_files]\n\"MP_verify_x.txt\" = 'y'\n\"other.txt\" = 'z'\n")
        .unwrap();
    let output = saoma(&["migrate", "--config", config.to_str().unwrap()], &right_but(&[])).await;
    assert_eq!(output.code, Some(2));
    assert!(
        output.stderr.contains("wechat.verify_files") && output.stderr.contains("other.txt"),
        "{output:?}"
    );
    let missing = saoma(&["migrate"], &right_but(&[("wechat.verify_files", Some("/nowhere"))])).await;
    assert_eq!(missing.code, Some(2));
    assert!(missing.stderr.contains("wechat.verify_files"), "{missing:?}");
}

#[tokio::test]
async fn a_test_account_needs_neither_an_aes_key_nor_a_gateway() {
    let test_account = [
        ("wechat.apps.0.test_account", Some("true")),
        ("wechat.apps.0.encoding_aes_key", None),
        ("server.public_url", Some("https://login.example.test")),
    ];
    assert_eq!(saoma(&["migrate"], &right_but(&test_account)).await.code, Some(0));
    let refused = async |more: &[(&'static str, Option<&'static str>)]| {
        let output = saoma(&["migrate"], &right_but(&[&test_account[..], more].concat())).await;
        assert_eq!(output.code, Some(2), "{output:?}");
        shows_no_secret(&output);
        output.stderr
    };
    assert!(refused(&[("wechat.apps.0.mode", Some("secure"))]).await.contains("wechat.apps[0].mode"));
    let beside_a_real_one = [
        ("wechat.apps.1.name", Some("shop")),
        ("wechat.apps.1.kind", Some("official_account")),
        ("wechat.apps.1.app_id", Some("wx00000000000000a1")),
        ("wechat.apps.1.secret", Some("canaryAppSecret")),
        ("wechat.apps.1.token", Some("canaryToken")),
        ("wechat.apps.1.encoding_aes_key", Some("canaryAesKeycanaryAesKeycanaryAesKeycanary1")),
    ];
    assert!(refused(&beside_a_real_one).await.contains("sms.provider"));
}

#[tokio::test]
async fn a_service_that_asks_for_no_number_needs_no_sms_provider() {
    let real = ("server.public_url", Some("https://login.example.test"));
    let without = saoma(&["migrate"], &right_but(&[real, ("login.phone", Some("off"))])).await;
    assert_eq!(without.code, Some(0), "{without:?}");
    for asked in [("login.phone", Some("optional")), ("login.sms", Some("on"))] {
        let refused = saoma(&["migrate"], &right_but(&[real, asked])).await;
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(refused.stderr.contains("sms.provider"), "{refused:?}");
    }
    let named = [real, ("login.phone", Some("off")), ("sms.provider", Some("log"))];
    assert_eq!(saoma(&["migrate"], &right_but(&named)).await.code, Some(2), "it would show codes");
}

#[tokio::test]
async fn a_login_works_with_a_test_account() {
    let account = OfficialAccount { mode: CallbackMode::Plain, ..OfficialAccount::demo() };
    let setup = Setup::default().account(account).set("wechat.apps.0.test_account", true);
    let service = setup.start().await;
    register(&service, &service.person("ming")).await;
}
