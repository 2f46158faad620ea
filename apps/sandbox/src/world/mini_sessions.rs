//! What WeChat knows of people in mini programs: session keys, and how often somebody logged in lately.

use std::collections::{BTreeMap, VecDeque};

/// How often one person can log in to one mini program within a minute.
const LOGINS_PER_MINUTE: usize = 100;

/// App id and name.
type User = (String, String);

#[derive(Debug)]
struct Keys {
    current: String,
    before: Option<String>,
}

/// The session keys of everybody; there is one that is good for each user and mini program.
#[derive(Debug, Default)]
pub(crate) struct MiniSessions {
    keys: BTreeMap<User, Keys>,
    logins: BTreeMap<User, VecDeque<i64>>,
}

impl MiniSessions {
    /// Puts a new key in the place of the one before.
    pub(crate) fn renew(&mut self, app_id: &str, person: &str, key: String) {
        let before = self.keys.remove(&user(app_id, person)).map(|keys| keys.current);
        self.keys.insert(user(app_id, person), Keys { current: key, before });
    }

    /// Returns the key that is good now; nothing before the first login.
    pub(crate) fn current(&self, app_id: &str, person: &str) -> Option<&str> {
        self.keys.get(&user(app_id, person)).map(|keys| keys.current.as_str())
    }

    /// Returns the key before that one.
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
