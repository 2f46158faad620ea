//! Work in the background that a test runs when it wants to.

use std::sync::{Mutex, PoisonError};

use saoma_domain::{
    ports::{Background, BackgroundWork},
    services::ServiceError,
};

/// Work that was started and did not run yet.
#[derive(Default)]
pub(crate) struct ManualBackground(Mutex<Vec<BackgroundWork>>);

impl ManualBackground {
    /// Returns how much work there is.
    pub(crate) fn pending(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Runs the work that was started last, of which there has to be some.
    pub(crate) async fn run(&self) -> Result<(), ServiceError> {
        let work = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        work.unwrap().await.map_err(|error| *error.downcast().unwrap())
    }

    /// Loses all work, as a node that dies does.
    pub(crate) fn lose(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Background for ManualBackground {
    fn spawn(&self, _: &'static str, work: BackgroundWork) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(work);
    }
}
