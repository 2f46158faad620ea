//! The real binary, on ports and files of its own, with a WeChat of its own.

use std::{
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
};

use saoma_api::domain::ports::Clock;
use saoma_sandbox::{MiniProgram, OfficialAccount, Person, Sandbox, SandboxConfig, WebsiteApp};
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStderr, Command},
};

use super::{
    embedded::Embedded,
    patience::{PATIENCE, eventually},
};

/// What the service believes its address to be; cookies and origins go by it.
pub(crate) const PUBLIC_URL: &str = "http://login.example.test";

/// How a service is to be set up: the defaults of the contract, but for what is said here.
#[derive(Clone)]
pub(crate) struct Setup {
    accounts: Vec<OfficialAccount>,
    websites: Vec<WebsiteApp>,
    mini_programs: Vec<MiniProgram>,
    settings: Vec<(String, String)>,
}

impl Default for Setup {
    fn default() -> Self {
        let accounts = vec![OfficialAccount::demo()];
        Self { accounts, websites: Vec::new(), mini_programs: Vec::new(), settings: Vec::new() }
    }
}

impl Setup {
    /// Has an app of each kind: the official account `main`, the website `site` and the mini program `mini`.
    pub(crate) fn every_door() -> Self {
        Self::default().website(WebsiteApp::demo()).mini_program(MiniProgram::demo())
    }

    /// Sets a key of the configuration, such as `login.qr_ttl_s`.
    #[expect(clippy::needless_pass_by_value, reason = "numbers, flags and texts are written as they are")]
    pub(crate) fn set(mut self, key: &str, value: impl ToString) -> Self {
        self.settings.push((key.to_owned(), value.to_string()));
        self
    }

    /// Uses another official account than the demo's.
    pub(crate) fn account(mut self, account: OfficialAccount) -> Self {
        self.accounts = vec![account];
        self
    }

    /// Has one more official account.
    pub(crate) fn also(mut self, account: OfficialAccount) -> Self {
        self.accounts.push(account);
        self
    }

    /// Has one more website.
    pub(crate) fn website(mut self, app: WebsiteApp) -> Self {
        self.websites.push(app);
        self
    }

    /// Has one more mini program.
    pub(crate) fn mini_program(mut self, app: MiniProgram) -> Self {
        self.mini_programs.push(app);
        self
    }

    /// Starts WeChat alone, and returns it with the settings of a service that works with it.
    pub(crate) async fn wechat(&self, dir: &Path) -> (Sandbox, Vec<(String, String)>) {
        // Whatever the test's own client and the sandbox's need.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = SandboxConfig::with_account(OfficialAccount::demo());
        let (websites, mini_programs) = (self.websites.clone(), self.mini_programs.clone());
        let config = SandboxConfig { accounts: self.accounts.clone(), websites, mini_programs, ..config };
        let sandbox = Sandbox::start(config).await.unwrap();
        let settings = self.all_settings(&sandbox, dir);
        (sandbox, settings)
    }

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

    fn all_settings(&self, sandbox: &Sandbox, dir: &Path) -> Vec<(String, String)> {
        let wechat = sandbox.base_url();
        let mut settings: Vec<(String, String)> = [
            ("server.listen", "127.0.0.1:0".to_owned()),
            ("server.admin_listen", "127.0.0.1:0".to_owned()),
            ("server.public_url", PUBLIC_URL.to_owned()),
            ("server.key", "5a".repeat(32)),
            ("server.shutdown_grace_s", "5".to_owned()),
            ("database.url", format!("sqlite://{}", dir.join("saoma.db").display())),
            ("wechat.api_base", wechat.clone()),
            ("wechat.open_base", wechat.clone()),
            ("wechat.mp_base", wechat),
            ("sms.provider", "webhook".to_owned()),
            ("sms.url", sandbox.sms_webhook_url()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .to_vec();
        settings.extend(self.apps());
        settings.extend(self.settings.clone());
        settings
    }

    fn apps(&self) -> impl Iterator<Item = (String, String)> {
        let accounts = self.accounts.iter().map(account);
        let websites = self.websites.iter().map(|app| {
            let own = [("open_account", app.open_account.clone().unwrap_or_default())];
            (common("website", &app.name, &app.app_id, &app.secret), own.to_vec())
        });
        let mini_programs = self.mini_programs.iter().map(|app| {
            let own = [("open_account", app.open_account.clone().unwrap_or_default())];
            (common("mini_program", &app.name, &app.app_id, &app.secret), own.to_vec())
        });
        let apps = accounts.chain(websites).chain(mini_programs).enumerate();
        apps.flat_map(|(at, (common, own))| {
            let settings = common.into_iter().chain(own);
            settings.map(move |(key, value)| (format!("wechat.apps.{at}.{key}"), value))
        })
    }
}

type Keys = Vec<(&'static str, String)>;

fn common(kind: &str, name: &str, app_id: &str, secret: &SecretString) -> Keys {
    vec![
        ("kind", kind.to_owned()),
        ("name", name.to_owned()),
        ("app_id", app_id.to_owned()),
        ("secret", secret.expose_secret().to_owned()),
    ]
}

fn account(account: &OfficialAccount) -> (Keys, Keys) {
    let own = vec![
        ("token", account.token.expose_secret().to_owned()),
        ("encoding_aes_key", account.encoding_aes_key.expose_secret().to_owned()),
        ("mode", format!("{:?}", account.mode).to_lowercase()),
        ("open_account", account.open_account.clone().unwrap_or_default()),
    ];
    (common("official_account", &account.name, &account.app_id, &account.secret), own)
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
pub(crate) fn environment(settings: &[(String, String)]) -> Vec<(String, String)> {
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
