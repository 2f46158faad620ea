//! What a site is made of.

use saoma_sandbox::{DeliveryPolicy, OfficialAccount};

use super::{Choice, Confirm};

/// What a site is made of.
pub(crate) struct Plan {
    /// How many nodes.
    pub(crate) nodes: usize,
    /// The URL of the store.
    pub(crate) store: String,
    /// The URL of the database.
    pub(crate) database: String,
    /// What the phones that scan are asked.
    pub(crate) confirm: Confirm,
    /// How the load balancer chooses a node.
    pub(crate) choice: Choice,
    /// The official accounts; the first one is `main`.
    pub(crate) accounts: Vec<OfficialAccount>,
    /// How WeChat sends events.
    pub(crate) delivery: DeliveryPolicy,
    /// More keys of the configuration.
    pub(crate) settings: Vec<(String, String)>,
}

impl Plan {
    /// Returns a plan of so many nodes on a Redis and a database, which ask phones nothing.
    pub(crate) fn new(nodes: usize, store: &str, database: &str) -> Self {
        Self {
            nodes,
            store: store.to_owned(),
            database: database.to_owned(),
            confirm: Confirm::Nothing,
            choice: Choice::Random,
            accounts: vec![OfficialAccount::demo()],
            delivery: DeliveryPolicy::default(),
            settings: Vec::new(),
        }
    }
}
