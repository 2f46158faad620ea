//! The suite of the session keys.

mod keys;

use std::{sync::Arc, time::Duration};

use saoma_domain::{login::LoginId, ports::SessionKeys, time::Timestamp};

use crate::{
    TestTime, Timed,
    values::{QR_TTL, login_id},
};

const TTL: Duration = Duration::from_secs(600);

suite! { $
    /// Runs the cases of `SessionKeys` on an adapter.
    ///
    /// Takes an asynchronous function without arguments that returns [`Timed`](crate::Timed), an empty
    /// adapter with its time, and a guard.
    session_keys_suite: session_keys on SessionKeysStage {
        keys:
            a_key_is_found_as_it_was_stored,
            any_bytes_survive,
            a_key_belongs_to_its_login,
            a_newer_key_replaces_the_older_one,
            a_key_expires,
            a_forgotten_key_is_gone,
            forgetting_what_is_not_there_is_no_failure,
            a_key_can_be_stored_after_another_was_forgotten,
            many_keys_can_be_stored_at_once;
    }
}

/// One adapter with its time.
#[derive(Clone)]
pub struct SessionKeysStage {
    keys: Arc<dyn SessionKeys>,
    now: Timestamp,
}

impl SessionKeysStage {
    /// Makes the stage of one case from an empty adapter.
    pub fn new<K: SessionKeys + 'static>(keys: Timed<K, impl TestTime>) -> Self {
        Self { keys: Arc::new(keys.adapter), now: keys.time.now() }
    }

    fn login(&self, number: u64) -> LoginId {
        login_id(number, self.now.plus(QR_TTL))
    }

    /// Stores the key of the login with this number.
    async fn put(&self, number: u64, sealed: &[u8]) {
        let until = self.now.plus(TTL);
        self.keys.put(self.login(number), sealed.to_vec(), until).await.expect("the store works");
    }

    /// Finds the key of the login with this number.
    async fn find(&self, number: u64) -> Option<Vec<u8>> {
        self.find_at(number, self.now).await
    }

    async fn find_at(&self, number: u64, now: Timestamp) -> Option<Vec<u8>> {
        self.keys.find(self.login(number), now).await.expect("the store works")
    }

    async fn forget(&self, number: u64) {
        self.keys.forget(self.login(number)).await.expect("the store works");
    }
}
