//! A whole set of fake adapters, with handles to move the clock, read SMS and script WeChat.

use std::sync::Arc;

use saoma_domain::{
    ports::{CachedSession, Clock, NoPlaces, NoSteps, OpenGate},
    services::Ports,
    time::Timestamp,
    wechat::AppName,
};
use saoma_memory::{
    LoginCacheCapacity, MemoryLimits, MemoryLoginCache, MemoryMessageCodes, MemorySessionCache,
    MemorySessionKeys, MemorySmsCodes,
};

use crate::{
    FakeAppApi, FakeMiniProgram, FakeOAuth, FakeOfficialAccount, ManualBackground, ManualClock,
    MemoryDatabase, SeededRandom, SmsInbox,
};

/// Everything that a node stands on, in this process; nodes that are given the same set share it.
///
/// There are the official accounts `main` and `shop`, authorization by the website `site`, `main` and the mobile application
/// `mobile`, and the mini program `mini`.
pub struct Fakes<C = ManualClock> {
    /// The clock, which shows [`Fakes::START`] until it is moved.
    pub clock: Arc<C>,
    /// Randomness that is the same in every run.
    pub random: Arc<SeededRandom>,
    /// The work that goes on after a caller was answered.
    pub background: Arc<ManualBackground>,
    /// The database.
    pub database: Arc<MemoryDatabase>,
    /// The cache of login states, and the notifier of waiting clients.
    pub login_cache: Arc<MemoryLoginCache>,
    /// The session cache.
    pub session_cache: Arc<MemorySessionCache>,
    /// The session keys of mini programs.
    pub session_keys: Arc<MemorySessionKeys>,
    /// The rate limits.
    pub limits: Arc<MemoryLimits>,
    /// The codes that people send as messages.
    pub message_codes: Arc<MemoryMessageCodes>,
    /// The SMS codes that wait to be typed in.
    pub sms_codes: Arc<MemorySmsCodes>,
    /// The SMS that were sent.
    pub inbox: Arc<SmsInbox>,
    /// The official accounts.
    pub official_account: Arc<FakeOfficialAccount>,
    /// Web authorization.
    pub oauth: Arc<FakeOAuth>,
    /// Calls of WeChat's API that logins do not need.
    pub app_api: Arc<FakeAppApi>,
    /// The mini program.
    pub mini_program: Arc<FakeMiniProgram>,
}

impl Fakes {
    /// When the clock begins: a day in November 2025.
    pub const START: Timestamp = Timestamp::from_secs(1_763_610_000);

    /// Makes a set whose clock stands still until it is moved.
    pub fn new() -> Self {
        Self::with_clock(ManualClock::new(Self::START))
    }
}

impl Default for Fakes {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: Clock + 'static> Fakes<C> {
    /// Makes a set that goes by another clock.
    pub fn with_clock(clock: C) -> Self {
        let clock = Arc::new(clock);
        let login_cache = MemoryLoginCache::new(clock.clone(), LoginCacheCapacity::default());
        let session_keys = MemorySessionKeys::new(clock.clone(), MemorySessionKeys::DEFAULT_CAPACITY);
        let sms_codes = MemorySmsCodes::new(clock.clone(), MemorySmsCodes::DEFAULT_CAPACITY);
        Self {
            random: Arc::new(SeededRandom::new(1)),
            background: Arc::new(ManualBackground::default()),
            database: Arc::new(MemoryDatabase::new()),
            login_cache: Arc::new(login_cache),
            session_cache: Arc::new(MemorySessionCache::new(
                clock.clone(),
                MemorySessionCache::DEFAULT_CAPACITY,
                CachedSession::TTL,
            )),
            session_keys: Arc::new(session_keys),
            message_codes: Arc::new(MemoryMessageCodes::new(
                clock.clone(),
                MemoryMessageCodes::DEFAULT_CAPACITY,
            )),
            limits: Arc::new(MemoryLimits::new(MemoryLimits::DEFAULT_CAPACITY)),
            sms_codes: Arc::new(sms_codes),
            inbox: Arc::new(SmsInbox::new()),
            official_account: Arc::new(FakeOfficialAccount::new(apps(&["main", "shop"]))),
            oauth: Arc::new(FakeOAuth::new(apps(&["site", "main", "mobile"]))),
            app_api: Arc::new(FakeAppApi::default()),
            mini_program: Arc::new(FakeMiniProgram::new(apps(&["mini"]))),
            clock,
        }
    }

    /// Returns the ports of a node that stands on this set.
    pub fn ports(&self) -> Ports {
        Ports {
            clock: self.clock.clone(),
            random: self.random.clone(),
            background: self.background.clone(),
            login_cache: self.login_cache.clone(),
            notifier: self.login_cache.clone(),
            message_codes: self.message_codes.clone(),
            limits: self.limits.clone(),
            sms_codes: self.sms_codes.clone(),
            sms_sender: self.inbox.clone(),
            logins: self.database.clone(),
            accounts: self.database.clone(),
            audit: self.database.clone(),
            people: self.database.clone(),
            merges: self.database.clone(),
            app_profiles: self.database.clone(),
            grants: self.database.clone(),
            sessions: self.database.clone(),
            session_cache: self.session_cache.clone(),
            one_time_codes: self.database.clone(),
            session_keys: self.session_keys.clone(),
            steps: Arc::new(NoSteps),
            captcha: None,
            gate: Arc::new(OpenGate),
            places: Arc::new(NoPlaces),
            official_account: self.official_account.clone(),
            app_api: self.app_api.clone(),
            oauth: self.oauth.clone(),
            mini_program: self.mini_program.clone(),
        }
    }
}

fn apps(names: &[&str]) -> Vec<AppName> {
    names.iter().filter_map(|name| AppName::parse(*name).ok()).collect()
}
