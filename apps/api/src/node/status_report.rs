//! Reading how the service is.

use std::sync::Arc;

use saoma_domain::{
    journal::JournalFilter,
    ports::{AppApi, Clock, Health, Journal, MessageQueue, Outbox},
    wechat::{AppKind, AppName},
};

use crate::dto::{AppStatus, LastCallback, QueueStatus, StatusBody, rfc3339};

/// Reads how the service is.
pub(crate) struct StatusReport {
    pub(crate) node: String,
    pub(crate) apps: Vec<(AppName, AppKind)>,
    pub(crate) schema: &'static str,
    pub(crate) database: Arc<dyn Health>,
    pub(crate) store: Arc<dyn Health>,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) outbox: Arc<dyn Outbox>,
    pub(crate) messages: Arc<dyn MessageQueue>,
    pub(crate) app_api: Arc<dyn AppApi>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl StatusReport {
    /// Reads all of it. What does not answer is told as such, and what it would have told is absent.
    pub(crate) async fn read(&self) -> StatusBody {
        let mut apps = Vec::new();
        for (name, kind) in &self.apps {
            apps.push(self.app(name, *kind).await);
        }
        let (webhooks_waiting, webhooks_failed) = self.outbox.counts().await.unwrap_or_default();
        let relay_waiting = self.messages.count_waiting().await.unwrap_or_default();
        StatusBody {
            version: env!("CARGO_PKG_VERSION"),
            schema: self.schema,
            node: self.node.clone(),
            now: rfc3339(self.clock.now()),
            database: word(&*self.database).await,
            store: word(&*self.store).await,
            apps,
            queues: QueueStatus { webhooks_waiting, webhooks_failed, relay_waiting },
        }
    }

    async fn app(&self, name: &AppName, kind: AppKind) -> AppStatus {
        let filter = JournalFilter { app: Some(name.clone()), ..JournalFilter::default() };
        let last = self.journal.list_entries(filter, None, 1).await.ok().and_then(|mut last| last.pop());
        AppStatus {
            name: name.to_string(),
            kind: kind.as_str(),
            last_callback: last.map(|entry| LastCallback {
                at: rfc3339(entry.received_at),
                clock_skew_s: entry.received_at.as_secs().saturating_sub(entry.told_at.as_secs()),
                kind: entry.kind,
                outcome: entry.outcome,
            }),
            token_expires_in: self.app_api.token_expires_in(name).map(|left| left.as_secs()),
        }
    }
}

async fn word(part: &dyn Health) -> &'static str {
    if part.ping().await.is_ok() { "ok" } else { "unavailable" }
}
