//! Wake-ups: hints that something happened to a login.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreError;
use crate::login::LoginId;

/// Lets a task wait until something may have happened to a login.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait LoginNotifier: Send + Sync {
    /// Registers interest in a login until the returned waiter is dropped.
    ///
    /// A wake-up that comes between this call and [`Subscription::woken`] MUST NOT be lost while the adapter is in
    /// working order: subscribe first, then read the state, then wait.
    ///
    /// # Errors
    /// [`StoreError`] when it could not register.
    async fn subscribe(&self, id: LoginId) -> Result<Box<dyn Subscription>, StoreError>;
}

/// One party that waits for one login.
#[async_trait]
pub trait Subscription: Send {
    /// Returns once something may have happened, or the time is over; both mean: look again.
    async fn notified(&mut self, at_most: Duration);
}
