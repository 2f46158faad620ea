//! What a node does besides answering calls: clock and randomness, metrics, maintenance, readiness and shutdown.

mod detached;
mod maintenance;
mod metrics;
mod readiness;
mod shutdown;
mod system;

pub(crate) use detached::detached;
pub(crate) use maintenance::Maintenance;
pub(crate) use metrics::Metrics;
pub(crate) use readiness::Readiness;
pub(crate) use shutdown::Shutdown;
pub use system::{OsRandom, SystemClock, TokioBackground};
