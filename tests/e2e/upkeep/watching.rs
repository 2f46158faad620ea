//! What `ops/` has for those who watch the service: Prometheus reads the metrics and knows every query.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::Value;
use tokio::{
    io::AsyncWriteExt,
    process::{Child, Command},
};

use crate::{
    contract::client,
    harness::{Answer, PATIENCE, Service, Setup, eventually, register},
};

const DASHBOARD: &str = include_str!("../../../ops/grafana/saoma.json");
const ALERTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ops/prometheus/alerts.yaml");

/// Returns where a program of Debian's Prometheus is, installed or brought by `tests/clients/install.sh`.
fn program(name: &str) -> Option<PathBuf> {
    let brought = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/clients/debian/usr/bin");
    let found =
        ["/usr/bin", brought].map(|place| Path::new(place).join(name)).into_iter().find(|path| path.exists());
    if found.is_none() {
        assert!(std::env::var_os("SAOMA_CLIENTS").is_none(), "{name} is missing");
        eprintln!("left out: `{name}` is missing (tests/clients/install.sh)");
    }
    found
}

/// Runs a program with a text as its input, and returns what it said.
async fn run(program: &Path, arguments: &[&str], input: &str) -> (bool, String) {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).await.unwrap();
    let output = tokio::time::timeout(PATIENCE, child.wait_with_output()).await.expect("it ends").unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test]
async fn promtool_finds_nothing_wrong_with_metrics_and_alerts() {
    let Some(promtool) = program("promtool") else { return };
    let service = Setup::every_channel().start().await;
    register(&service, &service.person("ming")).await;
    let metrics =
        client().get(format!("{}/metrics", service.admin_url)).send().await.unwrap().text().await.unwrap();
    let (is_clean, said) = run(&promtool, &["check", "metrics"], &metrics).await;
    assert!(is_clean && said.trim().is_empty(), "{said}");
    let (is_clean, said) = run(&promtool, &["check", "rules", ALERTS], "").await;
    assert!(is_clean, "{said}");
}

/// A Prometheus that watches a service.
struct Prometheus {
    url: String,
    _process: Child,
    _files: tempfile::TempDir,
}

impl Prometheus {
    async fn start(program: &Path, service: &Service) -> Self {
        let (files, port) = (tempfile::tempdir().unwrap(), saoma_servers::free_port().unwrap());
        let here = files.path().display();
        let target = service.admin_url.trim_start_matches("http://");
        let config = format!(
            "global: {{ scrape_interval: 200ms, evaluation_interval: 200ms }}\nrule_files: [\"{ALERTS}\"]\n\
             scrape_configs: [{{ job_name: saoma, static_configs: [{{ targets: [\"{target}\"] }}] }}]\n"
        );
        std::fs::write(files.path().join("prometheus.yml"), config).unwrap();
        let mut command = Command::new(program);
        command
            .arg(format!("--config.file={here}/prometheus.yml"))
            .arg(format!("--storage.tsdb.path={here}/data"));
        command.arg(format!("--web.listen-address=127.0.0.1:{port}")).arg("--log.level=error");
        let process = command.stdin(Stdio::null()).kill_on_drop(true).spawn().unwrap();
        Self { url: format!("http://127.0.0.1:{port}"), _process: process, _files: files }
    }

    async fn read(&self, path: &str) -> Option<Value> {
        let answer = client().get(format!("{}{path}", self.url)).send().await.ok()?;
        let answer = Answer::read(answer).await;
        (answer.json["status"] == "success").then(|| answer.json["data"].clone())
    }

    /// Returns how many series a query leads to; `None` where it is wrong.
    async fn ask(&self, query: &str) -> Option<usize> {
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let data = self.read(&format!("/api/v1/query?query={query}")).await?;
        data["result"].as_array().map(Vec::len)
    }
}

/// Returns the queries of the dashboard, each with its panel.
fn queries() -> Vec<(String, String)> {
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of_panel = |panel: &Value| {
        let title = text(&panel["title"]);
        let targets = panel["targets"].as_array().cloned().unwrap_or_default();
        targets.into_iter().map(move |target| (title.clone(), text(&target["expr"]))).collect::<Vec<_>>()
    };
    dashboard["panels"].as_array().unwrap().iter().flat_map(of_panel).collect()
}

/// Returns the names of our metrics in a query.
fn metrics_in(query: &str) -> BTreeSet<&str> {
    let words = query.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("saoma_")).collect()
}

#[tokio::test]
async fn a_prometheus_knows_every_query_of_the_dashboard_and_of_the_alerts() {
    let Some(program) = program("prometheus") else { return };
    let setup = Setup::default().set("login.codes_ready", 2);
    let service = setup.set("wechat.apps.0.relay_url", "http://127.0.0.1:1/").start().await;
    let prometheus = Prometheus::start(&program, &service).await;
    register(&service, &service.person("ming")).await;
    eventually("it has read the metrics twice", async || {
        let read = prometheus.ask("count_over_time(saoma_build_info[1m]) >= 2").await?;
        (read == 1).then_some(())
    })
    .await;
    let alerts = std::fs::read_to_string(ALERTS).unwrap();
    let all = queries();
    assert!(all.len() >= 12, "{}", all.len());
    let named = all.iter().flat_map(|(_, query)| metrics_in(query)).chain(metrics_in(&alerts));
    // Redis is told of where there is one.
    for metric in named.filter(|name| !name.starts_with("saoma_store_")).collect::<BTreeSet<_>>() {
        assert!(prometheus.ask(metric).await.is_some_and(|series| series > 0), "there is no {metric}");
    }
    for (panel, query) in &all {
        assert!(prometheus.ask(query).await.is_some(), "{panel}: {query}");
    }
    let groups = prometheus.read("/api/v1/rules").await.unwrap()["groups"].take();
    for rule in groups[0]["rules"].as_array().unwrap() {
        assert_ne!(rule["health"], "err", "{rule}");
    }
}
