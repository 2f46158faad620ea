//! What sends the spans, as a collector is told it.

use opentelemetry::KeyValue;
use opentelemetry_sdk::{
    Resource,
    resource::{EnvResourceDetector, TelemetryResourceDetector},
};

/// Returns this service under the name that the environment gives it, or `saoma`.
pub(super) fn of(read: impl Fn(&str) -> Option<String>) -> Resource {
    let attributes = read("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
    let named = attributes.split(',').filter_map(|entry| entry.split_once('='));
    let mut named =
        named.filter(|(key, _)| key.trim() == "service.name").map(|(_, name)| name.trim().to_owned());
    let name = read("OTEL_SERVICE_NAME").or(named.next_back()).unwrap_or_else(|| "saoma".to_owned());
    Resource::builder_empty()
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        // They win over what is said before them.
        .with_detectors(&[Box::new(TelemetryResourceDetector), Box::new(EnvResourceDetector::new())])
        .with_service_name(name)
        .build()
}
