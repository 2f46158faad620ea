//! What the environment says, by the standard variables of OpenTelemetry.

use std::{str::FromStr, time::Duration};

use percent_encoding::percent_decode_str;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

/// A variable of the environment that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {reason}")]
pub struct TraceSettingError {
    /// The variable.
    pub variable: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

/// How spans are sent.
#[derive(Debug)]
pub(super) struct Settings {
    /// The variable that named the collector.
    pub(super) variable: &'static str,
    pub(super) endpoint: Url,
    pub(super) headers: HeaderMap,
    /// How long one try may take.
    pub(super) timeout: Duration,
    /// How many spans may wait.
    pub(super) queue: usize,
    /// How many spans are sent at once at the most.
    pub(super) batch: usize,
    /// How long a span waits for others.
    pub(super) delay: Duration,
}

const SAMPLERS: [&str; 6] = [
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_on",
    "parentbased_always_off",
    "parentbased_traceidratio",
];

impl Settings {
    /// Reads them; `None` where no collector is named, or nothing is to be sent.
    pub(super) fn of(read: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, TraceSettingError> {
        if read("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Ok(None);
        }
        let exporter = read("OTEL_TRACES_EXPORTER");
        if exporter.as_deref() == Some("none") {
            return Ok(None);
        }
        let Some((variable, endpoint)) = endpoint(&read)? else { return Ok(None) };
        must(
            "OTEL_TRACES_EXPORTER",
            exporter.as_deref(),
            |name| name == "otlp",
            "it can be `otlp` or `none`",
        )?;
        let is_proto = |name: &str| name == "http/protobuf";
        let only = "only `http/protobuf` is spoken, most often on port 4318";
        for variable in ["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] {
            must(variable, read(variable).as_deref(), is_proto, only)?;
        }
        check_sampler(&read)?;
        let headers = match read("OTEL_EXPORTER_OTLP_TRACES_HEADERS") {
            Some(text) => headers("OTEL_EXPORTER_OTLP_TRACES_HEADERS", &text)?,
            None => headers(
                "OTEL_EXPORTER_OTLP_HEADERS",
                &read("OTEL_EXPORTER_OTLP_HEADERS").unwrap_or_default(),
            )?,
        };
        let timeout = match number(&read, "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT")? {
            Some(timeout) => timeout,
            None => number(&read, "OTEL_EXPORTER_OTLP_TIMEOUT")?.unwrap_or(10_000),
        };
        let queue = number(&read, "OTEL_BSP_MAX_QUEUE_SIZE")?.unwrap_or(2048).max(1);
        let batch = number(&read, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE")?.unwrap_or(512).clamp(1, queue);
        let delay = number(&read, "OTEL_BSP_SCHEDULE_DELAY")?.unwrap_or(5000);
        Ok(Some(Self {
            variable,
            endpoint,
            headers,
            timeout: Duration::from_millis(timeout),
            queue: usize::try_from(queue).unwrap_or(2048),
            batch: usize::try_from(batch).unwrap_or(512),
            delay: Duration::from_millis(delay),
        }))
    }
}

/// Returns where spans go, and the variable that says it.
fn endpoint(read: impl Fn(&str) -> Option<String>) -> Result<Option<(&'static str, Url)>, TraceSettingError> {
    let (own, common) = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT");
    let (variable, text) = match (read(own), read(common)) {
        (Some(text), _) => (own, text),
        (None, Some(text)) => (common, format!("{}/v1/traces", text.trim_end_matches('/'))),
        (None, None) => return Ok(None),
    };
    let url = Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let wrong = || wrong(variable, "it has to be an address such as `http://127.0.0.1:4318`");
    Ok(Some((variable, url.ok_or_else(wrong)?)))
}

fn check_sampler(read: impl Fn(&str) -> Option<String>) -> Result<(), TraceSettingError> {
    let sampler = read("OTEL_TRACES_SAMPLER");
    let has_ratio = sampler.as_deref().is_some_and(|name| name.ends_with("traceidratio"));
    let known = format!("it can be {}", SAMPLERS.map(|name| format!("`{name}`")).join(", "));
    must("OTEL_TRACES_SAMPLER", sampler.as_deref(), |name| SAMPLERS.contains(&name), &known)?;
    if !has_ratio {
        return Ok(());
    }
    let is_ratio = |text: &str| text.parse().is_ok_and(|ratio: f64| (0.0..=1.0).contains(&ratio));
    let ratio = read("OTEL_TRACES_SAMPLER_ARG").unwrap_or_default();
    must("OTEL_TRACES_SAMPLER_ARG", Some(ratio.as_str()), is_ratio, "it has to be a number from 0 to 1")
}

/// Reads `name=value,name=value`, with values as a URL encodes them.
fn headers(variable: &'static str, text: &str) -> Result<HeaderMap, TraceSettingError> {
    let mut headers = HeaderMap::new();
    for entry in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
        let header = entry.split_once('=').and_then(|(name, value)| {
            let value = percent_decode_str(value.trim()).decode_utf8().ok()?;
            let mut value = HeaderValue::from_str(&value).ok()?;
            value.set_sensitive(true);
            Some((HeaderName::from_str(name.trim()).ok()?, value))
        });
        // What it says may be a secret.
        let (name, value) = header.ok_or_else(|| wrong(variable, "it has to be `name=value,name=value`"))?;
        headers.insert(name, value);
    }
    Ok(headers)
}

fn number(
    read: impl Fn(&str) -> Option<String>,
    variable: &'static str,
) -> Result<Option<u64>, TraceSettingError> {
    let Some(text) = read(variable) else { return Ok(None) };
    text.trim().parse().map(Some).map_err(|_| wrong(variable, "it has to be a whole number"))
}

fn must(
    variable: &'static str,
    value: Option<&str>,
    is_good: impl Fn(&str) -> bool,
    reason: &str,
) -> Result<(), TraceSettingError> {
    match value {
        Some(value) if !is_good(value) => Err(wrong(variable, reason)),
        Some(_) | None => Ok(()),
    }
}

pub(super) fn wrong(variable: &'static str, reason: &str) -> TraceSettingError {
    TraceSettingError { variable, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<Option<Settings>, TraceSettingError> {
        let read = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Settings::of(read)
    }

    const COLLECTOR: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318/");

    #[test]
    fn without_a_collector_or_when_told_so_nothing_is_sent() {
        assert!(of(&[("OTEL_SERVICE_NAME", "x"), ("OTEL_TRACES_SAMPLER", "nonsense")]).unwrap().is_none());
        assert!(of(&[COLLECTOR, ("OTEL_SDK_DISABLED", "TRUE")]).unwrap().is_none());
        assert!(of(&[COLLECTOR, ("OTEL_TRACES_EXPORTER", "none")]).unwrap().is_none());
    }

    #[test]
    fn an_address_for_traces_is_taken_as_it_is_and_a_common_one_gets_the_path() {
        let common = of(&[COLLECTOR]).unwrap().unwrap();
        assert_eq!(common.endpoint.as_str(), "http://127.0.0.1:4318/v1/traces");
        let own = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://traces.example/in?key=1");
        let own = of(&[COLLECTOR, own]).unwrap().unwrap();
        assert_eq!(own.endpoint.as_str(), "https://traces.example/in?key=1");
        assert_eq!((own.queue, own.batch, own.timeout), (2048, 512, Duration::from_secs(10)));
    }

    #[test]
    fn headers_are_decoded_and_never_printed() {
        let settings =
            of(&[COLLECTOR, ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Basic%20aGk=, x-team = a")]);
        let settings = settings.unwrap().unwrap();
        assert_eq!(settings.headers.get("authorization").unwrap(), "Basic aGk=");
        assert_eq!(settings.headers.get("x-team").unwrap(), "a");
        assert!(!format!("{settings:?}").contains("aGk"));
    }

    #[test]
    fn a_mistake_names_its_variable() {
        for (variable, value) in [
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "127.0.0.1:4318"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json"),
            ("OTEL_TRACES_EXPORTER", "zipkin"),
            ("OTEL_TRACES_SAMPLER", "sometimes"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "secret"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "-1"),
        ] {
            let error = of(&[(variable, value), COLLECTOR]).unwrap_err();
            assert_eq!(error.variable, variable);
            assert!(!error.to_string().contains("secret"));
        }
        let ratio = [COLLECTOR, ("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "2")];
        assert_eq!(of(&ratio).unwrap_err().variable, "OTEL_TRACES_SAMPLER_ARG");
        assert_eq!(of(&ratio[..2]).unwrap_err().variable, "OTEL_TRACES_SAMPLER_ARG");
    }
}
