//! Tells events to those who hear them: the embedder's ear, and webhooks.
//!
//! Each receiver has a loop of its own, so that none waits for another. An event that was claimed belongs to this node for
//! [`EVENT_TRY`]; it leaves the outbox once the receiver took it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use saoma_domain::{
    event::{Event, EventId, EventKind, EventKinds, Listeners, ReceiverName},
    ports::{Clock, DueEvent, EventDelivery, EventError, EventSettled, EventTry, Events, Outbox, StoreError},
    rules::EVENT_TRY,
    services::ServiceError,
};
use tokio::sync::{Notify, Semaphore};
use tracing::Instrument as _;

use crate::node::{LogBudget, Metrics};

/// How many events a node tells one receiver at once.
const AT_ONCE: u32 = 16;

/// How often a node looks for events whose time has come.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How long a receiver is waited for: what it led to has to be written before another node may try.
const HEARD_WITHIN: Duration = Duration::from_secs(EVENT_TRY.as_secs() - 5);

/// What a try can lead to, for the counters.
const OUTCOMES: [&str; 3] = ["delivered", "failed_try", "given_up"];

/// One that hears events.
struct Receiver {
    name: ReceiverName,
    ear: Arc<dyn Events>,
    /// Whether it said that it will never take an event again. Until an operator retries one, it is not called.
    is_stopped: AtomicBool,
    /// Wakes its loop.
    changed: Notify,
}

/// Tells events.
pub(crate) struct Telling {
    outbox: Arc<dyn Outbox>,
    clock: Arc<dyn Clock>,
    metrics: Arc<Metrics>,
    receivers: BTreeMap<ReceiverName, Arc<Receiver>>,
}

impl Telling {
    /// Says to the outbox who hears what.
    pub(crate) fn new(
        outbox: Arc<dyn Outbox>,
        events: Arc<dyn Events>,
        webhooks: Vec<(ReceiverName, Arc<dyn Events>)>,
        clock: Arc<dyn Clock>,
        metrics: Arc<Metrics>,
    ) -> Self {
        let (mut listeners, mut receivers) = (Listeners::NONE, BTreeMap::new());
        for (name, ear) in [(ReceiverName::embedder(), events)].into_iter().chain(webhooks) {
            let kinds = ear.kinds();
            if kinds == EventKinds::NONE {
                continue;
            }
            listeners = listeners.with(name.clone(), kinds);
            for outcome in OUTCOMES {
                metrics.told_events_of(&name, outcome);
            }
            let (is_stopped, changed) = (AtomicBool::new(false), Notify::new());
            receivers.insert(name.clone(), Arc::new(Receiver { name, ear, is_stopped, changed }));
        }
        outbox.listen(listeners);
        Self { outbox, clock, metrics, receivers }
    }

    /// Returns whether a receiver hears a kind of event.
    pub(crate) fn is_heard(&self, kind: EventKind) -> bool {
        self.receivers.values().any(|receiver| receiver.ear.kinds().has(kind))
    }

    /// Keeps an event that no rule writes, for those who hear it.
    ///
    /// # Errors
    /// [`StoreError`] where it is not known to be kept.
    pub(crate) async fn note(&self, event: Event) -> Result<(), StoreError> {
        self.outbox.note(event).await
    }

