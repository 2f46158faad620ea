//! A service with a WeChat, ports and files of its own.

use std::{path::Path, sync::Arc};

use saoma_api::domain::ports::Clock;
use saoma_sandbox::{MiniProgram, OfficialAccount, Person, Sandbox, SandboxConfig, WebsiteApp};
use tempfile::TempDir;

use super::embedded::Embedded;
use crate::common::{
    node::Node,
    settings::{self, Apps, environment},
};

/// What the processes of these tests log: everything, so that it can be searched for secrets.
const LEVEL: &str = "debug";

/// How a service is to be set up: the defaults of the contract, but for what is said here.
#[derive(Clone)]
pub(crate) struct Setup {
    apps: Apps,
    settings: Vec<(String, String)>,
}

impl Default for Setup {
    fn default() -> Self {
        let apps = Apps { accounts: vec![OfficialAccount::demo()], ..Apps::default() };
        Self { apps, settings: Vec::new() }
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
        self.apps.accounts = vec![account];
        self
    }

    /// Has one more official account.
    pub(crate) fn also(mut self, account: OfficialAccount) -> Self {
        self.apps.accounts.push(account);
        self
    }

    /// Has one more website.
    pub(crate) fn website(mut self, app: WebsiteApp) -> Self {
        self.apps.websites.push(app);
        self
    }

    /// Has one more mini program.
    pub(crate) fn mini_program(mut self, app: MiniProgram) -> Self {
        self.apps.mini_programs.push(app);
        self
    }

    /// Starts WeChat alone, and returns it with the settings of a service that works with it.
    pub(crate) async fn wechat(&self, dir: &Path) -> (Sandbox, Vec<(String, String)>) {
        // Whatever the test's own client and the sandbox's need.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let Apps { accounts, websites, mini_programs } = self.apps.clone();
        let config = SandboxConfig::with_account(OfficialAccount::demo());
        let config = SandboxConfig { accounts, websites, mini_programs, ..config };
        let sandbox = Sandbox::start(config).await.unwrap();
        let mut settings = settings::settings(&sandbox, &self.apps);
        settings.push(("database.url".to_owned(), format!("sqlite://{}", dir.join("saoma.db").display())));
        settings.extend(self.settings.clone());
        (sandbox, settings)
    }

    /// Starts WeChat and the service, and returns once it is ready.
    pub(crate) async fn start(self) -> Service {
        let dir = tempfile::tempdir().unwrap();
        let (sandbox, settings) = self.wechat(dir.path()).await;
        let node = Node::start(&settings, LEVEL).await;
        let (url, admin_url) = (node.url.clone(), node.admin_url.clone());
        let accounts = self.apps.accounts.into_iter().map(|account| account.name).collect();
        let service = Service { node, url, admin_url, settings, accounts, sandbox, dir };
        service.tell_wechat();
        service
    }
}

/// A running service with its WeChat.
pub(crate) struct Service {
    node: Node,
    /// Where the API is.
    pub(crate) url: String,
    /// Where the operator's endpoints are.
    pub(crate) admin_url: String,
    /// WeChat.
    pub(crate) sandbox: Sandbox,
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
        Node::start(&self.settings, LEVEL).await
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
        self.node.kill().await;
    }

    /// Starts the process again on the same files, as an operator's supervisor does.
    pub(crate) async fn start_again(&mut self) {
        self.node = Node::start(&self.settings, LEVEL).await;
        (self.url, self.admin_url) = (self.node.url.clone(), self.node.admin_url.clone());
        self.tell_wechat();
    }

    /// Tells the process to stop, as an operator's supervisor does.
    pub(crate) async fn tell_to_stop(&self) {
        self.node.tell_to_stop().await;
    }

    /// Returns the exit code of the process once it has ended.
    pub(crate) async fn ended(&mut self) -> Option<i32> {
        self.node.ended().await
    }

    /// Returns once so many clients wait.
    pub(crate) async fn waiting(&self, clients: usize) {
        self.node.waiting(clients).await;
    }

    /// Returns whether the process says that it can serve.
    pub(crate) async fn is_ready(&self) -> bool {
        self.node.is_ready().await
    }

    /// Returns what the process has logged so far.
    pub(crate) fn log(&self) -> String {
        self.node.log()
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
