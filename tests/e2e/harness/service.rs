//! A service with a WeChat, ports and files of its own.

use std::path::Path;

use saoma_sandbox::{OfficialAccount, Person, Sandbox, SandboxConfig};
use tempfile::TempDir;

use crate::common::{node::Node, settings};

/// What the processes of these tests log: everything, so that it can be searched for secrets.
const LEVEL: &str = "debug";

/// How a service is to be set up: the defaults of the contract, but for what is said here.
#[derive(Clone)]
pub(crate) struct Setup {
    accounts: Vec<OfficialAccount>,
    settings: Vec<(String, String)>,
}

impl Default for Setup {
    fn default() -> Self {
        Self { accounts: vec![OfficialAccount::demo()], settings: Vec::new() }
    }
}

impl Setup {
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

    /// Starts WeChat and the service, and returns once it is ready.
    pub(crate) async fn start(self) -> Service {
        // Whatever the test's own client and the sandbox's need.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = SandboxConfig::with_account(OfficialAccount::demo());
        let config = SandboxConfig { accounts: self.accounts.clone(), ..config };
        let sandbox = Sandbox::start(config).await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        let settings = self.all_settings(&sandbox, dir.path());
        let node = Node::start(&settings, LEVEL).await;
        let (url, admin_url) = (node.url.clone(), node.admin_url.clone());
        let accounts = self.accounts.into_iter().map(|account| account.name).collect();
        let service = Service { node, url, admin_url, settings, accounts, sandbox, dir };
        service.tell_wechat();
        service
    }

    fn all_settings(&self, sandbox: &Sandbox, dir: &Path) -> Vec<(String, String)> {
        let mut settings = settings::settings(sandbox, &self.accounts);
        settings.push(("database.url".to_owned(), format!("sqlite://{}", dir.join("saoma.db").display())));
        settings.extend(self.settings.clone());
        settings
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
