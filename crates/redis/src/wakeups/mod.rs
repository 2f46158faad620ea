//! Waiting for something to happen to a login.

mod bells;
mod listener;

use async_trait::async_trait;
use saoma_domain::{
    login::LoginId,
    ports::{StoreError, Waiter, Wakeups},
};

use crate::store::RedisStore;
pub(crate) use bells::Bells;
pub(crate) use listener::Listener;

#[async_trait]
impl Wakeups for RedisStore {
    /// Registers in the memory of this node; Redis hears nothing of it.
    ///
    /// While the subscription is lost the waiter is registered all the same, and woken once it is back.
    async fn subscribe(&self, id: LoginId) -> Result<Box<dyn Waiter>, StoreError> {
        match self.inner.bells.listen(id) {
            Some(waiter) => Ok(Box::new(waiter)),
            None => Err(StoreError::Unavailable("too many are waiting".to_owned())),
        }
    }
}
