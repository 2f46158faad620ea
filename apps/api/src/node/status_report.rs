//! Reading how the service is.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use saoma_domain::{
    journal::JournalFilter,
    ports::{AppApi, AppCall, Clock, Health, Journal, MessageQueue, Outbox},
    wechat::{AppKind, AppName},
};
use serde_json::Value;
use tokio::{sync::Mutex, time::Instant};

use super::LastSms;
use crate::dto::{
    AppStatus, ClockStatus, LastCallback, PartsStatus, QueueStatus, QuotaStatus, SmsStatus, StatusBody,
    rfc3339,
};

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
    pub(crate) sms: Arc<LastSms>,
    pub(crate) clock: Arc<dyn Clock>,
    /// What was read last for callers without a key, and when.
    pub(crate) recent: Mutex<Option<(Instant, Arc<PartsStatus>)>>,
}

impl StatusReport {
    /// Reads all of it. What does not answer is told as such, and what it would have told is absent.
    pub(crate) async fn read(&self) -> StatusBody {
        let database = self.database_facts().await;
        let quotas = join_all(self.apps.iter().map(|(name, kind)| self.quotas_of(name, *kind))).await;
        let (webhooks_waiting, webhooks_failed) = self.outbox.counts().await.unwrap_or_default();
        let relay_waiting = self.messages.count_waiting().await.unwrap_or_default();
        StatusBody {
            version: env!("CARGO_PKG_VERSION"),
            schema: self.schema,
            node: self.node.clone(),
            now: rfc3339(self.clock.now()),
            database: word(&*self.database).await,
            store: word(&*self.store).await,
            parts: self.parts_beside(database.ahead_ms).await,
            database_version: database.version,
            queues: QueueStatus { webhooks_waiting, webhooks_failed, relay_waiting },
            quotas: quotas.into_iter().flatten().collect(),
        }
    }

    /// Asks WeChat what is left of an app's quotas. What it does not tell is not known.
    async fn quotas_of(&self, app: &AppName, kind: AppKind) -> Vec<QuotaStatus> {
        let apis = match kind {
            AppKind::OfficialAccount => OF_OFFICIAL_ACCOUNTS,
            AppKind::Website | AppKind::MiniProgram | AppKind::MobileApp => &[],
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

    /// Returns how the parts are that this node serves without, if need be. Any caller may ask for that, so it is read once a
    /// second at the most.
    pub(crate) async fn recent_parts(&self) -> Arc<PartsStatus> {
        let mut recent = self.recent.lock().await;
        let is_recent = |(at, _): &&(Instant, _)| at.elapsed() < Duration::from_secs(1);
        if let Some((_, parts)) = recent.as_ref().filter(is_recent) {
            return Arc::clone(parts);
        }
        let database = self.database_facts().await;
        let parts = Arc::new(self.parts_beside(database.ahead_ms).await);
        *recent = Some((Instant::now(), Arc::clone(&parts)));
        parts
    }

    async fn parts_beside(&self, ahead_of_database_ms: Option<i64>) -> PartsStatus {
        let mut apps = Vec::new();
        for (name, kind) in &self.apps {
            apps.push(self.app(name, *kind).await);
        }
        let last_callbacks = apps.iter().filter_map(|app| app.last_callback.as_ref());
        // As texts they are in the order of time.
        let last = last_callbacks.max_by_key(|callback| callback.at.clone());
        let clock = ClockStatus {
            ahead_of_database_ms,
            ahead_of_wechat_s: last.map(|callback| callback.clock_skew_s),
        };
        let sms = self.sms.by_provider().into_iter().map(|(provider, last)| SmsStatus {
            provider,
            last_outcome: last.map(|outcome| outcome.word),
            last_at: last.map(|outcome| rfc3339(outcome.at)),
        });
        PartsStatus { sms: sms.collect(), apps, clock }
    }

    /// Asks the database what it is, and what time it has.
    async fn database_facts(&self) -> DatabaseFacts {
        let before = self.clock.now().as_millis();
        let facts = self.database.facts().await.ok().flatten();
        // It looked at its clock about half-way.
        let ours = i64::midpoint(before, self.clock.now().as_millis());
        let theirs = facts.as_ref().and_then(|facts| facts.now);
        DatabaseFacts {
            ahead_ms: theirs.map(|theirs| ours.saturating_sub(theirs.as_millis())),
            version: facts.map(|facts| facts.version),
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
                kind: entry.kind.into_owned(),
                outcome: entry.outcome.into_owned(),
            }),
            token_expires_in: self.app_api.token_expires_in(name).map(|left| left.as_secs()),
        }
    }
}

/// What is known of the database.
struct DatabaseFacts {
    version: Option<String>,
    /// How far this node's clock is ahead of its.
    ahead_ms: Option<i64>,
}

async fn word(part: &dyn Health) -> &'static str {
    if part.ping().await.is_ok() { "ok" } else { "unavailable" }
}
