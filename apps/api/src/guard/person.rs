//! A person who is logged in.

use std::sync::Arc;

use saoma_domain::{
    account::{Account, AccountId, Identity, PhoneNumber},
    keys::{KeyRing, ServerKey},
    login::{ClientInfo, LoginId, PollToken},
    ports::ActiveSession,
    session::{AuthMethods, Session, SessionId, SessionPolicy},
    time::Timestamp,
    wechat::{AppName, OpenId},
};
use serde_json::Value;

use crate::node::OsRandom;

/// A person who is logged in, as an extractor; its error is [`Refused`](super::Refused).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoggedIn {
    /// The person's account.
    pub account: Account,
    /// The session, whose idle time has begun anew with this call.
    pub session: Session,
    /// When the session ends if it is not used any more.
    pub expires_at: Timestamp,
    active: Arc<ActiveSession>,
}

impl LoggedIn {
    pub(crate) fn new(active: Arc<ActiveSession>, policy: &SessionPolicy) -> Self {
        Self {
            account: active.account.clone(),
            session: active.session.clone(),
            expires_at: active.expires_at(policy),
            active,
        }
    }

    /// Returns the identities of the account, the oldest first.
    pub fn identities(&self) -> &[Identity] {
        &self.active.identities
    }

    /// Returns by which id an app knows the person.
    pub fn openid(&self, app: &AppName) -> Option<&OpenId> {
        self.identities().iter().find(|identity| identity.app == *app).map(|identity| &identity.openid)
    }

    /// Returns what the site keeps with the account (`attributes`); `null` where it keeps nothing.
    pub fn attributes(&self) -> Value {
        let kept = self.account.attributes.as_ref();
        kept.and_then(|kept| serde_json::from_str(kept.as_json()).ok()).unwrap_or_default()
    }

    /// Makes a person out of a phone number, to call handlers with in tests. It logs no person in: no store knows the
    /// account and the session, which are new ones in each call.
    ///
    /// A request gets the person by its extensions: `request.extensions_mut().insert(person)`.
    ///
    /// # Panics
    /// Where the text is no mobile phone number.
    #[expect(clippy::expect_used, reason = "a test that cannot go on fails")]
    pub fn for_tests(phone: &str) -> Self {
        let (random, at) = (OsRandom::default(), Timestamp::from_secs(0));
        let phone = PhoneNumber::parse(phone).expect("a mobile phone number, such as 13800138000");
        let account = Account::new(AccountId::generate(at, &random), Some(phone), at);
        let keys = KeyRing::new(ServerKey::new([1; 32]), Vec::new());
        let session = Session {
            id: SessionId::generate(at, &random),
            login: LoginId::issue(&PollToken::generate(&random), at, &keys),
            account: account.id,
            created_at: at,
            last_seen_at: at,
            client_info: ClientInfo::default(),
            auth_methods: AuthMethods::NONE,
        };
        let active = ActiveSession { session, account, identities: Vec::new(), conflicts: Vec::new() };
        let day = std::time::Duration::from_secs(24 * 60 * 60);
        Self::new(Arc::new(active), &SessionPolicy { idle: day, absolute: day })
    }

    /// The same person with these identities.
    #[must_use]
    pub fn with_identities(self, identities: Vec<Identity>) -> Self {
        let active = ActiveSession { identities, ..ActiveSession::clone(&self.active) };
        Self { active: Arc::new(active), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_of_a_test_is_another_one_each_time() {
        let (anna, ben) = (LoggedIn::for_tests("13800138000"), LoggedIn::for_tests("13900139000"));
        assert_ne!(anna.account.id, ben.account.id);
        assert_eq!(anna.session.account, anna.account.id);
        assert_eq!(anna.account.masked_phone().as_deref(), Some("138****8000"));
        assert!(anna.identities().is_empty());
    }
}
