//! A site: nodes behind a load balancer, with a WeChat.

mod balancer;
mod plan;

use std::{
    hash::{BuildHasher, RandomState},
    net::SocketAddr,
};

use saoma_sandbox::{Limits, OfficialAccount, Person, Sandbox, SandboxConfig};
use saoma_servers::eventually;
use tokio::sync::Mutex;

use crate::common::{node::Node, settings};
pub(crate) use balancer::{Balancer, Choice};
pub(crate) use plan::Plan;

const LEVEL: &str = "info";

/// Limits that are counted and never reached: all clients have one address here.
const NEVER: [&str; 14] = [
    "logins_per_ip_burst",
    "logins_per_ip_per_min",
    "logins_per_network_per_min",
    "logins_per_day",
    "sms_per_phone_hour",
    "sms_per_phone_day",
    "sms_per_login",
    "sms_per_identity_day",
    "sms_per_ip_hour",
    "sms_per_ip_day",
    "sms_tries_per_phone_day",
    "waits_per_ip",
    "connections_per_ip",
    "sms_per_day",
];

/// What the phone that scans a code is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Confirm {
    /// Nothing: the scan counts.
    Nothing,
    /// To tap on the page of the link in its chat.
    Click,
}

impl Confirm {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "notify",
            Self::Click => "click",
        }
    }

    /// Says it, for figures.
    pub(crate) const fn said(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Click => "each phone asked first, ",
        }
    }
}

/// Nodes that share stores, a load balancer before them, and the WeChat that they all talk to.
pub(crate) struct Site {
    pub(crate) sandbox: Sandbox,
    /// Where clients and WeChat find some node.
    pub(crate) balancer: Balancer,
    nodes: Vec<Mutex<Node>>,
    settings: Vec<(String, String)>,
}

impl Site {
    /// Starts so many nodes on a Redis and a database, and returns once all of them are ready.
    pub(crate) async fn start(nodes: usize, store: &str, database: &str) -> Self {
        Self::launch(Plan::new(nodes, store, database)).await
    }

    /// Starts a site that asks the phones that scan.
    pub(crate) async fn start_asking(confirm: Confirm, nodes: usize, store: &str, database: &str) -> Self {
        Self::launch(Plan { confirm, ..Plan::new(nodes, store, database) }).await
    }

    /// Starts a site whose load balancer has a way of its own to choose.
    pub(crate) async fn start_with(nodes: usize, store: &str, database: &str, choice: Choice) -> Self {
        Self::launch(Plan { choice, ..Plan::new(nodes, store, database) }).await
    }

    /// Starts what a plan says, and returns once all nodes are ready.
    pub(crate) async fn launch(plan: Plan) -> Self {
        let Plan { nodes, store, database, confirm, choice, accounts, delivery, settings: more } = plan;
        // Whatever the test's own clients and the sandbox's need.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let limits = Limits { people: 100_000, codes: 100_000, events: 100_000, ..Limits::default() };
        let config = SandboxConfig {
            limits,
            delivery,
            accounts: accounts.clone(),
            ..SandboxConfig::with_account(OfficialAccount::demo())
        };
        let sandbox = Sandbox::start(config).await.unwrap();
        let apps = settings::Apps { accounts: accounts.clone(), ..settings::Apps::default() };
        let mut settings = settings::settings(&sandbox, &apps);
        settings.push(("store.url".to_owned(), store));
        settings.push(("database.url".to_owned(), database));
        settings.push(("wechat.apps.0.confirm".to_owned(), confirm.as_str().to_owned()));
        settings.push(("limits.sms_per_phone_gap_s".to_owned(), "0".to_owned()));
        settings.push(("limits.sms_unused_share".to_owned(), "0".to_owned()));
        settings.extend(NEVER.map(|limit| (format!("limits.{limit}"), "1000000000".to_owned())));
        settings.extend(more);
        let balancer = Balancer::start(nodes, choice).await;
        for OfficialAccount { name, .. } in &accounts {
            sandbox.set_callback_url(name, &format!("{}/wechat/{name}/callback", balancer.url)).unwrap();
        }
        let mut site = Self { sandbox, balancer, nodes: Vec::new(), settings };
        for number in 0..nodes {
            let node = Node::start(&site.settings, LEVEL, None).await;
            site.balancer.admit(number, address(&node));
            site.nodes.push(Mutex::new(node));
        }
        site.until_ready().await;
        site
    }

    /// Returns how many nodes there are.
    pub(crate) fn size(&self) -> usize {
        self.nodes.len()
    }

    /// Returns the person of this name.
    pub(crate) fn person(&self, name: &str) -> Person {
        self.sandbox.person(name).unwrap()
    }

    /// Kills a node as `kill -9` does, and starts another one in its place.
    pub(crate) async fn replace(&self, number: usize) {
        let mut node = self.nodes[number].lock().await;
        node.kill().await;
        self.balancer.dismiss(number);
        *node = Node::start(&self.settings, LEVEL, None).await;
        self.balancer.admit(number, address(&node));
    }

    /// Uses a node by itself.
    pub(crate) async fn node(&self, number: usize) -> tokio::sync::MutexGuard<'_, Node> {
        self.nodes[number].lock().await
    }

    /// Returns once all nodes say that they can serve.
    pub(crate) async fn until_ready(&self) {
        for node in &self.nodes {
            let node = node.lock().await;
            eventually("a node is ready", async || node.is_ready().await.then_some(())).await;
        }
    }

    /// Checks that no node that still runs has panicked.
    pub(crate) async fn assert_sound(&self) {
        for node in &self.nodes {
            let log = node.lock().await.log();
            assert!(!log.contains("panicked"), "{log}");
        }
    }
}

fn address(node: &Node) -> SocketAddr {
    node.url.trim_start_matches("http://").parse().unwrap()
}

/// Returns any number below another one.
pub(crate) fn random(below: usize) -> usize {
    let drawn = RandomState::new().hash_one(0) % u64::try_from(below).unwrap();
    usize::try_from(drawn).unwrap()
}
