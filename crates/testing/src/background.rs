//! Work in the background that a test runs when it wants to.

use std::sync::{Mutex, MutexGuard, PoisonError};

use saoma_domain::{
    ports::{Background, BackgroundWork},
    services::ServiceError,
};

/// Keeps work that was started until a test runs or loses it.
#[derive(Default)]
pub struct ManualBackground(Mutex<Vec<BackgroundWork>>);

impl ManualBackground {
    /// Returns how many pieces of work there are.
    pub fn pending(&self) -> usize {
        self.lock().len()
    }

    /// Runs the piece of work that was started last, and returns what it led to.
    ///
    /// # Panics
    /// Panics where there is none, or where its failure is not one of a service.
    #[expect(clippy::expect_used, reason = "a test that goes on without the work would say nothing")]
    pub async fn run(&self) -> Result<(), ServiceError> {
        let work = self.lock().pop().expect("there is work");
        work.await.map_err(|error| *error.downcast().expect("it is the failure of a service"))
    }

    /// Loses all work, as a node that dies does.
    pub fn lose(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<BackgroundWork>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Background for ManualBackground {
    fn spawn(&self, _: &'static str, work: BackgroundWork) {
        self.lock().push(work);
    }
}
