//! What a node does besides answering calls: clock and randomness, metrics, maintenance, readiness and shutdown.

mod audit_keeping;
mod detached;
mod funnel_counters;
mod load;
mod log_budget;
mod maintenance;
mod measured_sms;
mod metrics;
mod readiness;
mod route_answers;
mod shutdown;
mod signals;
mod slots;
mod status_report;
mod system;

pub(crate) use audit_keeping::AuditKeeping;
pub(crate) use detached::detached;
pub(crate) use funnel_counters::FunnelCounters;
pub(crate) use load::{Urgency, puts_off, watch_load};
pub(crate) use log_budget::LogBudget;
pub(crate) use maintenance::Maintenance;
pub(crate) use measured_sms::{LastSms, MeasuredSms};
pub(crate) use metrics::{MeasureSources, Metrics, MetricsFormat, SuspicionCounts, Times};
pub(crate) use readiness::Readiness;
pub(crate) use route_answers::{RouteAnswers, method_name};
pub(crate) use shutdown::Shutdown;
pub use signals::{told_to_reload, told_to_stop};
pub(crate) use slots::{Slot, Slots};
pub(crate) use status_report::StatusReport;
pub use system::{OsRandom, SystemClock, TokioBackground};
