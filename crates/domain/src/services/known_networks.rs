//! The networks that logged in before: part of the day's QR codes is kept for them.
//!
//! What lies in the store is a keyed hash of the network, for as long as it is known. A network may be forgotten early,
//! with the store or the key, and counts as a stranger until its next login.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::ClientSubject;
use crate::{
    keys::{KeyRing, Purpose},
    login::ClientInfo,
    ports::{Clock, Limit, Limits, Rate},
    time::Timestamp,
};

const KNOWN_FOR: Duration = Duration::from_secs(30 * 24 * 3600);

/// How long a node that has remembered a network does not do so again: a store that forgot it has it again then.
const NOTED_FOR: Duration = Duration::from_secs(3600);

/// How many networks a node knows to have remembered; with one more it begins anew.
const CAPACITY: usize = 10_000;

/// Knows the networks that logged in before.
#[derive(Clone)]
pub(super) struct KnownNetworks {
    pub(super) limits: Arc<dyn Limits>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keys: Arc<KeyRing>,
    pub(super) noted: Arc<NotedNetworks>,
}

impl KnownNetworks {
    /// Remembers the network of a client that logged in, once an hour at the most.
    pub(super) async fn note(&self, client: &ClientInfo) {
        let Ok(address) = client.ip.parse::<IpAddr>() else { return };
        let (client, now) = (ClientSubject::new(address), self.clock.now());
        let network = client.network();
        if self.noted.is_noted(&network, now) {
            return;
        }
        let rate = Rate::Window { max: u32::MAX, lasts: KNOWN_FOR };
        let limit = Limit { key: self.key(client), rate };
        // One that cannot be remembered stays a stranger.
        if self.limits.take(&[limit], now).await.is_ok() {
            self.noted.add(network, now);
        }
    }

    /// Returns whether a client's network logged in before.
    pub(super) async fn know(&self, client: ClientSubject) -> bool {
        self.limits.is_counted(&self.key(client), self.clock.now()).await.unwrap_or(false)
    }

    fn key(&self, client: ClientSubject) -> String {
        let hash = self.keys.current().derive(Purpose::KnownNetwork, &[client.network().as_bytes()]);
        format!("known-network:{}", URL_SAFE_NO_PAD.encode(hash))
    }
}

/// The networks that this node has remembered a while ago, so that a login there costs no call to the store.
#[derive(Default)]
pub(super) struct NotedNetworks(Mutex<HashMap<String, Timestamp>>);

impl NotedNetworks {
    fn is_noted(&self, network: &str, now: Timestamp) -> bool {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.get(network).is_some_and(|at| now < at.plus(NOTED_FOR))
    }

    fn add(&self, network: String, now: Timestamp) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() >= CAPACITY {
            noted.clear();
        }
        noted.insert(network, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_noted_for_an_hour_and_their_number_is_bounded() {
        let (noted, now) = (NotedNetworks::default(), Timestamp::from_secs(1));
        noted.add("192.0.2.0/24".to_owned(), now);
        assert!(noted.is_noted("192.0.2.0/24", now.plus(NOTED_FOR).minus(Duration::from_millis(1))));
        assert!(!noted.is_noted("192.0.2.0/24", now.plus(NOTED_FOR)));
        for number in 0..=CAPACITY {
            noted.add(number.to_string(), now);
        }
        assert!(noted.0.lock().unwrap().len() <= CAPACITY);
        assert!(noted.is_noted(&CAPACITY.to_string(), now));
    }
}
