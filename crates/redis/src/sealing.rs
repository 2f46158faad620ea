//! Sealing: a reader of Redis learns nothing of a person, and a writer makes no node believe a thing.

use std::sync::Arc;

use saoma_domain::{
    keys::{KeyRing, Purpose},
    ports::Random,
};
use zeroize::Zeroizing;

/// Seals entries with the first of the server's keys, and opens what any of them sealed.
///
/// What an entry is about (its login or its session) has to be named again to open it, so an entry that was moved to
/// another key of Redis counts as none.
#[derive(Clone)]
pub(crate) struct Sealer {
    pub(crate) keys: Arc<KeyRing>,
    pub(crate) random: Arc<dyn Random>,
}

impl Sealer {
    pub(crate) fn seal(&self, purpose: Purpose, about: &[u8], plain: &[u8]) -> Vec<u8> {
        // Fails only for gigabytes, which no entry has; an empty one is read as none.
        self.keys.current().seal(purpose, &*self.random, about, plain).unwrap_or_default()
    }

    pub(crate) fn open(&self, purpose: Purpose, about: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.keys.open(purpose, about, sealed)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use saoma_contract::values::{CountingRandom, key_ring};

    use super::*;

    /// Returns the sealer of cases, with the keys that their logins were issued by.
    pub(crate) fn sealer() -> Sealer {
        Sealer { keys: Arc::new(key_ring()), random: Arc::new(CountingRandom::default()) }
    }
}
