//! A service with a WeChat, ports and files of its own.

use std::{path::Path, sync::Arc};

use saoma_api::{
    Adapters, build,
    config::Config,
    domain::{ports::Clock, services::PeopleService},
};
use saoma_sandbox::{Person, Sandbox};
use tempfile::TempDir;

use super::{embedded::Embedded, setup::Setup};
use crate::{
    common::{node::Node, settings::environment},
    harness::eventually,
};

/// What the processes of these tests log: everything, so that it can be searched for secrets.
const LEVEL: &str = "debug";

impl Setup {
    /// Starts WeChat and the service, and returns once it is ready.
    pub(crate) async fn start(self) -> Service {
        let dir = tempfile::tempdir().unwrap();
        let (sandbox, settings) = self.wechat(dir.path()).await;
        let node = Node::start(&settings, LEVEL, self.files).await;
        let (url, admin_url) = (node.url.clone(), node.admin_url.clone());
        let accounts = self.accounts();
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
        Node::start(&self.settings, LEVEL, None).await
    }

    /// Starts the application of `examples/embed.rs` in this process, with the same settings, files and WeChat,
    /// by its own clock.
    pub(crate) async fn embed(&self, clock: Arc<dyn Clock>) -> Embedded {
        Embedded::start(&environment(&self.settings), clock).await
    }

    /// Returns the settings of the process.
    pub(crate) fn settings(&self) -> Vec<(String, String)> {
        self.settings.clone()
    }

    /// Returns the accounts as an application has them that has the service in it, with the same settings and files.
    pub(crate) async fn accounts(&self) -> Arc<PeopleService> {
        let config = Config::load(None, environment(&self.settings)).unwrap();
        let adapters = Adapters::connect(&config).await.unwrap();
        build(config, adapters).accounts()
    }

    /// Has WeChat send its events to another address.
    #[cfg(beside_servers)]
    pub(crate) fn tell_wechat_of(&self, url: &str) {
        self.sandbox.set_callback_url("main", &format!("{url}/wechat/main/callback")).unwrap();
    }

    /// Returns the configuration of the process as variables of an environment.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        environment(&self.settings)
    }

    /// Kills the process as `kill -9` does.
    pub(crate) async fn kill(&mut self) {
        self.node.kill().await;
    }

    /// Starts the process again on the same files, as an operator's supervisor does.
    pub(crate) async fn start_again(&mut self) {
        self.node = Node::start(&self.settings, LEVEL, None).await;
        (self.url, self.admin_url) = (self.node.url.clone(), self.node.admin_url.clone());
        self.tell_wechat();
    }

    /// Stops the process and starts it again with other values of some keys, as an operator does who has changed the
    /// configuration; an empty one takes a key away.
    pub(crate) async fn start_again_with(&mut self, changes: &[(&str, &str)]) {
        self.kill().await;
        self.settings.retain(|(key, _)| changes.iter().all(|(changed, _)| changed != key));
        let set = changes.iter().filter(|(_, value)| !value.is_empty());
        self.settings.extend(set.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        self.start_again().await;
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

    /// Returns the id of the process.
    pub(crate) fn process(&self) -> u32 {
        self.node.process()
    }

    /// Returns what the process has logged so far.
    pub(crate) fn log(&self) -> String {
        self.node.log()
    }

    /// Returns the first line of the log that has these words, once it is written: a call may be answered before.
    pub(crate) async fn line_with(&self, words: &str) -> String {
        let line = async || self.log().lines().find(|line| line.contains(words)).map(str::to_owned);
        eventually(&format!("the log says {words:?}"), line).await
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
