//! Limits how many clients have something at the same time, a wait or a connection, from one address and on this node.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::config::SlotLimits;

/// The slots of clients that wait, or that are connected.
#[derive(Clone, Debug)]
pub(crate) struct Slots {
    limits: SlotLimits,
    counts: Arc<Mutex<SlotCounts>>,
}

#[derive(Debug, Default)]
struct SlotCounts {
    node: u32,
    clients: HashMap<String, u32>,
}

/// The slot of one client; dropping it releases the slot.
#[derive(Debug)]
pub(crate) struct Slot {
    client: String,
    counts: Arc<Mutex<SlotCounts>>,
}

impl Slots {
    /// Makes the slots; a limit of 0 is none.
    pub(crate) fn new(limits: SlotLimits) -> Self {
        Self { limits, counts: Arc::default() }
    }

    /// Acquires a slot for a client (an address as limits count it), unless a limit is reached.
    pub(crate) fn try_acquire(&self, client: String) -> Option<Slot> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = counts.clients.get(&client).copied().unwrap_or(0);
        let full = |count: u32, limit: u32| limit > 0 && count >= limit;
        if full(counts.node, self.limits.per_node) || full(waiting, self.limits.per_ip) {
            return None;
        }
        counts.node += 1;
        counts.clients.insert(client.clone(), waiting + 1);
        Some(Slot { client, counts: Arc::clone(&self.counts) })
    }

    /// Returns how many slots of this node are taken.
    pub(crate) fn taken(&self) -> u32 {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).node
    }
}

impl Drop for Slot {
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
        let slots = Slots::new(SlotLimits { per_ip: 2, per_node: 3 });
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
        assert_eq!(slots.taken(), 0);
        assert!(slots.counts.lock().unwrap().clients.is_empty());
    }
}
