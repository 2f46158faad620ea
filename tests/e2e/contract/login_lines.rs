//! Section 6: the lines in the log about logins.

use saoma_sandbox::{Api, Fault};
use serde_json::Value;

use crate::harness::{
    Browser, Device, Service, Setup, another_than, code_for, come_back, eventually, log_in, register,
    scanned_by_new,
};

/// Returns the lines about logins: those that ended, and the steps that failed.
fn lines(service: &Service) -> Vec<Value> {
    let log = service.log();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["level"] == "INFO" && line["fields"]["outcome"].is_string()).collect()
}

/// Waits for the line of a login with this outcome, and returns its fields.
async fn line_of(service: &Service, id: &str, outcome: &str) -> Value {
    let found = || {
        lines(service)
            .into_iter()
            .map(|line| line["fields"].clone())
            .find(|fields| fields["login.id"] == id && fields["outcome"] == outcome)
    };
    eventually("the line is written", async || found()).await
}

#[tokio::test]
async fn each_login_that_ended_has_one_line_with_what_is_needed_to_find_it() {
    let service = Setup::default().start().await;
    let ming = service.person("ming");
    let (device, _) = register(&service, &ming).await;
    let line = line_of(&service, &device.id, "registered").await;
    assert_eq!(
        (&line["channel"], &line["app"], &line["purpose"]),
        (&"official_account".into(), &"main".into(), &"web".into())
    );
    assert!(line["request.id"].as_str().unwrap().len() > 8, "{line}");
    assert!(line["duration_ms"].as_u64().unwrap() < 60_000, "{line}");
    let (again, _) = log_in(&service, &ming).await;
    line_of(&service, &again.id, "registered").await;
    device.look(&service).await;
    again.look(&service).await;
    let of = |id: &str| lines(&service).iter().filter(|line| line["fields"]["login.id"] == id).count();
    assert_eq!((of(&device.id), of(&again.id)), (1, 1));
    let log = service.log();
    let lines = log.lines().filter(|line| line.contains("a login ended"));
    for line in lines {
        assert!(!line.contains(ming.phone()) && !line.contains(&ming.openid("main").unwrap()), "{line}");
    }
}

#[tokio::test]
async fn a_login_that_was_given_up_refused_or_too_slow_has_a_line() {
    let service = Setup::every_channel().set("login.qr_ttl_s", 1).start().await;
    let cancelled = Device::start(&service).await;
    cancelled.cancel(&service).await;
    line_of(&service, &cancelled.id, "cancelled").await;
    let slow = Device::start(&service).await;
    let told = slow.wait(&service, 20, 1).await;
    assert_eq!(told.says(), "expired", "{}", told.text);
    let line = line_of(&service, &slow.id, "timeout").await;
    assert_eq!((&line["channel"], &line["app"]), (&"official_account".into(), &"main".into()));
}

#[tokio::test]
async fn each_step_that_failed_has_a_line() {
    let service = Setup::every_channel().start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    let code = code_for(&service, &device, &ming).await;
    device.bind(&service, ming.phone(), another_than(&code)).await;
    let line = line_of(&service, &device.id, "sms_code_wrong").await;
    assert_eq!((&line["step"], &line["app"]), (&"bound".into(), &"main".into()));

    service.sandbox.fail(Api::SnsAccessToken, &Fault::Close, 1);
    come_back(&service, &mut Browser::new(), &ming, "channel=website").await;
    service.sandbox.clear_faults();
    service.sandbox.fail(Api::QrcodeCreate, &Fault::Errcode { errcode: 48001 }, 1);
    Device::ask(&service, serde_json::json!({})).await;
    eventually("both lines are written", async || {
        let lines = lines(&service);
        let has = |step: &str, channel: &str, outcome: &str| {
            lines.iter().map(|line| &line["fields"]).any(|fields| {
                fields["step"] == step && fields["channel"] == channel && fields["outcome"] == outcome
            })
        };
        let both = has("scanned", "website", "wechat_unavailable")
            && has("started", "official_account", "wechat_refused");
        both.then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_start_says_which_secret_wechat_refuses() {
    let setup = Setup::every_channel().set("wechat.apps.2.secret", "wrong");
    let service = setup.start().await;
    let line = eventually("the line is written", async || {
        service
            .log()
            .lines()
            .find(|line| line.contains("\"ERROR\"") && line.contains("wechat.apps.mini"))
            .map(str::to_owned)
    });
    let line = line.await;
    assert!(line.contains("40125") && line.contains("secret"), "{line}");
    assert!(!service.log().contains("wechat.apps.main: WeChat refuses"));
}
