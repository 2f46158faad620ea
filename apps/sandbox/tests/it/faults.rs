//! Scripted faults.

use std::time::{Duration, Instant};

use saoma_sandbox::{Api, Fault};
use serde_json::{Value, json};

use super::support::{Caller, Fixture, MAIN, sandbox, stable_request};

#[tokio::test]
async fn scripted_faults_come_in_order_and_then_calls_succeed() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    sandbox.fail(Api::StableToken, &Fault::Errcode { errcode: -1 }, 2);
    sandbox.fail(Api::StableToken, &Fault::Errcode { errcode: 45009 }, 1);
    let mut errcodes = Vec::new();
    for _call in 0..4 {
        let answer = caller.post_json("/cgi-bin/stable_token", stable_request(MAIN)).await;
        errcodes.push(answer.get("errcode").and_then(Value::as_i64));
    }
    assert_eq!(errcodes, [Some(-1), Some(-1), Some(45009), None]);
    assert_eq!(sandbox.calls(Api::StableToken), 4);
}

#[tokio::test]
async fn answers_can_be_broken_in_every_way() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let call = || caller.request("/cgi-bin/stable_token").body(stable_request(MAIN).to_string()).send();
    let next = |fault: Fault| sandbox.fail(Api::StableToken, &fault, 1);

    next(Fault::Html);
    assert!(call().await.unwrap().text().await.unwrap().starts_with("<!DOCTYPE html>"));
    next(Fault::TruncatedJson);
    let text = call().await.unwrap().text().await.unwrap();
    assert!(serde_json::from_str::<Value>(&text).is_err());
    next(Fault::Huge { bytes: 300_000 });
    assert!(call().await.unwrap().bytes().await.unwrap().len() > 300_000);
    next(Fault::Status { status: 500 });
    assert_eq!(call().await.unwrap().status(), 500);
    next(Fault::Close);
    assert!(call().await.is_err(), "no answer at all");
    assert!(call().await.unwrap().text().await.unwrap().contains("access_token"));
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "what is measured is the delay")]
async fn an_answer_can_be_late() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    sandbox.fail(Api::StableToken, &Fault::Delay { delay_ms: 150 }, 1);
    let before = Instant::now();
    caller.stable_token().await;
    assert!(before.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn faults_and_counters_are_there_over_http_too() {
    let sandbox = sandbox().await;
    let caller = Caller::new(&sandbox);
    let fault = json!({ "api": "user_info", "times": 3, "fault": { "kind": "errcode", "errcode": 48001 } });
    assert_eq!(caller.post_json("/sandbox/api/faults", fault).await["waiting"], 3);
    assert_eq!(caller.get_json("/cgi-bin/user/info").await["errcode"], 48001);
    let waiting = caller.get_json("/sandbox/api/faults").await;
    assert_eq!(waiting["user_info"].as_array().unwrap().len(), 2);
    assert_eq!(caller.delete("/sandbox/api/faults").await.status(), 204);
    assert_eq!(caller.get_json("/cgi-bin/user/info").await["errcode"], 41001);
    assert_eq!(caller.get_json("/sandbox/api/calls").await, json!({ "user_info": 2 }));
    let unknown = json!({ "api": "user_info", "fault": { "kind": "explode" } });
    assert_eq!(caller.post_json("/sandbox/api/faults", unknown).await["code"], "body_invalid");
}

#[tokio::test]
async fn every_api_can_fail_and_is_counted_under_its_name() {
    let Fixture { sandbox, caller, .. } = Fixture::new().await;
    let (get, post) = (false, true);
    let apis = [
        (Api::StableToken, "stable_token", post, "/cgi-bin/stable_token"),
        (Api::QrcodeCreate, "qrcode_create", post, "/cgi-bin/qrcode/create"),
        (Api::Showqrcode, "showqrcode", get, "/cgi-bin/showqrcode"),
        (Api::UserInfo, "user_info", get, "/cgi-bin/user/info"),
        (Api::QuotaGet, "quota_get", post, "/cgi-bin/openapi/quota/get"),
        (Api::CustomSend, "custom_send", post, "/cgi-bin/message/custom/send"),
        (Api::SmsWebhook, "sms_webhook", post, "/sandbox/sms/webhook"),
        (Api::Qrconnect, "qrconnect", get, "/connect/qrconnect"),
        (Api::Authorize, "authorize", get, "/connect/oauth2/authorize"),
        (Api::SnsAccessToken, "sns_access_token", get, "/sns/oauth2/access_token"),
        (Api::SnsRefreshToken, "sns_refresh_token", get, "/sns/oauth2/refresh_token"),
        (Api::SnsUserinfo, "sns_userinfo", get, "/sns/userinfo"),
        (Api::Jscode2session, "jscode2session", get, "/sns/jscode2session"),
        (Api::Getuserphonenumber, "getuserphonenumber", post, "/wxa/business/getuserphonenumber"),
    ];
    for (api, name, post, path) in apis {
        let call = async || if post { caller.post(path, "{}").await } else { caller.get(path).await };
        sandbox.fail(api, &Fault::Errcode { errcode: -1 }, 1);
        let answer = serde_json::from_str::<Value>(&call().await.text().await.unwrap()).unwrap();
        assert_eq!(answer["errcode"], -1, "{path}");
        sandbox.fail(api, &Fault::Status { status: 502 }, 1);
        assert_eq!(call().await.status(), 502, "{path}");
        assert_ne!(call().await.status(), 502, "{path}");
        assert_eq!(sandbox.calls(api), 3);
        assert_eq!(caller.get_json("/sandbox/api/calls").await[name], 3);
    }
}
