//! People in mini programs: their session keys, and how often each has logged in within the last minute.

use std::collections::{BTreeMap, VecDeque};

/// The number of logins of one person to one mini program within a minute.
const LOGINS_PER_MINUTE: usize = 100;

/// App id and name.
type User = (String, String);

/// A person's session keys in one mini program.
#[derive(Clone, Debug)]
pub(crate) struct SessionKeys {
    pub(crate) current: String,
    /// The outdated one.
    pub(crate) before: Option<String>,
}

/// The session keys; one is current for each person and mini program.
#[derive(Debug, Default)]
pub(crate) struct MiniSessions {
    keys: BTreeMap<User, SessionKeys>,
    logins: BTreeMap<User, VecDeque<i64>>,
}

impl MiniSessions {
    /// Puts a new key in the place of the current one.
    pub(crate) fn renew(&mut self, app_id: &str, person: &str, key: String) {
        let user = user(app_id, person);
        let before = self.keys.remove(&user).map(|keys| keys.current);
        self.keys.insert(user, SessionKeys { current: key, before });
    }

    /// Returns the keys; `None` before the first login.
    pub(crate) fn keys(&self, app_id: &str, person: &str) -> Option<&SessionKeys> {
        self.keys.get(&user(app_id, person))
    }

    /// Counts a login; `false` when there were too many within the last minute.
    pub(crate) fn may_log_in(&mut self, app_id: &str, person: &str, now: i64) -> bool {
        let lately = self.logins.entry(user(app_id, person)).or_default();
        lately.retain(|at| now - at < 60);
        if lately.len() >= LOGINS_PER_MINUTE {
            return false;
        }
        lately.push_back(now);
        true
    }
}

fn user(app_id: &str, person: &str) -> User {
    (app_id.to_owned(), person.to_owned())
}