    /// Lists what was not delivered yet.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub(crate) async fn deliveries(
        &self,
        after: Option<EventId>,
        limit: u32,
    ) -> Result<Vec<EventDelivery>, ServiceError> {
        Ok(self.outbox.deliveries(after, limit).await?)
    }

    /// Has an event tried again, and calls those receivers again that are not called any more. Returns whether there is
    /// such an event.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub(crate) async fn retry(&self, id: EventId) -> Result<bool, ServiceError> {
        let is_there = self.outbox.retry(id, self.clock.now()).await?;
        for receiver in self.receivers.values().filter(|_| is_there) {
            receiver.is_stopped.store(false, Ordering::Relaxed);
            receiver.changed.notify_one();
        }
        Ok(is_there)
    }

    /// Returns where the events of a receiver go, as operators are shown it.
    pub(crate) fn target(&self, receiver: &ReceiverName) -> String {
        let receiver_here = self.receivers.get(receiver);
        receiver_here.map_or_else(|| receiver.to_string(), |receiver| receiver.ear.address())
    }

    /// Tells events for as long as it is run.
    pub(crate) async fn run(self: Arc<Self>) {
        if self.receivers.is_empty() {
            return std::future::pending().await;
        }
        let loops = self.receivers.values().map(|receiver| self.clone().tell_all(Arc::clone(receiver)));
        futures_util::future::join_all(loops).await;
    }

    /// Tells what is due now, and returns when there is nothing more of it.
    ///
    /// # Errors
    /// [`StoreError`] where the events cannot be read.
    pub(crate) async fn tell_now(&self) -> Result<(), StoreError> {
        for receiver in self.receivers.values() {
            loop {
                let claimed = self.outbox.claim(&receiver.name, self.clock.now(), AT_ONCE).await?;
                if claimed.is_empty() {
                    break;
                }
                for due in claimed {
                    self.tell(receiver, due).await;
                }
            }
        }
        Ok(())
    }

    async fn tell_all(self: Arc<Self>, receiver: Arc<Receiver>) {
        let free = Arc::new(Semaphore::new(AT_ONCE as usize));
        loop {
            if receiver.is_stopped.load(Ordering::Relaxed) || !self.tell_due(&receiver, &free).await {
                let _ = tokio::time::timeout(LOOK_EVERY, receiver.changed.notified()).await;
            }
        }
    }

    /// Begins to tell what is due, and returns whether there was anything.
    async fn tell_due(self: &Arc<Self>, receiver: &Arc<Receiver>, free: &Arc<Semaphore>) -> bool {
        let Ok(first) = Arc::clone(free).acquire_owned().await else { return false };
        let mut permits = vec![first];
        while let Ok(permit) = Arc::clone(free).try_acquire_owned() {
            permits.push(permit);
        }
        let at_most = u32::try_from(permits.len()).unwrap_or(AT_ONCE);
        let claimed = match self.outbox.claim(&receiver.name, self.clock.now(), at_most).await {
            Ok(claimed) => claimed,
            Err(error) => {
                tracing::warn!(%error, "events for {} cannot be read: {error}", receiver.name);
                return false;
            }
        };
        let is_any = !claimed.is_empty();
        for (due, permit) in claimed.into_iter().zip(permits) {
            let (telling, receiver) = (Arc::clone(self), Arc::clone(receiver));
            let span = tracing::debug_span!(
                target: saoma_trace::ROOT,
                "telling",
                otel.name = "tell an event",
                event.kind = due.event.kind.as_str(),
                receiver = receiver.name.as_str()
            );
            let telling = async move {
                telling.tell(&receiver, due).await;
                drop(permit);
                // The account's next event may go now.
                receiver.changed.notify_one();
            };
            tokio::spawn(telling.instrument(span));
        }
        is_any
    }

    async fn tell(&self, receiver: &Receiver, due: DueEvent) {
        let heard = tokio::time::timeout(HEARD_WITHIN, receiver.ear.hear(due.id, &due.event)).await;
        let heard = heard.unwrap_or_else(|_| Err(EventError::passing("it took too long")));
        let (outcome, counted) = match heard {
            Ok(()) => (EventTry::Delivered, "delivered"),
            Err(EventError { reason, is_final }) => {
                warn(&receiver.name, &reason);
                if is_final {
                    self.stop(receiver, &reason);
                    (EventTry::Refused(reason), "failed_try")
                } else {
                    (EventTry::Failed(reason), "failed_try")
                }
            }
        };
        self.metrics.told_event(&receiver.name, counted);
        match self.outbox.settle(due.id, due.tries, outcome, self.clock.now()).await {
            Ok(EventSettled::Failed) => {
                self.metrics.told_event(&receiver.name, "given_up");
                let (id, name) = (due.id, &receiver.name);
                tracing::error!(
                    "event {id} for {name} is given up; `POST /v1/admin/webhooks/{id}/retry` tries it again"
                );
            }
            Ok(EventSettled::Delivered | EventSettled::Waits | EventSettled::NotOurs) => {}
            // It is told once more when its time is over.
            Err(error) => tracing::warn!(%error, "a try for {} cannot be noted: {error}", receiver.name),
        }
    }

    fn stop(&self, receiver: &Receiver, reason: &str) {
        if !receiver.is_stopped.swap(true, Ordering::Relaxed) {
            tracing::error!(
                "{}: {reason}; it is not called any more, until an event is retried",
                receiver.name
            );
        }
    }
}

/// Tells the operator that a receiver does not take events, a few times a minute.
fn warn(name: &ReceiverName, reason: &str) {
    static BUDGET: LogBudget = LogBudget::new();
    if let Some(withheld) = BUDGET.spend() {
        tracing::warn!(withheld, "{name}: {reason}; the event is kept and tried again");
    }
}
