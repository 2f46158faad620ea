//! A collector that is away, refuses or hangs; variables that are wrong; and the end of the process.

use tokio::time::timeout;

use super::{
    collector::{Collector, Mood},
    traced,
};
use crate::{
    contract::{command_with, get},
    harness::{Device, PATIENCE, Service, Setup, eventually, log_in, register},
};

/// Returns a counter of spans.
async fn count(service: &Service, outcome: &str) -> u64 {
    let metrics = get(service, &format!("{}/metrics", service.admin_url)).await.text;
    let series = format!("saoma_trace_spans_total{{outcome=\"{outcome}\"}} ");
    metrics.lines().find_map(|line| line.strip_prefix(&series)).expect("it is there").parse().unwrap()
}

/// Logs people in, and says that nothing of it was slow or failed.
async fn works(service: &Service) {
    let ming = service.person("ming");
    let logins = async {
        register(service, &ming).await;
        for _ in 0..3 {
            log_in(service, &ming).await;
        }
    };
    timeout(PATIENCE, logins).await.expect("no login waits for the collector");
}

/// Returns how often the log complains of the collector.
fn complaints(service: &Service) -> usize {
    service.log().lines().filter(|line| line.contains("\"WARN\"") && line.contains("traces: ")).count()
}

#[tokio::test]
async fn a_collector_that_refuses_costs_a_line_a_minute() {
    let collector = Collector::start(Mood::Refuses);
    let service = traced(Setup::default(), &collector).start().await;
    assert_eq!(count(&service, "sent").await, 0);
    works(&service).await;
    eventually("two batches were refused", async || (collector.calls() >= 2).then_some(())).await;
    assert!(count(&service, "refused").await > 0 && count(&service, "sent").await == 0);
    service.line_with("/v1/traces: it answered 403").await;
    assert_eq!(complaints(&service), 1);
}

#[tokio::test]
async fn a_collector_that_hangs_costs_no_client_anything_and_holds_up_no_end() {
    let collector = Collector::start(Mood::NeverAnswers);
    let setup = traced(Setup::default(), &collector).set("OTEL_BSP_MAX_QUEUE_SIZE", 4);
    let mut service = setup.set("OTEL_EXPORTER_OTLP_TIMEOUT", 60_000).start().await;
    works(&service).await;
    eventually("the queue is full", async || (count(&service, "dropped").await > 0).then_some(())).await;
    service.tell_to_stop().await;
    let ended = timeout(PATIENCE, service.ended()).await;
    assert_eq!(ended.expect("the end does not wait as long as the collector may"), Some(0));
    service.line_with("the collector did not take the last spans in time").await;
}

#[tokio::test]
async fn without_anything_at_its_address_logins_go_on() {
    let port = saoma_servers::free_port().unwrap();
    let setup =
        Setup::default().set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", format!("http://127.0.0.1:{port}/"));
    let service = setup.set("OTEL_BSP_SCHEDULE_DELAY", 20).start().await;
    works(&service).await;
    eventually("spans are lost", async || (count(&service, "refused").await > 0).then_some(())).await;
    service.line_with("traces: ").await;
    assert_eq!(complaints(&service), 1);
}

#[tokio::test]
async fn the_last_spans_are_sent_before_the_process_ends() {
    let collector = Collector::start(Mood::Takes);
    let mut service =
        traced(Setup::default(), &collector).set("OTEL_BSP_SCHEDULE_DELAY", 600_000).start().await;
    Device::start(&service).await;
    service.tell_to_stop().await;
    assert_eq!(service.ended().await, Some(0));
    assert!(collector.spans().iter().any(|span| span.name == "POST /v1/logins"));
}

#[tokio::test]
async fn without_a_collector_or_when_it_is_switched_off_nothing_is_sent() {
    let collector = Collector::start(Mood::Takes);
    let setup = traced(Setup::default(), &collector).set("OTEL_SDK_DISABLED", "true");
    let mut service = setup.start().await;
    Device::start(&service).await;
    assert!(!service.log().contains("trace_id"));
    service.tell_to_stop().await;
    assert_eq!(service.ended().await, Some(0));
    assert_eq!(collector.calls(), 0);
}

#[tokio::test]
async fn a_variable_that_is_wrong_stops_the_start_and_is_named() {
    for (variable, value) in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_TRACES_SAMPLER", "sometimes"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let mut command = command_with(&["serve"], dir.path());
        command.env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:1/v1/traces");
        if variable.ends_with("ENDPOINT") {
            command.env_remove("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        }
        let output = tokio::time::timeout(PATIENCE, command.env(variable, value).output()).await;
        let output = output.expect("it ends").unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(&format!("{variable}: ")), "{said}");
    }
}
