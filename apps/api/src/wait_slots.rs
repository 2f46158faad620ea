//! How many clients wait, from one address and on this node.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::config::WaitLimits;

/// Counts waiting clients; those beyond the limits are answered at once instead of waiting.
#[derive(Clone, Debug)]
pub(crate) struct Waits {
    limits: WaitLimits,
    counts: Arc<Mutex<Counts>>,
}

#[derive(Debug, Default)]
struct Counts {
    node: u32,
    clients: HashMap<String, u32>,
}

/// One client's place among those who wait; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    client: String,
    counts: Arc<Mutex<Counts>>,
}

impl Waits {
    pub(crate) fn new(limits: WaitLimits) -> Self {
        Self { limits, counts: Arc::default() }
    }

    /// Takes a place, unless the limits are reached.
    pub(crate) fn enter(&self, client: String) -> Option<Place> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = counts.clients.get(&client).copied().unwrap_or(0);
        let full = |count: u32, limit: u32| limit > 0 && count >= limit;
        if full(counts.node, self.limits.per_node) || full(waiting, self.limits.per_ip) {
            return None;
        }
        counts.node += 1;
        counts.clients.insert(client.clone(), waiting + 1);
        Some(Place { client, counts: Arc::clone(&self.counts) })
    }

    /// Returns how many clients wait on this node.
    pub(crate) fn waiting(&self) -> u32 {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).node
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.node = counts.node.saturating_sub(1);
        if let Some(waiting) = counts.clients.get_mut(&self.client) {
            *waiting = waiting.saturating_sub(1);
            if *waiting == 0 {
                counts.clients.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_limited_and_given_back() {
        let waits = Waits::new(WaitLimits { per_ip: 2, per_node: 3 });
        let first = waits.enter("a".to_owned());
        let second = waits.enter("a".to_owned());
        assert!(first.is_some() && second.is_some());
        assert!(waits.enter("a".to_owned()).is_none(), "one address has two places");
        let third = waits.enter("b".to_owned());
        assert!(third.is_some());
        assert!(waits.enter("c".to_owned()).is_none(), "the node has three places");
        drop(first);
        assert!(waits.enter("c".to_owned()).is_some());
        drop((second, third));
        assert_eq!(waits.waiting(), 0);
        assert!(waits.counts.lock().unwrap().clients.is_empty());
    }
}
