//! What a node does every now and then.

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    ports::{Clock, Health, Pruning},
    services::{ReadyCodes, SessionService, SigningService, SmsWatch, UnusedCodes, Waiting},
};

use super::{audit_keeping::AuditKeeping, funnel_counters::FunnelCounters, shutdown::Shutdown};
use crate::{relaying::Delivery, telling::Telling};

/// How often waited logins are reconciled with the database, invalidations of sessions retried, and the store asked
/// whether it still takes writes. A notification that is lost delays a client this long at the most.
const RECONCILE_EVERY: Duration = Duration::from_secs(1);
const _: () = assert!(
    RECONCILE_EVERY.as_millis() * 2 <= TOLD_WITHIN.as_millis(),
    "a round and its query come in between"
);

/// Within this time clients are told from the database whatever the store says or loses: the contract's promise.
const TOLD_WITHIN: Duration = Duration::from_secs(2);

/// How often the QR codes that are made in advance are looked at: those that are missing are made, beside this loop.
const REFILL_EVERY: Duration = Duration::from_secs(1);

/// How often expired rows and entries are pruned, and how many at once.
const PRUNE_EVERY: Duration = Duration::from_secs(60);
const PRUNE_BATCH: u32 = 500;

/// How often the keys that sign tokens are read: a key that another node made at once, since none could be opened, is known after
/// this time; any other is published two days before it signs.
const READ_KEYS_EVERY: Duration = Duration::from_secs(60);

/// How often operators are told that too many SMS codes are not used.
const WARN_EVERY: Duration = Duration::from_secs(3600);

/// What a node does every now and then.
#[derive(Clone)]
pub(crate) struct Maintenance {
    pub(crate) waiting: Arc<Waiting>,
    pub(crate) sessions: Arc<SessionService>,
    pub(crate) ready_codes: Arc<ReadyCodes>,
    pub(crate) sms_watch: Arc<SmsWatch>,
    pub(crate) store: Arc<dyn Health>,
    pub(crate) pruning: Vec<Arc<dyn Pruning>>,
    pub(crate) delivery: Delivery,
    pub(crate) telling: Arc<Telling>,
    pub(crate) audit: AuditKeeping,
    pub(crate) funnel: Arc<FunnelCounters>,
    pub(crate) signing: Arc<SigningService>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) shutdown: Shutdown,
}

impl Maintenance {
    /// Runs until the service is told to stop.
    pub(crate) async fn run(self) {
        tokio::select! {
            () = self.reconcile() => {}
            () = self.refill() => {}
            () = self.prune() => {}
            () = self.warn_of_unused_codes() => {}
            () = self.delivery.clone().run() => {}
            () = self.telling.clone().run() => {}
            () = self.audit.clone().run() => {}
            () = self.funnel.clone().run() => {}
            () = self.keep_signing_keys() => {}
            () = self.shutdown.begun() => {}
        }
        self.funnel.add_waiting().await;
    }

    async fn reconcile(&self) {
        loop {
            tokio::time::sleep(RECONCILE_EVERY).await;
            // The store itself notes and logs what it answers.
            let _ = self.store.ping().await;
            if let Err(error) = self.waiting.reconcile().await {
                tracing::warn!(%error, "waited logins could not be reconciled: {error}");
            }
            if let Err(error) = self.sessions.retry_invalidations().await {
                tracing::warn!(%error, "ended sessions could not be invalidated on other nodes: {error}");
            }
        }
    }

    async fn refill(&self) {
        loop {
            self.ready_codes.refill();
            tokio::time::sleep(REFILL_EVERY).await;
        }
    }

    async fn warn_of_unused_codes(&self) {
        loop {
            let pause = match self.sms_watch.too_many_unused() {
                Some(UnusedCodes { sent, unused }) => {
                    tracing::warn!(
                        sent,
                        unused,
                        "{unused} of {sent} SMS codes of the last hour were not used (limits.sms_unused_share): the \
                         limits on SMS by address are a quarter until most are used again"
                    );
                    WARN_EVERY
                }
                None => RECONCILE_EVERY,
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn keep_signing_keys(&self) {
        loop {
            let pause = match self.signing.refresh().await {
                Ok(()) => READ_KEYS_EVERY,
                Err(error) => {
                    tracing::warn!(%error, "the keys that sign tokens could not be read or made: {error}");
                    RECONCILE_EVERY
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn prune(&self) {
        loop {
            tokio::time::sleep(PRUNE_EVERY).await;
            for part in &self.pruning {
                self.prune_all(&**part).await;
            }
        }
    }

    /// Prunes in small batches, until there is no full batch left.
    async fn prune_all(&self, part: &dyn Pruning) {
        loop {
            match part.prune(self.clock.now(), PRUNE_BATCH).await {
                Ok(removed) if removed >= PRUNE_BATCH.into() => tokio::task::yield_now().await,
                Ok(_) => return,
                Err(error) => {
                    tracing::warn!(%error, "expired data could not be pruned: {error}");
                    return;
                }
            }
        }
    }
}
