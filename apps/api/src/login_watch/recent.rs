//! The logins of which something was said lately.

use std::collections::{BTreeSet, VecDeque};

use saoma_domain::login::LoginId;

/// As many are remembered: at a hundred ends a second those of a minute.
const MOST: usize = 8192;

/// Remembers the last few thousand logins.
#[derive(Default)]
pub(super) struct RecentLogins {
    known: BTreeSet<LoginId>,
    order: VecDeque<LoginId>,
}

impl RecentLogins {
    /// Remembers a login, and returns whether it was not remembered before.
    pub(super) fn insert(&mut self, id: LoginId) -> bool {
        if !self.known.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use saoma_domain::{
        keys::{KeyRing, ServerKey},
        login::PollToken,
        time::Timestamp,
    };

    use super::*;
    use crate::node::OsRandom;

    #[test]
    fn a_login_is_new_once_until_it_is_long_ago() {
        let keys = KeyRing::new(ServerKey::new([1; 32]), vec![]);
        let login =
            || LoginId::issue(&PollToken::generate(&OsRandom::default()), Timestamp::from_secs(9), &keys);
        let (mut recent, first) = (RecentLogins::default(), login());
        assert!(recent.insert(first));
        assert!(!recent.insert(first));
        for _ in 0..MOST {
            assert!(recent.insert(login()));
        }
        assert_eq!((recent.known.len(), recent.order.len()), (MOST, MOST));
        assert!(recent.insert(first), "it was forgotten");
    }
}
