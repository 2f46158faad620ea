//! The suite of events for those who hear them.

mod named;
mod order;
mod tries;
mod written;

use std::sync::Arc;

use saoma_domain::{
    account::AccountId,
    event::{Event, EventId, EventKind, EventKinds, Listeners, ReceiverName},
    ports::{
        Accounts, AuditTrail, DueEvent, EventDelivery, EventSettled, EventTry, Logins, Merges, Outbox,
        People, Pruning, Sessions,
    },
    time::Timestamp,
};

use crate::values::{at, binding, login, scan};

suite! { $
    /// Runs the cases of `Outbox`, and of what the other ports write into it, on a store that implements them all.
    ///
    /// Takes an asynchronous function without arguments that returns a fresh, empty store and a guard.
    outbox_suite: outbox on OutboxStage {
        written:
            what_nobody_hears_is_not_written,
            a_new_number_is_told,
            a_followers_coming_and_going_is_told,
            a_revocation_is_told_before_the_unlinking,
            a_refused_login_is_told,
            a_suspected_login_is_told,
            a_change_that_fails_is_not_told,
            each_receiver_has_its_own_events;
        named:
            an_event_names_the_login_that_led_to_it,
            a_refusal_names_the_login_and_the_account_of_who_refused,
            what_is_taken_back_names_identity_and_login,
            what_an_owner_removes_is_named,
            what_a_follower_does_names_identity_and_app,
            what_a_site_changes_is_named_and_said_once,
            what_a_site_makes_unlinks_and_merges_is_named;
        order:
            events_of_an_account_wait_for_the_earlier_ones,
            another_account_and_another_receiver_do_not_wait,
            an_event_is_with_one_caller_at_a_time,
            an_event_that_is_told_meanwhile_stays_with_its_caller,
            of_fifty_callers_at_once_one_takes_it,
            a_number_is_never_given_twice;
        tries:
            a_delivered_event_is_forgotten,
            what_is_not_delivered_waits_longer_each_time,
            an_event_fails_after_a_day_and_lets_the_next_one_go,
            a_failed_event_is_tried_again_by_hand,
            an_event_that_is_refused_fails_at_once,
            a_late_failure_of_another_try_does_not_count,
            a_failed_event_is_kept_for_a_month;
    }
}

/// One store.
#[derive(Clone)]
pub struct OutboxStage {
    outbox: Arc<dyn Outbox>,
    logins: Arc<dyn Logins>,
    accounts: Arc<dyn Accounts>,
    sessions: Arc<dyn Sessions>,
    pruning: Arc<dyn Pruning>,
    trail: Arc<dyn AuditTrail>,
    people: Arc<dyn People>,
    merges: Arc<dyn Merges>,
}

impl OutboxStage {
    /// Puts a fresh store up for one case.
    pub fn new<C>(store: C) -> Self
    where
        C: Outbox + Logins + Accounts + Sessions + Pruning + AuditTrail + People + Merges + 'static,
    {
        let store = Arc::new(store);
        Self {
            outbox: store.clone(),
            logins: store.clone(),
            accounts: store.clone(),
            sessions: store.clone(),
            trail: store.clone(),
            people: store.clone(),
            merges: store.clone(),
            pruning: store,
        }
    }

    /// Lets the receiver `shop` hear everything.
    fn listen(&self) {
        self.outbox.listen(Listeners::NONE.with(shop(), all_kinds()));
    }

    /// Makes an account of a follower of the app `main`, by the login with this number.
    async fn register(&self, number: u32, follower: &str) -> AccountId {
        let login = login(number.into());
        self.logins.take_scan(scan(login, follower)).await.expect("the store works");
        let binding = binding(login, number);
        self.logins.bind(binding.clone()).await.expect("the store works");
        binding.new_account
    }

    async fn note(&self, event: Event) {
        self.outbox.note(event).await.expect("the store works");
    }

    async fn claim(&self, now: Timestamp) -> Vec<DueEvent> {
        self.outbox.claim(&shop(), now, 100).await.expect("the store works")
    }

    /// Takes the only event whose time has come.
    async fn claim_one(&self, now: Timestamp) -> DueEvent {
        let mut claimed = self.claim(now).await;
        assert_eq!(claimed.len(), 1, "{claimed:?}");
        claimed.remove(0)
    }

    async fn settle(&self, due: &DueEvent, outcome: EventTry, now: Timestamp) -> EventSettled {
        self.outbox.settle(due.id, due.tries, outcome, now).await.expect("the store works")
    }

    async fn deliveries(&self) -> Vec<EventDelivery> {
        self.outbox.deliveries(None, 1000).await.expect("the store works")
    }

    /// Returns what waits or failed, in the order of its numbers.
    async fn events(&self) -> Vec<Event> {
        self.deliveries().await.into_iter().map(|delivery| delivery.event).collect()
    }

    /// Returns the kinds of what waits or failed, in the order of its numbers.
    async fn kinds(&self) -> Vec<EventKind> {
        self.events().await.into_iter().map(|event| event.kind).collect()
    }

    async fn retry(&self, id: EventId, now: Timestamp) -> bool {
        self.outbox.retry(id, now).await.expect("the store works")
    }
}

fn shop() -> ReceiverName {
    ReceiverName::parse("shop").expect("a name")
}

fn all_kinds() -> EventKinds {
    EventKinds::of_accounts().with(EventKind::WechatEvent)
}

fn failed() -> EventTry {
    EventTry::Failed("answered 500".to_owned())
}

/// Returns an event of the account with this number, so many seconds after the beginning.
fn event(number: u8, secs: u64) -> Event {
    Event::of_account(EventKind::AccountUpdated, AccountId::from_store([number; 16]), at(secs))
}
