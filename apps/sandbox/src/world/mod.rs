//! Everything that is known in the simulated WeChat. What stands below here is pure: time comes in as an
//! argument, nothing is sent.

mod bounded;
mod chat;
mod codes;
mod events;
mod faults;
mod mini_sessions;
mod oauth;
mod one_time;
mod pages;
mod people;
mod tokens;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use url::Url;

pub(crate) use chat::Inbox;
pub use chat::{ChatMessage, EXPIRED_NOTICE, FAULT_NOTICE, Sms, Speaker};
pub use codes::QrCode;
pub(crate) use codes::QrCodes;
pub(crate) use events::EventLog;
pub use events::{Attempt, Delivery, Event, EventKind, Outcome};
pub(crate) use faults::Faults;
pub use faults::{Api, Fault};
pub(crate) use mini_sessions::MiniSessions;
pub(crate) use oauth::{AuthorizeRequest, Grant, OauthScope, UserToken, UserTokenRefused, UserTokens};
pub(crate) use one_time::{CodeRefused, OneTimeCodes};
pub(crate) use pages::{Decision, Page, Pages};
pub(crate) use people::{Following, People, PersonRecord, openid, unionid};
pub(crate) use tokens::{Issued, OverQuota, TokenState, Tokens};

use crate::account::OfficialAccount;
use crate::app::{App, AppKind};
use crate::config::SandboxConfig;
use crate::random::Random;
use crate::{Clock, SandboxError};

/// What changes.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) people: People,
    pub(crate) codes: QrCodes,
    pub(crate) tokens: Tokens,
    pub(crate) events: EventLog,
    pub(crate) chats: Inbox<ChatMessage>,
    pub(crate) sms: Inbox<Sms>,
    pub(crate) faults: Faults,
    /// By account name.
    pub(crate) callback_urls: BTreeMap<String, Url>,
    /// Open platform accounts by app name; an app that is bound to none is missing.
    pub(crate) open_accounts: BTreeMap<String, String>,
    pub(crate) oauth_codes: OneTimeCodes<Grant>,
    pub(crate) user_tokens: UserTokens,
    pub(crate) pages: Pages,
    pub(crate) login_codes: OneTimeCodes<MiniLogin>,
    pub(crate) phone_codes: OneTimeCodes<String>,
    pub(crate) mini_sessions: MiniSessions,
}

impl State {
    /// Returns what links a person's openids; nothing for an app that is bound to no open platform account.
    pub(crate) fn unionid(&self, app: &str, subject: &str) -> Option<String> {
        self.open_accounts.get(app).map(|open_account| unionid(open_account, subject))
    }
}

/// What a login code of a mini program stands for.
#[derive(Clone, Debug)]
pub(crate) struct MiniLogin {
    pub(crate) person: String,
    pub(crate) session_key: String,
}

/// How long the codes of a mini program live.
const MINI_CODE_S: i64 = 300;

/// The configuration, the state behind one lock, and who wants to know when it changes.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) config: SandboxConfig,
    pub(crate) random: Random,
    state: Mutex<State>,
    revision: watch::Sender<u64>,
}

impl World {
    /// Makes the world with the configured people in it.
    pub(crate) fn new(config: SandboxConfig, seed: &[u8; 32]) -> Result<Self, SandboxError> {
        let limits = &config.limits;
        let lifetime_s = i64::try_from(config.token_lifetime.as_secs()).unwrap_or(i64::MAX);
        let mut people = People::new(limits.people);
        for name in &config.people {
            people.add(name, None)?;
        }
        let urls = config.accounts.iter();
        let bound = config.apps().filter_map(|app| Some((app.name.to_owned(), app.open_account?.to_owned())));
        let state = State {
            people,
            codes: QrCodes::new(limits.codes),
            tokens: Tokens::new(limits.tokens, lifetime_s),
            events: EventLog::new(limits.events),
            chats: Inbox::new(limits.messages),
            sms: Inbox::new(limits.sms),
            faults: Faults::default(),
            callback_urls: urls.filter_map(|a| Some((a.name.clone(), a.callback_url.clone()?))).collect(),
            open_accounts: bound.collect(),
            oauth_codes: OneTimeCodes::new(limits.one_time_codes, OauthScope::Base.code_lifetime_s()),
            user_tokens: UserTokens::new(limits.user_tokens, lifetime_s),
            pages: Pages::new(limits.pages),
            login_codes: OneTimeCodes::new(limits.one_time_codes, MINI_CODE_S),
            phone_codes: OneTimeCodes::new(limits.one_time_codes, MINI_CODE_S),
            mini_sessions: MiniSessions::default(),
        };
        let (revision, _) = watch::channel(0);
        Ok(Self { config, random: Random::new(seed), state: Mutex::new(state), revision })
    }

    /// Returns WeChat's time in Unix seconds.
    pub(crate) fn now(&self) -> i64 {
        self.clock().now()
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.config.clock
    }

    /// Looks at the state.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    /// Changes the state and tells those who watch.
    pub(crate) fn write<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.touch();
        result
    }

    /// Tells those who watch that there may be something new.
    pub(crate) fn touch(&self) {
        self.revision.send_modify(|revision| *revision += 1);
    }

    /// Returns what grows with every change.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    /// Returns the account of this name.
    pub(crate) fn account(&self, name: &str) -> Result<&OfficialAccount, SandboxError> {
        let found = self.config.accounts.iter().find(|account| account.name == name);
        found.ok_or_else(|| SandboxError::UnknownAccount(name.to_owned()))
    }

    /// Returns the app of this name, of whatever kind.
    pub(crate) fn app(&self, name: &str) -> Result<App<'_>, SandboxError> {
        let found = self.config.apps().find(|app| app.name == name);
        found.ok_or_else(|| SandboxError::UnknownApp(name.to_owned()))
    }

    /// Returns the mini program of this name.
    pub(crate) fn mini_program(&self, name: &str) -> Result<App<'_>, SandboxError> {
        let found = self.config.apps().find(|app| app.name == name && app.kind == AppKind::MiniProgram);
        found.ok_or_else(|| SandboxError::UnknownApp(name.to_owned()))
    }

    /// Returns the app of this app id.
    pub(crate) fn app_by_id(&self, app_id: &str) -> Option<App<'_>> {
        self.config.apps().find(|app| app.app_id == app_id)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
