//! Lets a client wait for news about its login, within the limits of the node.

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    login::{AuthenticatedLogin, Login, LoginId, LoginState},
    services::{ClientSubject, ServiceError, Waiting},
};
use tokio::time::Instant;

use super::PollPace;
use crate::node::{Shutdown, Slots};

/// A client that is answered sooner has not waited, but polls.
const AT_ONCE: Duration = Duration::from_millis(200);

/// Within this time after the node is told to stop, all that wait are answered.
pub(super) const STOPPING: Duration = Duration::from_millis(700);

/// Lets clients wait.
pub(crate) struct ClientWaiting {
    pub(crate) waiting: Arc<Waiting>,
    pub(crate) slots: Slots,
    pub(crate) shutdown: Shutdown,
    pub(crate) pace: PollPace,
}

impl ClientWaiting {
    /// Returns how a login stands now.
    ///
    /// # Errors
    /// [`ServiceError::RateLimited`] for a login that was polled too often; those of [`Waiting::look_since`].
    pub(crate) async fn poll(&self, login: &AuthenticatedLogin, since: u32) -> Result<Login, ServiceError> {
        self.pace.check(login.id())?;
        let found = self.waiting.look_since(login, since).await?;
        if is_in_vain(&found, since) {
            self.pace.count(login.id());
        }
        Ok(found)
    }

    /// Returns how a login stands as soon as its version is over `since`, or else once `at_most` is over, and up to a tenth
    /// of that later: waits that began together end one after the other. Where no slot is free or the service is about to
    /// stop, the answer comes at once.
    ///
    /// # Errors
    /// [`ServiceError::RateLimited`] for a login that was polled too often; those of [`Waiting::look_since`].
    pub(crate) async fn wait(
        &self,
        login: &AuthenticatedLogin,
        since: u32,
        at_most: Duration,
        client: ClientSubject,
    ) -> Result<Login, ServiceError> {
        self.pace.check(login.id())?;
        let asked = Instant::now();
        let found = self.wait_in_slot(login, since, at_most, client).await?;
        if is_in_vain(&found, since) && asked.elapsed() < AT_ONCE {
            self.pace.count(login.id());
        }
        Ok(found)
    }

    async fn wait_in_slot(
        &self,
        login: &AuthenticatedLogin,
        since: u32,
        at_most: Duration,
        client: ClientSubject,
    ) -> Result<Login, ServiceError> {
        let slot = self.slots.try_acquire(client.address());
        if slot.is_some() {
            let at_most = spread(login.id(), at_most);
            tokio::select! {
                login = self.waiting.wait(login, since, at_most) => return login,
                // Timed by the runtime as well: the wall clock may be set back in the meantime.
                () = tokio::time::sleep(at_most) => {}
                () = self.shutdown.begun() => tokio::time::sleep(login.id().part_of(STOPPING)).await,
            }
        }
        self.waiting.look_since(login, since).await
    }
}

/// Returns whether a client that has seen a version learnt nothing new.
fn is_in_vain(found: &Login, since: u32) -> bool {
    match found.state {
        LoginState::Loop { .. } => true,
        LoginState::Scanned { .. } | LoginState::Unregistered { .. } => found.version <= since,
        LoginState::Registered { .. } | LoginState::Expired { .. } => false,
    }
}

/// Returns for how long a login is waited for, up to a tenth longer than was asked: each login's wait has its own length.
fn spread(id: LoginId, at_most: Duration) -> Duration {
    at_most + id.part_of(at_most / 10)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use saoma_domain::{
        keys::{KeyRing, ServerKey},
        login::PollToken,
        time::Timestamp,
    };

    use super::*;
    use crate::node::OsRandom;

    #[test]
    fn a_wait_lasts_up_to_a_tenth_longer_so_that_waits_that_began_together_do_not_end_together() {
        let keys = KeyRing::new(ServerKey::new([1; 32]), vec![]);
        let asked = Duration::from_secs(50);
        let lasts: BTreeSet<_> = (0..200)
            .map(|_| {
                LoginId::issue(&PollToken::generate(&OsRandom::default()), Timestamp::from_secs(9), &keys)
            })
            .map(|id| spread(id, asked))
            .collect();
        assert!(lasts.iter().all(|lasts| (asked..asked + asked / 10).contains(lasts)), "{lasts:?}");
        assert!(lasts.len() > 50, "of 256 lengths: {lasts:?}");
    }
}
