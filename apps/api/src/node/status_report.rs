//! Reading how the service is.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use saoma_domain::{
    journal::JournalFilter,
    ports::{AppApi, AppCall, Clock, Health, Journal, MessageQueue, Outbox},
    wechat::{AppKind, AppName},
};

use serde_json::Value;

use crate::dto::{AppStatus, ClockStatus, LastCallback, QueueStatus, QuotaStatus, StatusBody, rfc3339};

/// By what WeChat tells how often an API may still be called today.
const QUOTA: &str = "/cgi-bin/openapi/quota/get";

/// The APIs that logins and their followers use up.
const OF_OFFICIAL_ACCOUNTS: &[&str] =
    &["/cgi-bin/qrcode/create", "/cgi-bin/user/info", "/cgi-bin/message/custom/send"];

/// How long WeChat may take: the status is asked for where something is slow.
const QUOTA_WITHIN: Duration = Duration::from_secs(2);

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
        let quotas = join_all(self.apps.iter().map(|(name, kind)| self.quotas_of(name, *kind))).await;
        let last = apps.iter().filter_map(|app| app.last_callback.as_ref()).max_by(|a, b| a.at.cmp(&b.at));
        let ahead_of_wechat_s = last.map(|last| last.clock_skew_s);
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
            clock: ClockStatus { ahead_of_database_ms: self.ahead_of_database().await, ahead_of_wechat_s },
            quotas: quotas.into_iter().flatten().collect(),
        }
    }

    /// Compares the clocks in the middle of the question, which takes as long there as back.
    async fn ahead_of_database(&self) -> Option<i64> {
        let before = self.clock.now().as_millis();
        let theirs = self.database.time().await.ok()??.as_millis();
        let ours = i64::midpoint(before, self.clock.now().as_millis());
        Some(ours.saturating_sub(theirs))
    }

    /// Asks WeChat what is left of an app's quotas. What it does not tell is not known.
    async fn quotas_of(&self, app: &AppName, kind: AppKind) -> Vec<QuotaStatus> {
        let apis = match kind {
            AppKind::OfficialAccount => OF_OFFICIAL_ACCOUNTS,
            AppKind::Website | AppKind::MiniProgram => &[],
        };
        join_all(apis.iter().map(|api| self.quota(app, api))).await.into_iter().flatten().collect()
    }

    async fn quota(&self, app: &AppName, api: &'static str) -> Option<QuotaStatus> {
        let parameters = serde_json::json!({ "cgi_path": api }).to_string();
        let call = AppCall { path: QUOTA, parameters, is_post: true, is_repeatable: true };
        let told = tokio::time::timeout(QUOTA_WITHIN, self.app_api.call(app, &call)).await.ok()?.ok()?;
        let told: Value = serde_json::from_str(&told).ok()?;
        let number = |name: &str| told.pointer(&format!("/quota/{name}"))?.as_u64();
        let (daily_limit, used, left) = (number("daily_limit")?, number("used")?, number("remain")?);
        Some(QuotaStatus { app: app.to_string(), api, daily_limit, used, left })
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
