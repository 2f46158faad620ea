//! The funnel: how many logins took which step.

use std::collections::BTreeMap;

use saoma_domain::{
    ports::{FunnelCount, FunnelPeriod, LoginStep},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::dto::rfc3339;

/// Which part of the funnel is wanted.
#[derive(Deserialize, Default, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FunnelQuery {
    /// From when on, RFC 3339; a day ago by default.
    pub(crate) from: Option<String>,
    /// Until when, RFC 3339; now by default.
    pub(crate) to: Option<String>,
    /// What to tell apart: `channel`, `app`, `purpose`, with commas.
    pub(crate) by: Option<String>,
    /// `hour` or `day`; hours where the time asked for begins within the last 35 days.
    pub(crate) period: Option<String>,
}

/// The funnel.
#[derive(Serialize, ToSchema)]
pub(crate) struct FunnelBody {
    /// `hour` or `day`.
    period: &'static str,
    from: String,
    to: String,
    items: Vec<FunnelItem>,
}

/// The steps of the logins of one period.
#[derive(Serialize, ToSchema)]
pub(crate) struct FunnelItem {
    /// When the period begins.
    begins_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    started: u64,
    scanned: u64,
    followed: u64,
    confirmed: u64,
    bound: u64,
    registered: u64,
    expired: FunnelExpired,
}

/// The logins that ended without an account, by their reason.
#[derive(Serialize, ToSchema)]
pub(crate) struct FunnelExpired {
    /// Those that are left over; of a period that is not over for long, some of them may still go on.
    timeout: u64,
    cancelled: u64,
    denied: u64,
}

/// What is told apart.
#[derive(Clone, Copy, Default)]
pub(crate) struct FunnelBy {
    pub(crate) channel: bool,
    pub(crate) app: bool,
    pub(crate) purpose: bool,
}

impl FunnelBy {
    /// Reads `channel,app,purpose`; `None` for any other word.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut by = Self::default();
        for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            match word {
                "channel" => by.channel = true,
                "app" => by.app = true,
                "purpose" => by.purpose = true,
                _ => return None,
            }
        }
        Some(by)
    }
}

type Group = (Timestamp, Option<String>, Option<String>, Option<String>);

impl FunnelBody {
    pub(crate) fn new(
        period: FunnelPeriod,
        from: Timestamp,
        to: Timestamp,
        by: FunnelBy,
        counts: Vec<FunnelCount>,
    ) -> Self {
        let mut groups: BTreeMap<Group, BTreeMap<LoginStep, u64>> = BTreeMap::new();
        for FunnelCount { begins_at, channel, app, purpose, step, count } in counts {
            let told = |is_wanted: bool, value: String| Some(value).filter(|_| is_wanted);
            let (channel, app) = (told(by.channel, channel), told(by.app, app.to_string()));
            let group = groups.entry((begins_at, channel, app, told(by.purpose, purpose))).or_default();
            *group.entry(step).or_default() += count;
        }
        let items = groups.into_iter().map(|(group, steps)| FunnelItem::new(group, &steps)).collect();
        Self { period: period.as_str(), from: rfc3339(from), to: rfc3339(to), items }
    }
}

impl FunnelItem {
    fn new((begins_at, channel, app, purpose): Group, steps: &BTreeMap<LoginStep, u64>) -> Self {
        let of = |step| steps.get(&step).copied().unwrap_or_default();
        let (started, registered) = (of(LoginStep::Started), of(LoginStep::Registered));
        let (cancelled, denied) = (of(LoginStep::Cancelled), of(LoginStep::Denied));
        let timeout = started.saturating_sub(registered).saturating_sub(cancelled).saturating_sub(denied);
        Self {
            begins_at: rfc3339(begins_at),
            channel,
            app,
            purpose,
            started,
            scanned: of(LoginStep::Scanned),
            followed: of(LoginStep::Followed),
            confirmed: of(LoginStep::Confirmed),
            bound: of(LoginStep::Bound),
            registered,
            expired: FunnelExpired { timeout, cancelled, denied },
        }
    }
}
