//! Limits how many clients wait at the same time, from one address and on this node.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::config::WaitLimits;

/// The slots of waiting clients. A client that gets none is answered at once.
#[derive(Clone, Debug)]
pub(crate) struct WaitSlots {
    limits: WaitLimits,
    counts: Arc<Mutex<WaitCounts>>,
}

#[derive(Debug, Default)]
struct WaitCounts {
    node: u32,
    clients: HashMap<String, u32>,
}

/// The slot of one waiting client; dropping it releases the slot.
#[derive(Debug)]
pub(crate) struct WaitSlot {
    client: String,
    counts: Arc<Mutex<WaitCounts>>,
}

impl WaitSlots {
    /// Makes the slots; a limit of 0 is none.
    pub(crate) fn new(limits: WaitLimits) -> Self {
        Self { limits, counts: Arc::default() }
    }

    /// Acquires a slot for a client (an address as limits count it), unless a limit is reached.
    pub(crate) fn try_acquire(&self, client: String) -> Option<WaitSlot> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = counts.clients.get(&client).copied().unwrap_or(0);
        let full = |count: u32, limit: u32| limit > 0 && count >= limit;
        if full(counts.node, self.limits.per_node) || full(waiting, self.limits.per_ip) {
            return None;
        }
        counts.node += 1;
        counts.clients.insert(client.clone(), waiting + 1);
        Some(WaitSlot { client, counts: Arc::clone(&self.counts) })
    }

    /// Returns how many clients wait on this node.
    pub(crate) fn waiting(&self) -> u32 {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).node
    }
}

impl Drop for WaitSlot {
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
    fn slots_are_limited_and_released() {
        let slots = WaitSlots::new(WaitLimits { per_ip: 2, per_node: 3 });
        let first = slots.try_acquire("a".to_owned());
        let second = slots.try_acquire("a".to_owned());
        assert!(first.is_some() && second.is_some());
        assert!(slots.try_acquire("a".to_owned()).is_none(), "one address has two slots");
        let third = slots.try_acquire("b".to_owned());
        assert!(third.is_some());
        assert!(slots.try_acquire("c".to_owned()).is_none(), "the node has three slots");
        drop(first);
        assert!(slots.try_acquire("c".to_owned()).is_some());
        drop((second, third));
        assert_eq!(slots.waiting(), 0);
        assert!(slots.counts.lock().unwrap().clients.is_empty());
    }
}
