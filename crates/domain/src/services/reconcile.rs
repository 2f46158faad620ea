//! Finding the outcomes that did not reach the cache.

use super::{FlowError, Flows};

/// How many logins one query asks for.
const BATCH: usize = 500;

impl Flows {
    /// Asks the database for the outcomes of all logins that clients of this node look at, puts them on the
    /// board and wakes their waiters. To be called every few seconds; returns how many outcomes it found.
    ///
    /// # Errors
    /// [`FlowError::Store`] when the database does not answer; the next call makes up for it.
    pub async fn reconcile(&self) -> Result<usize, FlowError> {
        let watched = self.waited_logins.recent(self.now());
        let (mut found, mut failed) = (0, None);
        for batch in watched.chunks(BATCH) {
            // A batch that fails must not keep the others waiting.
            match self.ports.logins.find_many(batch).await {
                Ok(logins) => {
                    for login in &logins {
                        self.publish(login).await;
                    }
                    found += logins.len();
                }
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(found), |error| Err(error.into()))
    }
}
