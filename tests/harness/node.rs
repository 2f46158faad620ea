//! One process of the service: the real binary, on ports of its own.

use std::{
    process::Stdio,
    sync::{Arc, Mutex},
};

use saoma_servers::{PATIENCE, eventually};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStderr, Command},
};

use super::settings::environment;

const PROGRAM: &str = env!("CARGO_BIN_EXE_saoma");

/// A running process, which is killed when this is dropped.
pub(crate) struct Node {
    child: Child,
    /// Where its API is.
    pub(crate) url: String,
    /// Where its operator's endpoints are.
    pub(crate) admin_url: String,
    log: Arc<Mutex<String>>,
}

impl Node {
    /// Starts a process with keys of the configuration such as `login.qr_ttl_s`, which logs from a level on that
    /// has to show `info`, and may have so many files open; returns once it listens.
    pub(crate) async fn start(settings: &[(String, String)], level: &str, files: Option<u32>) -> Self {
        let limit = files.map_or(String::new(), |files| format!("ulimit -n {files} && "));
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{limit}exec '{PROGRAM}' serve")]);
        let mut child = command
            .envs(environment(settings))
            .env("RUST_LOG", level)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (mut seen, mut addresses) = (String::new(), None);
        while addresses.is_none() {
            let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.expect("it says something");
            let line = line.unwrap().unwrap_or_else(|| panic!("it ended at its start:\n{seen}"));
            addresses = listening(&line);
            seen += &(line + "\n");
        }
        let log = Arc::new(Mutex::new(seen));
        tokio::spawn(collect(lines, Arc::clone(&log)));
        let (public, admin) = addresses.unwrap();
        Self { child, url: format!("http://{public}"), admin_url: format!("http://{admin}"), log }
    }

    /// Kills the process as `kill -9` does.
    pub(crate) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Tells the process to stop, as an operator's supervisor does.
    pub(crate) async fn tell_to_stop(&self) {
        let id = self.process().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
        assert!(told.success());
    }

    /// Returns the exit code of the process once it has ended.
    pub(crate) async fn ended(&mut self) -> Option<i32> {
        tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("it stops").unwrap().code()
    }

    /// Returns once so many clients wait.
    pub(crate) async fn waiting(&self, clients: usize) {
        let line = format!("saoma_waiting_clients {clients}");
        eventually("clients wait", async || {
            let metrics = reqwest::get(format!("{}/metrics", self.admin_url)).await.unwrap();
            let metrics = metrics.text().await.unwrap();
            metrics.lines().any(|found| found == line).then_some(())
        })
        .await;
    }

    /// Returns the id of the process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id().expect("the process runs")
    }

    /// Returns whether the process says that it can serve.
    pub(crate) async fn is_ready(&self) -> bool {
        let answer = reqwest::get(format!("{}/readyz", self.url)).await;
        answer.is_ok_and(|answer| answer.status() == reqwest::StatusCode::OK)
    }

    /// Returns what the process has logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }
}

/// Finds the line that says where it listens.
fn listening(line: &str) -> Option<(String, String)> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    let field = |name| Some(line.get("fields")?.get(name)?.as_str()?.to_owned());
    Some((field("server.listen")?, field("server.admin_listen")?))
}

async fn collect(mut lines: tokio::io::Lines<BufReader<ChildStderr>>, log: Arc<Mutex<String>>) {
    while let Ok(Some(line)) = lines.next_line().await {
        *log.lock().unwrap() += &(line + "\n");
    }
}
