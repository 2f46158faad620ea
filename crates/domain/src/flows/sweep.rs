//! Finding the outcomes that did not reach the board.

use super::{FlowError, Flows};

/// How many logins one query asks for.
const BATCH: usize = 500;

impl Flows {
    /// Asks the database for the outcomes of all logins that clients of this node look at, puts them on the
    /// board and wakes their waiters. To be called every few seconds; returns how many outcomes it found.
    ///
    /// # Errors
    /// [`FlowError::Store`] when the database does not answer; the next call makes up for it.
    pub async fn sweep(&self) -> Result<usize, FlowError> {
        let watched = self.watchlist.recent(self.now());
        let mut found = 0;
        for batch in watched.chunks(BATCH) {
            for login in self.ports.logins.find_many(batch).await? {
                self.publish(&login).await;
                found += 1;
            }
        }
        Ok(found)
    }
}
