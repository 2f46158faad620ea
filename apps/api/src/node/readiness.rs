//! Whether this node can serve.

use std::{sync::Arc, time::Duration};

use saoma_domain::ports::Health;

use super::shutdown::Shutdown;

/// A part that does not answer within this time counts as failing.
const TIME_LIMIT: Duration = Duration::from_secs(1);

/// The parts that this node cannot serve without.
pub(crate) struct Readiness {
    pub(crate) database: Arc<dyn Health>,
    pub(crate) store: Arc<dyn Health>,
    pub(crate) shutdown: Shutdown,
}

/// What keeps a node from serving.
pub(crate) struct FailingPart {
    /// What fails, for everyone who asks.
    pub(crate) what: &'static str,
    /// Why, for the operator.
    pub(crate) cause: String,
}

impl Readiness {
    /// Returns what keeps this node from serving; nothing if it can serve.
    pub(crate) async fn failing(&self) -> Vec<FailingPart> {
        let (database, store) = tokio::join!(failure(&*self.database), failure(&*self.store));
        let failing = [
            ("the database does not answer", database),
            ("the store does not answer", store),
            ("this node is stopping", self.shutdown.has_begun().then(|| "it was told to stop".to_owned())),
        ];
        failing.into_iter().filter_map(|(what, cause)| Some(FailingPart { what, cause: cause? })).collect()
    }
}

/// Returns why a part does not answer; `None` if it does.
async fn failure(part: &dyn Health) -> Option<String> {
    match tokio::time::timeout(TIME_LIMIT, part.ping()).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => Some(format!("no answer within {} s", TIME_LIMIT.as_secs())),
    }
}
