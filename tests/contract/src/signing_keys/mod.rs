//! The suite of the keys that sign tokens.

mod keys;

use std::sync::Arc;

use saoma_domain::{
    ports::{SigningKeys, StoredSigningKey},
    signing::SigningAlgorithm,
    time::Timestamp,
};

use crate::{patiently, values::at};

suite! { $
    /// Runs the cases of `SigningKeys`.
    ///
    /// Takes an asynchronous function without arguments that returns a fresh, empty store and a guard.
    signing_keys_suite: signing_keys on SigningKeysStage {
        keys:
            a_key_comes_back_as_it_was_added,
            of_fifty_nodes_one_has_made_the_key_for_all,
            an_older_key_is_not_added_behind_a_newer_one,
            a_key_goes_when_it_is_published_no_more,
            the_algorithms_have_keys_of_their_own;
    }
}

/// One store.
#[derive(Clone)]
pub struct SigningKeysStage {
    keys: Arc<dyn SigningKeys>,
}

impl SigningKeysStage {
    /// Puts a fresh store up for one case.
    pub fn new<K: SigningKeys + 'static>(store: K) -> Self {
        Self { keys: Arc::new(store) }
    }

    async fn add(&self, key: StoredSigningKey, now: Timestamp) -> Vec<StoredSigningKey> {
        patiently(|| self.keys.add_signing_key(key.clone(), now)).await
    }

    async fn all(&self) -> Vec<StoredSigningKey> {
        self.keys.signing_keys().await.expect("the store works")
    }
}

/// A key whose time is the hundred seconds after its generation's; `maker` tells it from those of other nodes.
fn key(algorithm: SigningAlgorithm, generation: u32, maker: u8) -> StoredSigningKey {
    let start = u64::from(generation) * 100;
    StoredSigningKey {
        algorithm,
        generation,
        sealed: vec![maker; 1300],
        signs_from: at(start),
        signs_until: at(start + 100),
        published_until: at(start + 150),
    }
}
