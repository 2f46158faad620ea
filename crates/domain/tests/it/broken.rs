//! Ports that fail whatever they are asked for, and ports that must not be asked for anything.

use std::sync::Arc;

use saoma_domain::{
    ports::{
        MockAccounts, MockAppApi, MockAppProfiles, MockBackground, MockClock, MockGrants, MockLimits,
        MockLoginCache, MockLoginNotifier, MockLogins, MockMerges, MockMessageCodes, MockMiniProgram,
        MockOAuth, MockOfficialAccount, MockOneTimeCodes, MockPeople, MockRandom, MockSessionCache,
        MockSessionKeys, MockSessions, MockSmsCodes, MockSmsSender, StoreError,
    },
    services::{Ports, ServiceError},
};

macro_rules! broken {
    ($mock:ident: $($method:ident($($argument:tt),*)),*) => {{
        let mut mock = $mock::new();
        $(mock.$method().returning(|$($argument),*| Err(away()));)*
        Arc::new(mock)
    }};
}

pub(crate) fn away() -> StoreError {
    StoreError::Unavailable("away".to_owned())
}

/// What a service answers that needed a port which is broken.
pub(crate) fn store_error() -> ServiceError {
    ServiceError::Store(away())
}

pub(crate) fn login_cache() -> Arc<MockLoginCache> {
    broken!(MockLoginCache: expect_open(_, _, _), expect_read(_), expect_context(_), expect_publish(_, _))
}

pub(crate) fn notifier() -> Arc<MockLoginNotifier> {
    broken!(MockLoginNotifier: expect_subscribe(_))
}

pub(crate) fn limits() -> Arc<MockLimits> {
    broken!(MockLimits: expect_take(_, _), expect_is_counted(_, _))
}

pub(crate) fn sms_codes() -> Arc<MockSmsCodes> {
    broken!(MockSmsCodes: expect_put(_, _, _, _), expect_attempt(_, _, _))
}

pub(crate) fn logins() -> Arc<MockLogins> {
    broken!(
        MockLogins: expect_add_pending_link(_), expect_take_scan(_), expect_bind(_), expect_link(_), expect_end(_, _, _), expect_find(_),
        expect_find_many(_), expect_give_consent(_, _), expect_consent(_), expect_ask_for_number(_)
    )
}

pub(crate) fn accounts() -> Arc<MockAccounts> {
    broken!(
        MockAccounts: expect_account(_), expect_identity(_), expect_identity_of(_, _), expect_identities(_), expect_conflicts(_),
        expect_remove_identity(_), expect_change_phone(_), expect_record_follow(_),
        expect_notices_of_account(_, _), expect_notice_of(_, _, _), expect_note_told(_, _)
    )
}

pub(crate) fn one_time_codes() -> Arc<MockOneTimeCodes> {
    broken!(MockOneTimeCodes: expect_redeem(_, _, _))
}

pub(crate) fn session_keys() -> Arc<MockSessionKeys> {
    broken!(MockSessionKeys: expect_put(_, _, _), expect_find(_, _), expect_forget(_))
}

pub(crate) fn sessions() -> Arc<MockSessions> {
    broken!(
        MockSessions: expect_issue(_), expect_find(_), expect_touch(_, _), expect_list(_), expect_end(_, _, _),
        expect_end_all(_, _), expect_end_until(_, _, _)
    )
}

pub(crate) fn session_cache() -> Arc<MockSessionCache> {
    broken!(MockSessionCache: expect_read(_), expect_put(_, _, _, _), expect_mark_ended(_, _))
}

/// Returns ports each of which fails the test when it is used.
pub(crate) fn untouched() -> Ports {
    Ports {
        clock: Arc::new(MockClock::new()),
        random: Arc::new(MockRandom::new()),
        background: Arc::new(MockBackground::new()),
        login_cache: Arc::new(MockLoginCache::new()),
        notifier: Arc::new(MockLoginNotifier::new()),
        message_codes: Arc::new(MockMessageCodes::new()),
        limits: Arc::new(MockLimits::new()),
        sms_codes: Arc::new(MockSmsCodes::new()),
        sms_sender: Arc::new(MockSmsSender::new()),
        logins: Arc::new(MockLogins::new()),
        accounts: Arc::new(MockAccounts::new()),
        audit: Arc::new(saoma_testing::MemoryDatabase::new()),
        people: Arc::new(MockPeople::new()),
        merges: Arc::new(MockMerges::new()),
        app_profiles: Arc::new(MockAppProfiles::new()),
        grants: Arc::new(MockGrants::new()),
        sessions: Arc::new(MockSessions::new()),
        session_cache: Arc::new(MockSessionCache::new()),
        one_time_codes: Arc::new(MockOneTimeCodes::new()),
        session_keys: Arc::new(MockSessionKeys::new()),
        steps: Arc::new(saoma_domain::ports::NoSteps),
        captcha: None,
        gate: Arc::new(saoma_domain::ports::OpenGate),
        places: Arc::new(saoma_domain::ports::NoPlaces),
        official_account: Arc::new(MockOfficialAccount::new()),
        app_api: Arc::new(MockAppApi::new()),
        oauth: Arc::new(MockOAuth::new()),
        mini_program: Arc::new(MockMiniProgram::new()),
    }
}
