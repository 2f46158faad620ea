//! The configuration of the simulated WeChat.

use std::net::SocketAddr;
use std::time::Duration;

use secrecy::SecretString;

use crate::apps::{App, MiniProgram, MobileApp, OfficialAccount, WebsiteApp};
use crate::clock::Clock;
use crate::error::{SandboxError, invalid};

/// Everything that [`Sandbox::start`](crate::Sandbox::start) needs.
#[derive(Debug)]
pub struct SandboxConfig {
    /// The address to listen on; port 0 takes any free one. Keep it on loopback: every client that reaches it
    /// can do everything.
    pub listen: SocketAddr,
    /// The official accounts. No two apps, of whatever kind, share a name or an app id.
    pub accounts: Vec<OfficialAccount>,
    /// The website applications.
    pub websites: Vec<WebsiteApp>,
    /// The mini programs.
    pub mini_programs: Vec<MiniProgram>,
    /// The mobile applications.
    pub mobile_apps: Vec<MobileApp>,
    /// The people who are there from the start; more can be added at any time.
    pub people: Vec<String>,
    /// The lifetime of a new access token, an app's or a user's; WeChat's live for 7200 s.
    pub token_lifetime: Duration,
    /// The secret that checks `X-Saoma-Signature` on the SMS webhook; without it every message is taken.
    pub sms_secret: Option<SecretString>,
    /// How events are sent.
    pub delivery: DeliveryPolicy,
    /// How much is kept.
    pub limits: Limits,
    /// WeChat's time.
    pub clock: Clock,
    /// Makes tokens, tickets and nonces the same in every run; `None` draws it from the operating system.
    pub seed: Option<[u8; 32]>,
}

/// The people of the demonstration.
pub const DEMO_PEOPLE: [&str; 3] = ["ming", "hong", "wei"];

impl SandboxConfig {
    /// Returns the WeChat of the demonstration: [`OfficialAccount::demo`], [`WebsiteApp::demo`],
    /// [`MiniProgram::demo`], [`MobileApp::demo`] and [`DEMO_PEOPLE`], on port 8081 of loopback.
    pub fn demo() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8081)),
            websites: vec![WebsiteApp::demo()],
            mini_programs: vec![MiniProgram::demo()],
            mobile_apps: vec![MobileApp::demo()],
            people: DEMO_PEOPLE.map(str::to_owned).to_vec(),
            ..Self::with_account(OfficialAccount::demo())
        }
    }

    /// Returns a WeChat with one official account and no people, listening on a free port of loopback.
    pub fn with_account(account: OfficialAccount) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            accounts: vec![account],
            websites: Vec::new(),
            mini_programs: Vec::new(),
            mobile_apps: Vec::new(),
            people: Vec::new(),
            token_lifetime: Duration::from_secs(7200),
            sms_secret: None,
            delivery: DeliveryPolicy::default(),
            limits: Limits::default(),
            clock: Clock::system(0),
            seed: None,
        }
    }

    /// Returns the apps of all kinds.
    pub(crate) fn apps(&self) -> impl Iterator<Item = App<'_>> {
        let accounts = self.accounts.iter().map(OfficialAccount::app);
        let websites = self.websites.iter().map(WebsiteApp::app);
        let mini_programs = self.mini_programs.iter().map(MiniProgram::app);
        accounts.chain(websites).chain(mini_programs).chain(self.mobile_apps.iter().map(MobileApp::app))
    }

    pub(crate) fn check(&self) -> Result<(), SandboxError> {
        for (index, account) in self.accounts.iter().enumerate() {
            account.check()?;
            let twice = |other: &OfficialAccount| other.original_id == account.original_id;
            if self.accounts.iter().skip(index + 1).any(twice) {
                return Err(invalid("accounts", "two accounts share an original id"));
            }
        }
        for (index, app) in self.apps().enumerate() {
            app.check()?;
            let twice = |other: App<'_>| other.name == app.name || other.app_id == app.app_id;
            if self.apps().skip(index + 1).any(twice) {
                return Err(invalid("apps", "two apps share a name or an app id"));
            }
        }
        if self.delivery.attempts == 0 {
            return Err(invalid("delivery.attempts", "at least one attempt is needed"));
        }
        Ok(())
    }
}

/// How often, how fast and with what signature an event is sent.
#[derive(Clone, Debug)]
pub struct DeliveryPolicy {
    /// How long one attempt may take in all; WeChat waits 5 s.
    pub timeout: Duration,
    /// The number of attempts, at least 1; WeChat makes 3.
    pub attempts: u32,
    /// The pause before the next attempt.
    pub retry_delay: Duration,
    /// Whether each attempt has a timestamp, nonce and signature of its own. It is not known whether WeChat's
    /// have; a service must cope with both.
    pub fresh_signature: bool,
    /// How long each event is under way, at least and at the most, drawn anew for each: with another most than least
    /// events overtake each other. WeChat's are under way for a part of a second.
    pub under_way: (Duration, Duration),
    /// Of so many attempts one is lost: before the service gets it, or only its answer on the way back. Zero: none is.
    pub one_lost_in: u16,
    /// Of so many events one is sent in two copies at the same time. Zero: none is.
    pub one_twice_in: u16,
}

impl Default for DeliveryPolicy {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(5),
            attempts: 3,
            retry_delay: Duration::ZERO,
            fresh_signature: false,
            under_way: (Duration::ZERO, Duration::ZERO),
            one_lost_in: 0,
            one_twice_in: 0,
        }
    }
}

/// How much the sandbox keeps. Of everything but people, the oldest entry makes room for the newest.
#[derive(Clone, Debug)]
pub struct Limits {
    /// People; another one is refused.
    pub people: usize,
    /// QR codes.
    pub codes: usize,
    /// Events with their deliveries.
    pub events: usize,
    /// Chat messages of all people.
    pub messages: usize,
    /// One-time codes of each kind: of authorizations, of logins to mini programs, of phone numbers.
    pub one_time_codes: usize,
    /// Tokens of users, expired ones included.
    pub user_tokens: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            people: 1000,
            codes: 10_000,
            events: 1000,
            messages: 2000,
            one_time_codes: 10_000,
            user_tokens: 10_000,
        }
    }
}
