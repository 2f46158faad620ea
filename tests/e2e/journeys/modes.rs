//! The modes of WeChat's callback, in both data formats.

use saoma_sandbox::{CallbackFormat, CallbackMode, OfficialAccount};

use crate::harness::{Setup, log_in, register};

async fn people_log_in(mode: CallbackMode) {
    tokio::join!(people_log_in_by(mode, CallbackFormat::Xml), people_log_in_by(mode, CallbackFormat::Json));
}

async fn people_log_in_by(mode: CallbackMode, format: CallbackFormat) {
    let account = OfficialAccount { mode, format, ..OfficialAccount::demo() };
    let unsigned = mode == CallbackMode::Plain;
    let setup = Setup::default().account(account).set("wechat.apps.0.allow_unsigned_body", unsigned);
    let service = setup.start().await;
    assert!(service.sandbox.check_callback_url("main").await.unwrap(), "the console takes the URL");
    let ming = service.person("ming");
    register(&service, &ming).await;
    log_in(&service, &ming).await;
    let said = ming.chat("main");
    assert!(said[0].text.starts_with("扫码成功"), "{said:?}");
    assert!(said[1].text.starts_with("已登录"), "{said:?}");
}

#[tokio::test]
async fn people_log_in_where_callbacks_are_plain() {
    people_log_in(CallbackMode::Plain).await;
}

#[tokio::test]
async fn people_log_in_where_callbacks_are_plain_and_encrypted() {
    people_log_in(CallbackMode::Compat).await;
}

#[tokio::test]
async fn people_log_in_where_callbacks_are_encrypted() {
    people_log_in(CallbackMode::Secure).await;
}
