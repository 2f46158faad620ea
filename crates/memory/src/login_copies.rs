//! What a node has read of the shared login cache.

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    login::LoginId,
    ports::{CachedLogin, Clock, NotificationSink},
    time::Timestamp,
};

use crate::{
    store::{Copies, ReadBegun},
    subscribers::Subscribers,
};

/// How long a copy is believed of which no change was heard. The reconciliation of the node reads every login that is
/// polled or waited for from the database once a second, and what it finds drops the copy; so this counts only where the
/// notification was lost and the database does not answer, and is as long as a waiting client waits before it looks again.
const BELIEVED_FOR: Duration = Duration::from_secs(5);

/// A copy takes up about 200 bytes.
const CAPACITY: usize = 100_000;

/// What a node has read of the shared login cache a moment ago, so that the polls of a login cost that cache nothing while
/// nothing happens. It hears of changes before the waiting clients of the node do, which read anew.
pub struct LoginCopies {
    pub(crate) copies: Copies<LoginId, CachedLogin>,
    subscribers: Subscribers,
}

impl LoginCopies {
    /// Makes no copies yet; these clients are notified of what it hears.
    pub fn new(clock: Arc<dyn Clock>, subscribers: Subscribers) -> Self {
        Self { copies: Copies::new(clock, CAPACITY, BELIEVED_FOR), subscribers }
    }

    /// Returns the copy of a login, if it is to be believed.
    pub(crate) fn get(&self, id: LoginId) -> Option<CachedLogin> {
        self.copies.get(&id)
    }

    /// Notes that a login is going to be read from the shared cache.
    pub(crate) fn read_begins(&self, id: LoginId) -> ReadBegun {
        self.copies.read_begins(&id)
    }

    /// Keeps a copy of what was read. That there was no entry is not kept: the database is asked then.
    pub(crate) fn keep(&self, id: LoginId, read: &CachedLogin, begun: ReadBegun) {
        match read {
            CachedLogin::Absent => {}
            CachedLogin::Open | CachedLogin::Outcome(_) => {
                self.copies.keep(&id, read.clone(), begun, Timestamp::from_millis(i64::MAX));
            }
        }
    }

    /// Drops the copy of a login that has changed.
    pub(crate) fn drop_one(&self, id: LoginId) {
        self.copies.drop_one(&id);
    }
}

impl NotificationSink for LoginCopies {
    fn notify(&self, id: &LoginId) {
        self.copies.drop_one(id);
        self.subscribers.notify(id);
    }

    fn notify_all(&self) {
        self.copies.listen();
        self.subscribers.notify_all();
    }

    fn lost(&self) {
        self.copies.stop_listening();
        self.subscribers.lost();
    }
}
