//! Looking at a login, and waiting until something happens to it.

use std::time::Duration;

use super::{FlowError, Flows, TOMBSTONE};
use crate::{
    login::{AuthenticatedLogin, Login, LoginId, LoginState},
    ports::CachedLogin,
};

/// A lost wake-up costs this long at the most.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

impl Flows {
    /// Returns how a login stands now.
    ///
    /// # Errors
    /// [`FlowError::LoginUnknown`] for one that is long over, [`FlowError::Store`] when nobody can tell.
    pub async fn look(&self, held: &AuthenticatedLogin) -> Result<Login, FlowError> {
        let (id, now) = (held.id(), self.now());
        match self.ports.login_cache.read(id).await {
            Ok(CachedLogin::Outcome(login)) => {
                // Before anyone is told that time is up, the database is asked.
                if login.clone().at(now) != login {
                    return self.recall(id).await;
                }
                if !login.state.is_final() {
                    self.waited_logins.note(id, now);
                }
                Ok(login)
            }
            Ok(CachedLogin::Open) if now < id.deadline() => {
                self.waited_logins.note(id, now);
                Ok(Login::new(id))
            }
            Ok(CachedLogin::Open | CachedLogin::Absent) | Err(_) => self.recall(id).await,
        }
    }

    /// Returns how a login stands now, to somebody who has seen a version of it: never an older one. While the
    /// shared board is away, that of another node may not know yet what they were told.
    ///
    /// # Errors
    /// As [`Flows::look`].
    pub async fn look_since(&self, held: &AuthenticatedLogin, seen: u32) -> Result<Login, FlowError> {
        let login = self.look(held).await?;
        if login.version < seen { self.recall(held.id()).await } else { Ok(login) }
    }

    /// Returns how a login stands according to the database, and puts the cache right.
    pub(super) async fn recall(&self, id: LoginId) -> Result<Login, FlowError> {
        let record = self.ports.logins.find(id).await?;
        let now = self.now();
        match record {
            Some(record) => {
                self.publish(&record.login).await;
                Ok(record.login.at(now))
            }
            None if now < id.deadline() => {
                self.cache_login(id, None).await;
                self.waited_logins.note(id, now);
                Ok(Login::new(id))
            }
            None if now < id.deadline().plus(TOMBSTONE) => Ok(Login::new(id).at(now)),
            None => Err(FlowError::LoginUnknown),
        }
    }

    /// Returns how a login stands as soon as its version is over `since` or it is final, or else once
    /// `at_most` is over.
    ///
    /// # Errors
    /// As [`Flows::look`].
    pub async fn wait(
        &self,
        held: &AuthenticatedLogin,
        since: u32,
        at_most: Duration,
    ) -> Result<Login, FlowError> {
        let until = self.now().plus(at_most);
        // Who cannot be woken is answered at once, and asks again.
        let Ok(mut waiter) = self.ports.notifier.subscribe(held.id()).await else {
            return self.look_since(held, since).await;
        };
        loop {
            let login = self.look_since(held, since).await?;
            let left = until.saturating_duration_since(self.now());
            if login.version > since || login.state.is_final() || left.is_zero() {
                return Ok(login);
            }
            let deadline = match login.state {
                LoginState::Loop { deadline } | LoginState::Unregistered { deadline, .. } => deadline,
                LoginState::Registered { .. } | LoginState::Expired { .. } => return Ok(login),
            };
            // At least a moment, so that a clock that stands still cannot make the loop spin.
            let pause = left
                .min(deadline.saturating_duration_since(self.now()))
                .min(LOOK_AGAIN)
                .max(Duration::from_millis(1));
            waiter.notified(pause).await;
        }
    }
}
