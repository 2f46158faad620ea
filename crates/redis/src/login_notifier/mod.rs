//! Waiting for something to happen to a login.

mod listener;
mod subscribers;

use async_trait::async_trait;
use saoma_domain::{
    login::LoginId,
    ports::{LoginNotifier, StoreError, Subscription},
};

use crate::store::RedisStore;
pub(crate) use listener::Listener;
pub(crate) use subscribers::Subscribers;

#[async_trait]
impl LoginNotifier for RedisStore {
    /// Registers in the memory of this node; Redis hears nothing of it.
    ///
    /// While the subscription is lost the waiter is registered all the same, and woken once it is back.
    async fn subscribe(&self, id: LoginId) -> Result<Box<dyn Subscription>, StoreError> {
        match self.inner.subscribers.listen(id) {
            Some(waiter) => Ok(Box::new(waiter)),
            None => Err(StoreError::Unavailable("too many are waiting".to_owned())),
        }
    }
}
