//! A Redis Cluster of three primaries with a replica each.

use super::{resp, single::RedisServer};
use crate::{ServerError, ports};

const PRIMARIES: u16 = 3;
const NODES: u16 = 2 * PRIMARIES;
const SLOTS: u16 = 16_384;

/// Three primaries and three replicas, which need 1.5 s to see that a primary is gone.
#[derive(Debug)]
pub struct RedisCluster {
    nodes: Vec<RedisServer>,
}

impl RedisCluster {
    /// Starts the nodes, makes a cluster of them, and returns it once all of them say that it works.
    ///
    /// # Errors
    /// [`ServerError`] when it does not come up.
    pub fn start() -> Result<Self, ServerError> {
        let mut nodes = Vec::new();
        for _ in 0..NODES {
            let arguments = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1500"];
            nodes.push(RedisServer::start_on(ports::free_with_bus()?, &arguments)?);
        }
        let mut cluster = Self { nodes };
        cluster.share_slots()?;
        cluster.introduce()?;
        cluster.replicate()?;
        cluster.wait_for_all("the cluster works", &["CLUSTER", "INFO"], &["cluster_state:ok"])?;
        Ok(cluster)
    }

    /// Lets the nodes wait 20 s before they take one for gone, as is fit for tests that do not look at failovers: on
    /// a busy machine a node is silent now and then, and a message published meanwhile would not reach it.
    ///
    /// # Errors
    /// [`ServerError::Io`] when one of them gives no answer, or says no.
    pub fn be_patient(&self) -> Result<(), ServerError> {
        for node in &self.nodes {
            node.ask(&["CONFIG", "SET", "cluster-node-timeout", "20000"])?;
        }
        Ok(())
    }

    /// Returns the URL that names three of the nodes.
    pub fn url(&self) -> String {
        let hosts = self.nodes.iter().take(PRIMARIES.into()).map(|node| format!("127.0.0.1:{}", node.port()));
        format!("redis+cluster://{}", hosts.collect::<Vec<_>>().join(","))
    }

    /// Returns the nodes, those that were primaries at first in front.
    pub fn nodes(&mut self) -> &mut [RedisServer] {
        &mut self.nodes
    }

    fn share_slots(&self) -> Result<(), ServerError> {
        for (number, node) in (0..PRIMARIES).zip(&self.nodes) {
            let first = number * (SLOTS / PRIMARIES);
            let last = if number + 1 == PRIMARIES { SLOTS } else { first + SLOTS / PRIMARIES } - 1;
            node.ask(&["CLUSTER", "ADDSLOTSRANGE", &first.to_string(), &last.to_string()])?;
        }
        for (number, node) in (1..).zip(&self.nodes) {
            node.ask(&["CLUSTER", "SET-CONFIG-EPOCH", &u32::to_string(&number)])?;
        }
        Ok(())
    }

    fn introduce(&mut self) -> Result<(), ServerError> {
        let Some((first, others)) = self.nodes.split_first() else {
            return Ok(());
        };
        for node in others {
            first.ask(&["CLUSTER", "MEET", "127.0.0.1", &node.port().to_string()])?;
        }
        let known = format!("cluster_known_nodes:{NODES}");
        self.wait_for_all("the nodes know each other", &["CLUSTER", "INFO"], &[&known])
    }

    fn replicate(&mut self) -> Result<(), ServerError> {
        let (primaries, replicas) = self.nodes.split_at_mut(PRIMARIES.into());
        for (primary, replica) in primaries.iter().zip(replicas) {
            let id = primary.ask(&["CLUSTER", "MYID"])?;
            let port = replica.port();
            // Refused until the replica has heard of its primary.
            replica.wait_until("a replica is told whom to follow", || {
                let told = resp::ask(port, &["CLUSTER", "REPLICATE", id.trim()]);
                told.map(drop).map_err(|error| error.to_string())
            })?;
            replica.wait_until("a replica follows", || {
                resp::says(port, &["INFO", "replication"], &["master_link_status:up"])
            })?;
        }
        Ok(())
    }

    fn wait_for_all(&mut self, until: &str, command: &[&str], lines: &[&str]) -> Result<(), ServerError> {
        for node in &mut self.nodes {
            let port = node.port();
            node.wait_until(until, || resp::says(port, command, lines))?;
        }
        Ok(())
    }
}
