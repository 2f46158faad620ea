//! The suite of the login cache and its notifier.

mod notifier;
mod states;

use std::sync::Arc;

use saoma_domain::{
    login::{ExpiryReason, Login, LoginId, LoginState},
    ports::{CachedLogin, LoginCache, LoginNotifier, Subscription},
    time::Timestamp,
};

use crate::{
    TestTime, Timed,
    values::{QR_TTL, login_id},
};

const WORKS: &str = "the cache works";

suite! { $
    /// Runs the cases of `LoginCache` and `LoginNotifier` on the adapters of one node.
    ///
    /// Takes an asynchronous function without arguments that returns [`Timed`](crate::Timed), empty
    /// [`NodeAdapters`](crate::login_cache::NodeAdapters) with their time, and a guard.
    login_cache_suite: login_cache on LoginCacheStage {
        states:
            an_unknown_login_is_absent,
            an_open_login_shows_its_context,
            a_login_may_be_open_without_context,
            every_outcome_is_read_as_it_was_published,
            an_outcome_needs_no_open_login,
            an_outcome_leaves_the_context_in_place,
            a_newer_outcome_replaces_an_older_one,
            an_older_outcome_is_ignored,
            an_outcome_of_the_same_version_is_ignored,
            opening_a_login_keeps_its_outcome,
            outcomes_published_at_once_leave_the_newest,
            a_forgotten_login_is_absent,
            an_open_login_expires,
            an_outcome_expires,
            an_outcome_prolongs_an_open_login;
        notifier:
            a_waiting_client_is_notified,
            a_notification_before_the_wait_is_not_lost,
            a_notification_after_a_wait_was_given_up_is_not_lost,
            every_publication_notifies_again,
            all_clients_of_a_login_are_notified,
            each_client_is_notified_of_its_own_login,
            a_wait_ends_when_its_time_is_over,
            an_empty_wait_returns_at_once,
            an_outcome_that_is_ignored_notifies_no_client,
            opening_a_login_does_not_hinder_its_clients,
            a_client_that_is_gone_does_not_hinder_others,
            a_login_can_be_subscribed_to_again;
    }
}

/// The login cache of one node and the notifier of its waiting clients.
pub struct NodeAdapters {
    /// The cache, which notifies.
    pub login_cache: Arc<dyn LoginCache>,
    /// The notifier that the clients subscribe to.
    pub notifier: Arc<dyn LoginNotifier>,
}

/// The adapters of one node with their time.
#[derive(Clone)]
pub struct LoginCacheStage {
    login_cache: Arc<dyn LoginCache>,
    notifier: Arc<dyn LoginNotifier>,
    time: Arc<dyn TestTime>,
    /// When the case began. Logins are issued for that moment, so that one number is one login whatever the clock says.
    begun: Timestamp,
}

impl LoginCacheStage {
    /// Makes the stage of one case from empty adapters.
    pub fn new(node: Timed<NodeAdapters, impl TestTime>) -> Self {
        let (NodeAdapters { login_cache, notifier }, begun) = (node.adapter, node.time.now());
        Self { login_cache, notifier, time: Arc::new(node.time), begun }
    }

    fn login(&self, number: u64) -> LoginId {
        login_id(number, self.begun.plus(QR_TTL))
    }

    /// Returns a moment after the end of any case.
    fn later(&self) -> Timestamp {
        self.time.now().plus(QR_TTL)
    }

    async fn read(&self, id: LoginId) -> CachedLogin {
        self.login_cache.read(id).await.expect(WORKS)
    }

    async fn publish(&self, login: &Login) {
        self.login_cache.publish(login, self.later()).await.expect(WORKS);
    }

    async fn subscribe(&self, id: LoginId) -> Box<dyn Subscription> {
        self.notifier.subscribe(id).await.expect(WORKS)
    }
}

/// Returns an outcome with a version.
fn outcome(id: LoginId, version: u32) -> Login {
    let state = LoginState::Expired { reason: ExpiryReason::Cancelled, since: Timestamp::from_secs(1) };
    Login { id, version, state }
}
