//! Whether this node can serve.

use std::{sync::Arc, time::Duration};

use saoma_domain::ports::Health;

use crate::node::Shutdown;

/// A part that does not answer within this time counts as failing.
const TIME_LIMIT: Duration = Duration::from_secs(1);

/// The parts that this node cannot serve without.
pub(crate) struct Readiness {
    pub(crate) database: Arc<dyn Health>,
    pub(crate) store: Arc<dyn Health>,
    pub(crate) shutdown: Shutdown,
}

impl Readiness {
    /// Returns what keeps this node from serving; nothing if it can serve.
    pub(crate) async fn failing(&self) -> Vec<&'static str> {
        let (database, store) = tokio::join!(answers(&*self.database), answers(&*self.store));
        let failing = [
            (!database).then_some("the database does not answer"),
            (!store).then_some("the store does not answer"),
            self.shutdown.has_begun().then_some("this node is stopping"),
        ];
        failing.into_iter().flatten().collect()
    }
}

async fn answers(part: &dyn Health) -> bool {
    matches!(tokio::time::timeout(TIME_LIMIT, part.ping()).await, Ok(Ok(())))
}
