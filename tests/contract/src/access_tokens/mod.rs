//! The suite of the access tokens that nodes share.

mod leases;
mod tokens;

use std::{sync::Arc, time::Duration};

use saoma_domain::{ports::AccessTokens, time::Timestamp};

use crate::{TestTime, Timed};

/// How long tokens and leases live in cases that do not wait until they expire.
const TTL: Duration = Duration::from_secs(60);

/// How long tokens and leases live in cases that wait until they expire.
const SHORT: Duration = Duration::from_millis(300);

/// The ids of two apps.
const APP: &str = "wxbada55c0ffee0001";
const OTHER: &str = "wxbada55c0ffee0002";

suite! { $
    /// Runs the cases of `AccessTokens` on an adapter.
    ///
    /// Takes an asynchronous function without arguments that returns [`Timed`](crate::Timed), an empty
    /// adapter with its time, and a guard.
    access_tokens_suite: access_tokens on AccessTokensStage {
        tokens:
            a_token_is_read_as_it_was_put,
            there_is_no_token_before_one_is_put,
            a_newer_token_replaces_the_older_one,
            each_app_has_its_own_token,
            a_token_expires,
            a_token_that_has_expired_already_is_not_stored,
            only_the_token_that_is_named_is_forgotten,
            a_newer_token_is_not_forgotten_with_the_older_one;
        leases:
            one_of_many_acquires_the_lease,
            a_lease_expires,
            a_new_token_releases_the_lease,
            each_app_has_its_own_lease,
            a_lease_leaves_the_token_in_place;
    }
}

/// One adapter with its time.
#[derive(Clone)]
pub struct AccessTokensStage {
    tokens: Arc<dyn AccessTokens>,
    time: Arc<dyn TestTime>,
}

impl AccessTokensStage {
    /// Makes the stage of one case from an empty adapter.
    pub fn new<T: AccessTokens + 'static>(tokens: Timed<T, impl TestTime>) -> Self {
        Self { tokens: Arc::new(tokens.adapter), time: Arc::new(tokens.time) }
    }

    fn now(&self) -> Timestamp {
        self.time.now()
    }

    async fn read(&self, app_id: &str) -> Option<Vec<u8>> {
        self.tokens.read(app_id).await.expect("the store works")
    }

    async fn put(&self, app_id: &str, sealed: &[u8], ttl: Duration) {
        self.tokens.put(app_id, sealed, self.now().plus(ttl)).await.expect("the store works");
    }

    async fn forget(&self, app_id: &str, sealed: &[u8]) {
        self.tokens.forget(app_id, sealed).await.expect("the store works");
    }

    async fn try_acquire(&self, app_id: &str, ttl: Duration) -> bool {
        self.tokens.try_acquire(app_id, self.now().plus(ttl)).await.expect("the store works")
    }
}
