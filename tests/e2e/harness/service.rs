//! The real binary, on ports and files of its own, with a WeChat of its own.

use std::{
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
};

use saoma_api::domain::ports::Clock;
use saoma_sandbox::{Person, Sandbox};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStderr, Command},
};

use super::{
    embedded::Embedded,
    patience::{PATIENCE, eventually},
    setup::Setup,
};

impl Setup {
    /// Starts WeChat and the service, and returns once it is ready.
    pub(crate) async fn start(self) -> Service {
        let dir = tempfile::tempdir().unwrap();
        let (sandbox, settings) = self.wechat(dir.path()).await;
        let (child, url, admin_url, log) = spawn(&settings).await;
        let accounts = self.accounts.into_iter().map(|account| account.name).collect();
        let service = Service { child, url, admin_url, log, settings, accounts, sandbox, dir };
        service.tell_wechat();
        service
    }
}

/// Another process of the same service.
#[cfg(beside_servers)]
pub(crate) struct Node {
    /// Where its API is.
    pub(crate) url: String,
    _child: Child,
}

/// A running service with its WeChat.
pub(crate) struct Service {
    child: Child,
    /// Where the API is.
    pub(crate) url: String,
    /// Where the operator's endpoints are.
    pub(crate) admin_url: String,
    /// WeChat.
    pub(crate) sandbox: Sandbox,
    log: Arc<Mutex<String>>,
    settings: Vec<(String, String)>,
    accounts: Vec<String>,
    dir: TempDir,
}

impl Service {
    /// Returns a person of this WeChat who is not there yet, with a phone number of their own.
    pub(crate) fn person(&self, name: &str) -> Person {
        self.sandbox.person(name).unwrap()
    }

    /// Starts another process with the same settings, files and WeChat.
    #[cfg(beside_servers)]
    pub(crate) async fn another_node(&self) -> Node {
        let (child, url, _, _) = spawn(&self.settings).await;
        Node { url, _child: child }
    }

    /// Starts the application of `examples/embed.rs` in this process, with the same settings, files and WeChat,
    /// by its own clock.
    pub(crate) async fn embed(&self, clock: Arc<dyn Clock>) -> Embedded {
        Embedded::start(&environment(&self.settings), clock).await
    }

    /// Has WeChat send its events to another address.
    #[cfg(beside_servers)]
    pub(crate) fn tell_wechat_of(&self, url: &str) {
        self.sandbox.set_callback_url("main", &format!("{url}/wechat/main/callback")).unwrap();
    }

    /// Kills the process as `kill -9` does.
    pub(crate) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Starts the process again on the same files, as an operator's supervisor does.
    pub(crate) async fn start_again(&mut self) {
        (self.child, self.url, self.admin_url, self.log) = spawn(&self.settings).await;
        self.tell_wechat();
    }

    /// Tells the process to stop, as an operator's supervisor does.
    pub(crate) async fn tell_to_stop(&self) {
        let id = self.child.id().expect("the process runs").to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
        assert!(told.success());
    }

    /// Returns the exit code of the process once it has ended.
    pub(crate) async fn ended(&mut self) -> Option<i32> {
        tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("it stops").unwrap().code()
    }

    /// Returns once so many clients wait.
    pub(crate) async fn waiting(&self, clients: u32) {
        let line = format!("saoma_waiting_clients {clients}");
        eventually("clients wait", async || {
            let metrics = reqwest::get(format!("{}/metrics", self.admin_url)).await.unwrap();
            let metrics = metrics.text().await.unwrap();
            metrics.lines().any(|found| found == line).then_some(())
        })
        .await;
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

    /// Returns the directory of the service's files.
    pub(crate) fn files(&self) -> &Path {
        self.dir.path()
    }

    fn tell_wechat(&self) {
        for account in &self.accounts {
            let url = format!("{}/wechat/{account}/callback", self.url);
            self.sandbox.set_callback_url(account, &url).unwrap();
        }
    }
}

/// Returns settings as the variables of an environment.
fn environment(settings: &[(String, String)]) -> Vec<(String, String)> {
    let name = |key: &str| format!("SAOMA__{}", key.to_uppercase().replace('.', "__"));
    settings.iter().map(|(key, value)| (name(key), value.clone())).collect()
}

async fn spawn(settings: &[(String, String)]) -> (Child, String, String, Arc<Mutex<String>>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_saoma"))
        .arg("serve")
        .envs(environment(settings))
        .env("RUST_LOG", "debug")
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
    (child, format!("http://{public}"), format!("http://{admin}"), log)
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
