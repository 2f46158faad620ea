//! Sessions: what a logged-in browser or device holds.

mod auth_methods;
mod token;

pub use auth_methods::{AuthMethod, AuthMethods};
pub use token::{SessionToken, SessionTokenHash};

use std::time::Duration;

use crate::{
    account::{AccountId, uuid_id},
    login::{ClientInfo, LoginId},
    time::Timestamp,
};

uuid_id! {
    /// The public id of a session, by which its owner can end it.
    SessionId
}

/// How long sessions live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionPolicy {
    /// How long an unused session lives.
    pub idle: Duration,
    /// How long any session lives.
    pub absolute: Duration,
}

/// A session; its token is not in it, and the store has only the token's hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its public id.
    pub id: SessionId,
    /// The login that it came from; a login has one session at the most.
    pub login: LoginId,
    /// Whose it is.
    pub account: AccountId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, give or take [`Session::TOUCH_AFTER`].
    pub last_seen_at: Timestamp,
    /// Who collected it.
    pub client_info: ClientInfo,
    /// How the person proved who they are.
    pub auth_methods: AuthMethods,
}

impl Session {
    /// How old `last_seen_at` has to be before a use is written down.
    pub const TOUCH_AFTER: Duration = Duration::from_secs(60);

    /// Returns when the session ends if it is not used any more.
    pub fn expires_at(&self, policy: &SessionPolicy) -> Timestamp {
        self.last_seen_at.plus(policy.idle).min(self.created_at.plus(policy.absolute))
    }

    /// Returns whether the session is over.
    pub fn is_over(&self, policy: &SessionPolicy, now: Timestamp) -> bool {
        self.expires_at(policy) <= now
    }

    /// Returns from when on a use has to be written down for the session to slide.
    ///
    /// Lifetimes of less than two minutes slide in finer steps, so that a used session never ends early.
    pub fn touch_at(&self, policy: &SessionPolicy) -> Timestamp {
        self.last_seen_at.plus(Self::TOUCH_AFTER.min(policy.idle / 2))
    }

    /// Returns whether a use at `now` has to be written down.
    pub fn wants_touch(&self, policy: &SessionPolicy, now: Timestamp) -> bool {
        self.touch_at(policy) <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        keys::{KeyRing, ServerKey},
        login::PollToken,
    };

    fn session(created: i64, seen: i64) -> Session {
        let token = PollToken::parse(&"A".repeat(43)).unwrap();
        Session {
            id: SessionId::parse("00000000-0000-7000-8000-000000000000").unwrap(),
            login: LoginId::issue(
                &token,
                Timestamp::from_secs(9),
                &KeyRing::new(ServerKey::new([1; 32]), vec![]),
            ),
            account: AccountId::parse("00000000-0000-7000-8000-000000000001").unwrap(),
            created_at: Timestamp::from_secs(created),
            last_seen_at: Timestamp::from_secs(seen),
            client_info: ClientInfo::default(),
            auth_methods: AuthMethods::NONE,
        }
    }

    const POLICY: SessionPolicy =
        SessionPolicy { idle: Duration::from_secs(1800), absolute: Duration::from_secs(7200) };

    #[test]
    fn an_unused_session_ends_after_the_idle_time() {
        assert!(!session(0, 0).is_over(&POLICY, Timestamp::from_secs(1799)));
        assert!(session(0, 0).is_over(&POLICY, Timestamp::from_secs(1800)));
    }

    #[test]
    fn a_used_session_ends_after_the_absolute_time() {
        assert_eq!(session(0, 7000).expires_at(&POLICY), Timestamp::from_secs(7200));
    }

    #[test]
    fn a_use_is_written_down_once_a_minute() {
        assert!(!session(0, 100).wants_touch(&POLICY, Timestamp::from_secs(159)));
        assert!(session(0, 100).wants_touch(&POLICY, Timestamp::from_secs(160)));
        let short = SessionPolicy { idle: Duration::from_secs(4), ..POLICY };
        assert!(session(0, 100).wants_touch(&short, Timestamp::from_secs(102)));
    }
}
