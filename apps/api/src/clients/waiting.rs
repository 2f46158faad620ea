//! Lets a client wait for news about its login, within the limits of the node.

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    login::{AuthenticatedLogin, Login},
    services::{ServiceError, Waiting},
};

use super::WaitSlots;
use crate::{extract::Caller, node::Shutdown};

/// Lets clients wait.
pub(crate) struct ClientWaiting {
    pub(crate) waiting: Arc<Waiting>,
    pub(crate) slots: WaitSlots,
    pub(crate) shutdown: Shutdown,
}

impl ClientWaiting {
    /// Returns how a login stands as soon as its version is over `since`, or else once `at_most` is over. Where no slot
    /// is free or the service is about to stop, the answer comes at once.
    ///
    /// # Errors
    /// Those of [`Waiting::look_since`].
    pub(crate) async fn wait(
        &self,
        login: &AuthenticatedLogin,
        since: u32,
        at_most: Duration,
        caller: &Caller,
    ) -> Result<Login, ServiceError> {
        let slot = if at_most.is_zero() { None } else { self.slots.try_acquire(caller.subject.address()) };
        if slot.is_some() {
            tokio::select! {
                login = self.waiting.wait(login, since, at_most) => return login,
                // Timed by the runtime as well: the wall clock may be set back in the meantime.
                () = tokio::time::sleep(at_most) => {}
                () = self.shutdown.begun() => {}
            }
        }
        self.waiting.look_since(login, since).await
    }
}
