//! Counting the steps of logins on this node, and adding what was counted to the database.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use saoma_domain::{
    login::{Channel, ScenePurpose},
    ports::{Clock, Funnel, FunnelCount, FunnelPeriod, LoginStep, LoginSteps},
    suspicion::Suspicion,
    time::Timestamp,
    wechat::{AppKind, AppName},
};
use tokio::sync::mpsc;

use super::SuspicionCounts;

/// How often counts are added to the database; for so long they can be lost with the node.
const ADD_EVERY: Duration = Duration::from_secs(5);

/// How many steps wait to be counted at the most; more are left out.
const MOST_WAITING: usize = 10_000;

/// One step of one login.
struct Step {
    at: Timestamp,
    step: LoginStep,
    channel: &'static str,
    app: AppName,
    purpose: ScenePurpose,
}

/// Counts the steps of logins.
pub(crate) struct FunnelCounters {
    funnel: Arc<dyn Funnel>,
    clock: Arc<dyn Clock>,
    /// The usual channel of each app.
    channels: BTreeMap<AppName, &'static str>,
    /// A channel, so that no login waits for another one.
    steps: mpsc::Sender<Step>,
    suspicions: Arc<SuspicionCounts>,
    waiting: Mutex<mpsc::Receiver<Step>>,
}

impl FunnelCounters {
    pub(crate) fn new(
        funnel: Arc<dyn Funnel>,
        clock: Arc<dyn Clock>,
        apps: impl Iterator<Item = (AppName, AppKind)>,
    ) -> Self {
        let usual = |kind| match kind {
            AppKind::OfficialAccount => Channel::OfficialAccount,
            AppKind::Website => Channel::Website,
            AppKind::MiniProgram => Channel::MiniProgram,
            AppKind::MobileApp => Channel::App,
        };
        let channels = apps.map(|(name, kind)| (name, usual(kind).as_str())).collect();
        let (steps, waiting) = mpsc::channel(MOST_WAITING);
        let suspicions = Arc::default();
        Self { funnel, clock, channels, steps, suspicions, waiting: Mutex::new(waiting) }
    }

    /// Returns where the signs that codes are relayed are counted.
    pub(crate) fn suspicions(&self) -> Arc<SuspicionCounts> {
        self.suspicions.clone()
    }

    /// Adds what was counted to the database now and then, for as long as it is run.
    pub(crate) async fn run(self: Arc<Self>) {
        loop {
            tokio::time::sleep(ADD_EVERY).await;
            self.add_waiting().await;
        }
    }

    /// Adds what was counted to the database.
    pub(crate) async fn add_waiting(&self) {
        let counts = self.take_waiting();
        if counts.is_empty() {
            return;
        }
        if let Err(error) = self.funnel.add_counts(counts).await {
            tracing::warn!(%error, "steps of logins cannot be counted: {error}");
        }
    }

    fn take_waiting(&self) -> Vec<FunnelCount> {
        let mut counts: BTreeMap<(i64, &'static str, AppName, String, LoginStep), u64> = BTreeMap::new();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        while let Ok(Step { at, step, channel, app, purpose }) = waiting.try_recv() {
            let hour = at.as_secs().div_euclid(FunnelPeriod::Hour.secs());
            *counts.entry((hour, channel, app, purpose.to_string(), step)).or_default() += 1;
        }
        let count = |((hour, channel, app, purpose, step), count)| {
            let begins_at = Timestamp::from_secs(hour * FunnelPeriod::Hour.secs());
            FunnelCount { begins_at, channel: str::to_owned(channel), app, purpose, step, count }
        };
        counts.into_iter().map(count).collect()
    }
}

impl LoginSteps for FunnelCounters {
    fn is_counting(&self) -> bool {
        true
    }

    fn count(&self, step: LoginStep, channel: Option<&'static str>, app: &AppName, purpose: &ScenePurpose) {
        let channel = channel.or_else(|| self.channels.get(app).copied()).unwrap_or("other");
        let (app, purpose) = (app.clone(), purpose.clone());
        // A node that cannot keep up leaves steps out.
        let _ = self.steps.try_send(Step { at: self.clock.now(), step, channel, app, purpose });
    }

    fn suspect(&self, suspicion: Suspicion) {
        self.suspicions.count(suspicion);
    }
}
