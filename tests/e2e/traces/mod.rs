//! Traces for an OpenTelemetry collector.

mod collector;
mod unwell;

use reqwest::Method;
use saoma_sandbox::OfficialAccount;
use secrecy::ExposeSecret as _;
use serde_json::Value;

use crate::{
    contract::{client, get},
    harness::{Device, Service, Setup, bind_own_phone, eventually, scanned_by_new},
};
use collector::{Collector, Mood, attribute, number};
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;

/// Has a service send its spans to a collector, soon after they have ended.
fn traced(setup: Setup, collector: &Collector) -> Setup {
    setup
        .set("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url)
        .set("OTEL_BSP_SCHEDULE_DELAY", 20)
        .set("OTEL_EXPORTER_OTLP_TIMEOUT", 500)
}

#[tokio::test]
async fn each_request_of_a_login_is_a_tree_of_spans() {
    let collector = Collector::start(Mood::Takes);
    let setup = traced(Setup::default(), &collector)
        .set("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test,service.name=other")
        .set("OTEL_SERVICE_NAME", "shop-login");
    let service = setup.start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    bind_own_phone(&service, &device, &ming).await;

    let start = collector.span("POST /v1/logins").await;
    assert!(start.parent_span_id.is_empty());
    let code = collector.child_of(&start, "POST /cgi-bin/qrcode/create").await;
    assert_eq!(code.kind(), SpanKind::Client);
    assert_eq!(attribute(&code, "server.address").unwrap(), "127.0.0.1");
    assert_eq!(number(&code, "http.response.status_code"), Some(200));

    let callback = collector.span("POST /wechat/{app}/callback").await;
    assert_eq!(callback.kind(), SpanKind::Server);
    for (key, value) in [
        ("http.request.method", "POST"),
        ("http.route", "/wechat/{app}/callback"),
        ("url.path", "/wechat/{app}/callback"),
    ] {
        assert_eq!(attribute(&callback, key).as_deref(), Some(value), "{key}");
    }
    assert_eq!(number(&callback, "http.response.status_code"), Some(200));
    assert!(attribute(&callback, "request.id").unwrap().len() > 8);
    let of_callback = eventually("its transaction is sent", async || {
        collector.spans().into_iter().find(|span| {
            span.parent_span_id == callback.span_id
                && attribute(span, "db.operation.name").as_deref() == Some("transaction")
        })
    });
    let rule = of_callback.await;
    assert_eq!(attribute(&rule, "db.system.name").unwrap(), "sqlite");
    assert!(rule.name.starts_with("transaction ") && !rule.name.contains("::"), "{}", rule.name);

    let sms = collector.span("POST /v1/logins/{id}/sms-codes").await;
    let sms = collector.child_of(&sms, "sms").await;
    assert_eq!(attribute(&sms, "sms.provider").unwrap(), "webhook");
    collector.child_of(&sms, "POST sms").await;

    let bound = collector.span("POST /v1/logins/{id}/phone").await;
    assert_eq!(attribute(&bound, "login.id").unwrap(), device.id);
    assert!(start.start_time_unix_nano < bound.start_time_unix_nano);
    assert_eq!(collector.resource("service.name").unwrap(), "shop-login");
    assert_eq!(collector.resource("deployment.environment.name").unwrap(), "test");
    // The line of the login's end is found by the trace.
    let line = service.line_with("a login ended").await;
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["trace_id"].as_str().unwrap(), hex(&bound.trace_id));
    assert!(line["fields"]["login.id"].is_string() && line.get("spans").is_none(), "{line}");
}

