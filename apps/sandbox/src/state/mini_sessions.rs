//! People in mini programs: their session keys, and how often each has logged in within the last minute.

use std::collections::{BTreeMap, VecDeque};

/// The number of logins of one person to one mini program within a minute.
const LOGINS_PER_MINUTE: usize = 100;

/// App id and name.
type User = (String, String);

#[derive(Debug)]
struct SessionKeys {
    current: String,
    before: Option<String>,
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

    /// Returns the current key; `None` before the first login.
    pub(crate) fn current(&self, app_id: &str, person: &str) -> Option<&str> {
        self.keys.get(&user(app_id, person)).map(|keys| keys.current.as_str())
    }

    /// Returns the key before the current one.
    pub(crate) fn outdated(&self, app_id: &str, person: &str) -> Option<&str> {
        self.keys.get(&user(app_id, person))?.before.as_deref()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_makes_the_one_before_outdated() {
        let mut sessions = MiniSessions::default();
        assert_eq!(sessions.current("wx", "ming"), None);
        sessions.renew("wx", "ming", "one".to_owned());
        assert_eq!(sessions.outdated("wx", "ming"), None);
        sessions.renew("wx", "ming", "two".to_owned());
        assert_eq!(sessions.current("wx", "ming"), Some("two"));
        assert_eq!(sessions.outdated("wx", "ming"), Some("one"));
        assert_eq!(sessions.current("wx", "hong"), None);
    }

    #[test]
    fn a_hundred_logins_fit_into_a_minute() {
        let mut sessions = MiniSessions::default();
        assert!((0..100).all(|_| sessions.may_log_in("wx", "ming", 0)));
        assert!(!sessions.may_log_in("wx", "ming", 59));
        assert!(sessions.may_log_in("wx", "hong", 59));
        assert!(sessions.may_log_in("wx", "ming", 60));
    }
}
