//! The funnel: how many logins took which step.

use async_trait::async_trait;

use super::StoreError;
use crate::{login::ScenePurpose, suspicion::Suspicion, time::Timestamp, wechat::AppName};

/// A step of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LoginStep {
    /// It was started.
    Started,
    /// WeChat said who the person is.
    Scanned,
    /// The person began to follow the official account by the scan.
    Followed,
    /// The person confirmed it on the phone.
    Confirmed,
    /// A phone number was bound.
    Bound,
    /// An account is known.
    Registered,
    /// The client gave it up.
    Cancelled,
    /// It was refused.
    Denied,
}

impl LoginStep {
    /// All steps, in the order in which a login can take them.
    pub const ALL: [Self; 8] = [
        Self::Started,
        Self::Scanned,
        Self::Followed,
        Self::Confirmed,
        Self::Bound,
        Self::Registered,
        Self::Cancelled,
        Self::Denied,
    ];

    /// Returns the name used in stores and in the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Scanned => "scanned",
            Self::Followed => "followed",
            Self::Confirmed => "confirmed",
            Self::Bound => "bound",
            Self::Registered => "registered",
            Self::Cancelled => "cancelled",
            Self::Denied => "denied",
        }
    }

    /// Reads a step's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == name)
    }
}

/// Counts the steps of logins. What is counted may be lost with the node.
pub trait LoginSteps: Send + Sync {
    /// Returns whether anything is counted; else nothing is read for it.
    fn is_counting(&self) -> bool;

    /// Counts a step; without a channel it is the usual one of the app. MUST be cheap and MUST NOT wait.
    fn count(&self, step: LoginStep, channel: Option<&'static str>, app: &AppName, purpose: &ScenePurpose);

    /// Counts a sign that codes are relayed. MUST be cheap and MUST NOT wait.
    fn suspect(&self, _: Suspicion) {}
}

/// Counts nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSteps;

impl LoginSteps for NoSteps {
    fn is_counting(&self) -> bool {
        false
    }

    fn count(&self, _: LoginStep, _: Option<&'static str>, _: &AppName, _: &ScenePurpose) {}
}

/// How the funnel is rolled up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FunnelPeriod {
    /// By the hour, for 35 days.
    Hour,
    /// By the day (UTC), for 400 days.
    Day,
}

impl FunnelPeriod {
    /// Returns the name used in stores.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// Returns how many seconds it has.
    pub const fn secs(self) -> i64 {
        match self {
            Self::Hour => 60 * 60,
            Self::Day => 24 * 60 * 60,
        }
    }
}

/// How often a step was taken within a period.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FunnelCount {
    /// When the period begins.
    pub begins_at: Timestamp,
    /// The channel.
    pub channel: String,
    /// The app.
    pub app: AppName,
    /// The purpose.
    pub purpose: String,
    /// The step.
    pub step: LoginStep,
    /// How often.
    pub count: u64,
}

/// Keeps the funnel.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Funnel: Send + Sync {
    /// Adds counts to the hours in which their `begins_at` lies, and to their days.
    ///
    /// # Errors
    /// [`StoreError`] when they are not known to be added.
    async fn add_counts(&self, counts: Vec<FunnelCount>) -> Result<(), StoreError>;

    /// Lists the counts of the periods that begin at `from` or later and before `to`.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    async fn counts(
        &self,
        period: FunnelPeriod,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<FunnelCount>, StoreError>;
}
