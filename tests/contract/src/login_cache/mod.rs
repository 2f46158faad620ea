//! The suite of the cache and its wake-ups.

mod copies;
mod notifier;

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
    /// Runs the cases of `LoginCache` and `LoginNotifier` on an adapter that implements both.
    ///
    /// Takes an asynchronous function without arguments that returns [`Timed`](crate::Timed), an empty
    /// adapter with its time, and a guard.
    board_suite: login_cache on Stage {
        copies:
            an_unknown_login_is_absent,
            an_open_login_shows_its_context,
            a_login_may_be_open_without_context,
            every_outcome_is_copied_as_it_is,
            an_outcome_needs_no_open_login,
            an_outcome_leaves_the_context_in_place,
            a_newer_outcome_takes_the_place_of_an_older_one,
            an_older_outcome_is_left_out,
            an_outcome_of_the_same_version_is_left_out,
            opening_a_login_keeps_its_outcome,
            outcomes_published_at_once_leave_the_newest,
            an_open_login_is_forgotten,
            an_outcome_is_forgotten,
            an_outcome_keeps_an_open_login_longer;
        notifier:
            a_publication_wakes_who_waits,
            a_publication_before_the_wait_is_not_lost,
            a_publication_after_a_wait_was_given_up_is_not_lost,
            every_publication_wakes_again,
            all_who_wait_for_a_login_are_woken,
            everybody_is_woken_by_their_own_login,
            a_wait_ends_when_its_time_is_over,
            an_outcome_that_is_left_out_wakes_nobody,
            opening_a_login_does_not_hinder_its_waiters,
            a_waiter_that_is_gone_does_not_hinder_others,
            a_login_can_be_waited_for_again;
    }
}

/// One board, by both of its ports.
#[derive(Clone)]
pub struct Stage {
    login_cache: Arc<dyn LoginCache>,
    notifier: Arc<dyn LoginNotifier>,
    time: Arc<dyn TestTime>,
    /// When the case began; logins are of then, so that one number is one login whatever the clock says.
    begun: Timestamp,
}

impl Stage {
    /// Puts an empty board up for one case.
    pub fn new<B: LoginCache + LoginNotifier + 'static>(login_cache: Timed<B, impl TestTime>) -> Self {
        let (adapter, begun) = (Arc::new(login_cache.adapter), login_cache.time.now());
        Self { login_cache: adapter.clone(), notifier: adapter, time: Arc::new(login_cache.time), begun }
    }

    fn login(&self, number: u64) -> LoginId {
        login_id(number, self.begun.plus(QR_TTL))
    }

    /// Returns a moment that no case lives to see.
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
