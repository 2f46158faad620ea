//! Reading how a login stands, and waiting until it changes.

use std::{sync::Arc, time::Duration};

use super::{
    ServiceError, login_publisher::LoginPublisher, login_reader::LoginReader, waited_logins::WaitedLogins,
};
use crate::{
    login::{AuthenticatedLogin, Login, LoginId, LoginState},
    ports::{CachedLogin, Clock, LoginCache, LoginNotifier, Logins, Subscription},
    time::Timestamp,
};

/// A waiting client is looked after so often: it reads again where a notification may have been lost, and otherwise only
/// stays among the logins that are waited for, which the node reconciles with the database.
const READ_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Logins that began together, or were all notified of a reconnect, are read one after the other within this time.
const SPREAD: Duration = Duration::from_secs(1);

/// The most logins of one query.
const BATCH: usize = 500;

/// Tells clients how their logins stand.
pub struct Waiting {
    pub(super) login_cache: Arc<dyn LoginCache>,
    pub(super) reader: LoginReader,
    pub(super) publisher: LoginPublisher,
    pub(super) notifier: Arc<dyn LoginNotifier>,
    pub(super) logins: Arc<dyn Logins>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) waited_logins: WaitedLogins,
}

impl Waiting {
    /// Returns how a login stands now.
    ///
    /// # Errors
    /// [`ServiceError::LoginUnknown`] for one that is long over, [`ServiceError::Store`] when neither cache nor
    /// database can tell.
    pub async fn look(&self, auth: &AuthenticatedLogin) -> Result<Login, ServiceError> {
        let (id, now) = (auth.id(), self.clock.now());
        let cached = match self.login_cache.read(id).await {
            Ok(CachedLogin::Outcome(login)) => Some(login),
            Ok(CachedLogin::Open) => Some(Login::new(id)),
            Ok(CachedLogin::Absent) | Err(_) => None,
        };
        match cached {
            Some(login) if login.state.deadline().is_none_or(|deadline| now < deadline) => {
                if !login.state.is_final() {
                    self.waited_logins.note(id, login.version, now);
                }
                Ok(login)
            }
            // Before a login is answered as expired, the database is asked.
            cached => self.read_through(id, cached.map(|login| login.version)).await,
        }
    }

    /// Returns how a login stands now, to a client that has seen a version of it: never an older one. While the
    /// shared cache is unavailable, this node's own may be behind the node that answered the client before.
    ///
    /// # Errors
    /// As [`Waiting::look`].
    pub async fn look_since(&self, auth: &AuthenticatedLogin, seen: u32) -> Result<Login, ServiceError> {
        let login = self.look(auth).await?;
        if login.version < seen { self.read_through(auth.id(), Some(login.version)).await } else { Ok(login) }
    }

    /// Returns how a login stands according to the database, and caches that unless the cache has this version.
    async fn read_through(&self, id: LoginId, cached: Option<u32>) -> Result<Login, ServiceError> {
        let login = self.reader.read(id).await?;
        let now = self.clock.now();
        match login.state {
            LoginState::Loop { deadline } if now < deadline => {
                if cached.is_none() {
                    self.publisher.open(id, None).await;
                }
                self.waited_logins.note(id, login.version, now);
            }
            LoginState::Loop { .. } => {}
            LoginState::Scanned { .. }
            | LoginState::Unregistered { .. }
            | LoginState::Registered { .. }
            | LoginState::Expired { .. } => {
                if cached.is_none_or(|version| version < login.version) {
                    self.publisher.publish(&login).await;
                }
            }
        }
        Ok(login.at(now))
    }

    /// Returns how a login stands as soon as its version is over `since` or it is final, or else once
    /// `at_most` is over.
    ///
    /// # Errors
    /// As [`Waiting::look`].
    pub async fn wait(
        &self,
        auth: &AuthenticatedLogin,
        since: u32,
        at_most: Duration,
    ) -> Result<Login, ServiceError> {
        let until = self.clock.now().plus(at_most);
        // A client that cannot be notified is answered at once, and asks again.
        let Ok(mut subscription) = self.notifier.subscribe(auth.id()).await else {
            return self.look_since(auth, since).await;
        };
        loop {
            let login = self.look_since(auth, since).await?;
            let left = until.saturating_duration_since(self.clock.now());
            if login.version > since || left.is_zero() {
                return Ok(login);
            }
            let Some(deadline) = login.state.deadline() else { return Ok(login) };
            let until = until.min(deadline.plus(auth.id().part_of(SPREAD)));
            self.hear(&mut *subscription, &login, until).await;
        }
    }

    /// Returns once a waited login has to be read again, at `until` at the latest. Meanwhile it costs no read.
    async fn hear(&self, subscription: &mut dyn Subscription, login: &Login, until: Timestamp) {
        loop {
            let left = until.saturating_duration_since(self.clock.now());
            // At least a moment, so that a clock that stands still cannot make the loop spin.
            let pause = left.min(READ_AGAIN_AFTER - login.id.part_of(SPREAD)).max(Duration::from_millis(1));
            if subscription.notified(pause).await {
                return;
            }
            let now = self.clock.now();
            if until <= now {
                return;
            }
            self.waited_logins.note(login.id, login.version, now);
        }
    }

    /// Reads all logins that clients of this node wait for from the database, caches those that have changed since and
    /// notifies the clients. To be called every few seconds; returns how many have changed.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when the database does not answer; the next call makes up for it.
    pub async fn reconcile(&self) -> Result<usize, ServiceError> {
        let waited = self.waited_logins.recent(self.clock.now());
        let ids: Vec<LoginId> = waited.keys().copied().collect();
        let (mut changed, mut failed) = (0, None);
        for batch in ids.chunks(BATCH) {
            // A batch that fails must not delay the others.
            match self.logins.find_many(batch).await {
                Ok(mut logins) => {
                    logins.retain(|login| waited.get(&login.id).is_none_or(|read| *read < login.version));
                    for login in &logins {
                        self.publisher.publish(login).await;
                    }
                    changed += logins.len();
                }
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(changed), |error| Err(error.into()))
    }
}
