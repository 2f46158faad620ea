//! Work in the background that a test runs when it wants to.

use std::sync::{Mutex, MutexGuard, PoisonError};

use saoma_domain::{
    ports::{Background, BackgroundWork},
    services::ServiceError,
};

/// What every login may start, and most tests are not about.
const DAILY: &str = "reading what WeChat tells of a person";

/// Keeps work that was started until a test runs or loses it.
///
/// The reading of profiles, which every login may start, is kept apart.
#[derive(Default)]
pub struct ManualBackground {
    work: Mutex<Vec<BackgroundWork>>,
    daily: Mutex<Vec<BackgroundWork>>,
}

impl ManualBackground {
    /// Returns how many pieces of work there are.
    pub fn pending(&self) -> usize {
        lock(&self.work).len()
    }

    /// Runs the piece of work that was started last, and returns what it led to.
    ///
    /// # Panics
    /// Panics where there is none, or where its failure is not one of a service.
    pub async fn run(&self) -> Result<(), ServiceError> {
        run_last(&self.work).await
    }

    /// Reads the profiles that the last login of a test asked for, and returns what it led to.
    ///
    /// # Panics
    /// Panics where no login asked for any, or where the failure is not one of a service.
    pub async fn read_profiles(&self) -> Result<(), ServiceError> {
        run_last(&self.daily).await
    }

    /// Loses all work, as a node that dies does.
    pub fn lose(&self) {
        lock(&self.work).clear();
        lock(&self.daily).clear();
    }
}

#[expect(clippy::expect_used, reason = "a test that goes on without the work would say nothing")]
async fn run_last(work: &Mutex<Vec<BackgroundWork>>) -> Result<(), ServiceError> {
    let last = lock(work).pop().expect("there is work");
    last.await.map_err(|error| *error.downcast().expect("it is the failure of a service"))
}

fn lock(work: &Mutex<Vec<BackgroundWork>>) -> MutexGuard<'_, Vec<BackgroundWork>> {
    work.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Background for ManualBackground {
    fn spawn(&self, what: &'static str, work: BackgroundWork) {
        lock(if what == DAILY { &self.daily } else { &self.work }).push(work);
    }
}