#[tokio::test]
async fn no_secret_and_nothing_of_a_person_is_in_any_span() {
    let collector = Collector::start(Mood::Takes);
    let setup = traced(Setup::default(), &collector)
        .set("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20canaryCollector")
        .set("webhooks.0.url", format!("{}/hook?key=canaryHook", collector.url))
        .set("webhooks.0.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        .set("webhooks.0.events", "account.*,session.*");
    let service = setup.start().await;
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    let token = bind_own_phone(&service, &device, &ming).await.token().to_owned();
    let code = ming.sms().last().unwrap().code.clone();
    for path in [
        format!("/v1/logins/{}?poll_token={}", device.id, device.poll_token),
        format!("/v1/logins/{}", device.poll_token),
        format!("/nowhere/{token}?phone={}", ming.phone()),
        format!("/c/{token}"),
    ] {
        get(&service, &path).await;
    }
    let session = client().request(Method::GET, format!("{}/v1/session", service.url));
    session.bearer_auth(&token).header("user-agent", "canaryAgent").send().await.unwrap();

    collector.span("GET none").await;
    collector.span("GET /v1/session").await;
    let told = collector.span("tell an event").await;
    collector.child_of(&told, "POST webhook").await;
    let account = OfficialAccount::demo();
    let of_app = serde_json::json!({
        "grant_type": "client_credential", "appid": account.app_id, "secret": account.secret.expose_secret(),
    });
    let access = client().post(format!("{}/cgi-bin/stable_token", service.sandbox.base_url())).json(&of_app);
    let access: Value = access.send().await.unwrap().json().await.unwrap();
    let sent = collector.bytes();
    let has = |text: &str| sent.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has(&device.id), "the search works");
    for (what, secret) in [
        ("the number", ming.phone().trim_start_matches("+86")),
        ("the openid", &ming.openid("main").unwrap()),
        ("the poll token", &device.poll_token),
        ("the session token", &token),
        ("the SMS code", &code),
        ("the app's secret", account.secret.expose_secret()),
        ("the callback's token", account.token.expose_secret()),
        ("the collector's key", "canaryCollector"),
        ("the webhook's query", "canaryHook"),
        ("the user agent", "canaryAgent"),
        ("the server's key", &"5a".repeat(32)),
        ("WeChat's access token", access["access_token"].as_str().unwrap()),
    ] {
        assert!(!has(secret), "{what} is in a span");
    }
    assert!(collector.authorizations().iter().all(|header| header == "Bearer canaryCollector"));
    assert!(!service.log().contains("canaryCollector"));
}

#[tokio::test]
async fn a_trusted_proxy_says_which_trace_a_request_belongs_to_and_the_sites_own_system_is_told_it() {
    let collector = Collector::start(Mood::Takes);
    let (trace, parent) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
    let ask = async |service: &Service| {
        let request = client().post(format!("{}/v1/logins", service.url));
        let request = request.header("traceparent", format!("00-{trace}-{parent}-01"));
        request.json(&serde_json::json!({})).send().await.unwrap();
    };
    let stranger = traced(Setup::default(), &collector).start().await;
    ask(&stranger).await;
    let span = collector.span("POST /v1/logins").await;
    assert!(hex(&span.trace_id) != trace && span.parent_span_id.is_empty(), "a stranger's word counts");

    let collector = Collector::start(Mood::Takes);
    let setup = traced(Setup::default(), &collector)
        .set("server.trusted_proxies", "127.0.0.0/8")
        .set("wechat.apps.0.relay_url", format!("{}/hook", collector.url));
    let service = setup.start().await;
    ask(&service).await;
    let span = collector.span("POST /v1/logins").await;
    assert_eq!((hex(&span.trace_id).as_str(), hex(&span.parent_span_id).as_str()), (trace, parent));

    service.person("ming").follow("main").await.unwrap();
    let callback = collector.span("POST /wechat/{app}/callback").await;
    let relay = collector.child_of(&callback, "POST relay").await;
    let told = format!("00-{}-{}-01", hex(&relay.trace_id), hex(&relay.span_id));
    assert_eq!(collector.traceparents(), [Some(told)]);
}

#[tokio::test]
async fn a_sampler_leaves_out_whole_traces() {
    let collector = Collector::start(Mood::Takes);
    let setup = traced(Setup::default(), &collector).set("OTEL_TRACES_SAMPLER", "always_off");
    let mut service = setup.start().await;
    Device::start(&service).await;
    service.tell_to_stop().await;
    assert_eq!(service.ended().await, Some(0));
    assert_eq!(collector.calls(), 0);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
