//! Notification of the clients that wait for a login. A notification is a hint, never a fact.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreError;
use crate::login::LoginId;

/// Notifies waiting clients that a login may have changed.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait LoginNotifier: Send + Sync {
    /// Subscribes to a login until the returned subscription is dropped.
    ///
    /// A notification between this call and [`Subscription::notified`] MUST NOT be lost while the adapter works:
    /// subscribe first, then read the login's state, then wait.
    ///
    /// # Errors
    /// [`StoreError`] when there is no room for another subscription.
    async fn subscribe(&self, id: LoginId) -> Result<Box<dyn Subscription>, StoreError>;
}

/// The subscription of one client to one login.
#[async_trait]
pub trait Subscription: Send {
    /// Returns once the login may have changed, or after `at_most`, and whether the caller has to read the state again:
    /// also where nothing was heard, if a notification may have been lost meanwhile. With an `at_most` of zero it returns at
    /// once.
    async fn notified(&mut self, at_most: Duration) -> bool;
}

/// What one node hears of changes, as seen by an adapter that learns of changes on other nodes.
pub trait NotificationSink: Send + Sync {
    /// Notifies the clients of this node that wait for this login.
    fn notify(&self, id: &LoginId);

    /// Notifies every waiting client of this node, because notifications may have been missed. From now on they arrive.
    fn notify_all(&self);

    /// Says that notifications do not arrive from now on, until [`NotificationSink::notify_all`].
    fn lost(&self);
}
