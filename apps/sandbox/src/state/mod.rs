//! Everything that the simulated WeChat remembers. What stands below here is pure: the time is an argument,
//! and nothing is sent.

mod access_tokens;
mod authorization;
mod authorization_pages;
mod bounded;
mod events;
mod faults;
mod ids;
mod messages;
mod mini_codes;
mod mini_sessions;
mod one_time_codes;
mod people;
mod qr_codes;

use std::collections::BTreeMap;

use url::Url;

use access_tokens::{AccessTokens, UserToken};
pub(crate) use access_tokens::{OverQuota, TokenRefused};
pub(crate) use authorization::{AuthorizeRequest, Grant, OauthScope};
pub(crate) use authorization_pages::{AuthorizationPage, Decision};
use bounded::Bounded;
pub use events::{Attempt, Delivery, DeliveryOutcome, Event, EventKind};
use faults::Faults;
pub use faults::{Api, Fault};
pub(crate) use ids::{openid, unionid};
pub use messages::{ChatMessage, EXPIRED_NOTICE, FAULT_NOTICE, Sms, Speaker};
pub use mini_codes::MiniCode;
use mini_sessions::MiniSessions;
pub(crate) use one_time_codes::CodeRefused;
use one_time_codes::OneTimeCodes;
pub use people::Mood;
use people::People;
pub(crate) use people::{Following, PersonRecord};
pub use qr_codes::QrCode;

use crate::config::SandboxConfig;
use crate::error::SandboxError;

/// The lifetime of the codes of a mini program.
pub(crate) const MINI_CODE_S: i64 = 300;
/// The lifetime of the codes of WeChat's SDK.
pub(crate) const MOBILE_CODE_S: i64 = 600;
/// How many are kept of what [`Limits`](crate::Limits) does not name.
const MAX_KEPT: usize = 1000;
const MAX_TOKEN_LIFETIME_S: u64 = 365 * 86_400;

/// What a login code of a mini program stands for.
#[derive(Clone, Debug)]
pub(crate) struct MiniLogin {
    pub(crate) person: String,
    pub(crate) session_key: String,
}

/// What changes while the sandbox runs.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) people: People,
    pub(crate) qr_codes: Bounded<QrCode>,
    pub(crate) mini_codes: Bounded<MiniCode>,
    pub(crate) access_tokens: AccessTokens,
    pub(crate) events: Bounded<Event>,
    pub(crate) chats: Bounded<ChatMessage>,
    pub(crate) sms: Bounded<Sms>,
    pub(crate) faults: Faults,
    /// By account name.
    pub(crate) callback_urls: BTreeMap<String, Url>,
    /// Open-platform accounts by app name; an app that is bound to none is missing.
    pub(crate) open_accounts: BTreeMap<String, String>,
    pub(crate) oauth_codes: OneTimeCodes<Grant>,
    pub(crate) user_tokens: Bounded<UserToken>,
    /// By which an app gets another token of a user.
    pub(crate) refresh_tokens: Bounded<UserToken>,
    /// The lifetime of new tokens, of apps and of users.
    pub(crate) token_lifetime_s: i64,
    pub(crate) pages: Bounded<AuthorizationPage>,
    pub(crate) login_codes: OneTimeCodes<MiniLogin>,
    /// The person whose phone number each code stands for.
    pub(crate) phone_codes: OneTimeCodes<String>,
    pub(crate) mini_sessions: MiniSessions,
}

impl State {
    /// Makes the state of the start, with the configured people in it.
    pub(crate) fn new(config: &SandboxConfig) -> Result<Self, SandboxError> {
        let limits = &config.limits;
        let lifetime_s = config.token_lifetime.as_secs().clamp(1, MAX_TOKEN_LIFETIME_S);
        let lifetime_s = i64::try_from(lifetime_s).unwrap_or(i64::MAX);
        let mut people = People::new(limits.people);
        for name in &config.people {
            people.add(name, None)?;
        }
        let urls = config.accounts.iter().filter_map(|a| Some((a.name.clone(), a.callback_url.clone()?)));
        let bound = config.apps().filter_map(|app| Some((app.name.to_owned(), app.open_account?.to_owned())));
        Ok(Self {
            people,
            qr_codes: Bounded::new(limits.codes),
            mini_codes: Bounded::new(limits.codes),
            access_tokens: AccessTokens::new(MAX_KEPT, lifetime_s),
            events: Bounded::new(limits.events),
            chats: Bounded::new(limits.messages),
            sms: Bounded::new(MAX_KEPT),
            faults: Faults::default(),
            callback_urls: urls.collect(),
            open_accounts: bound.collect(),
            oauth_codes: Bounded::new(limits.one_time_codes),
            user_tokens: Bounded::new(limits.user_tokens),
            refresh_tokens: Bounded::new(limits.user_tokens),
            token_lifetime_s: lifetime_s,
            pages: Bounded::new(MAX_KEPT),
            login_codes: Bounded::new(limits.one_time_codes),
            phone_codes: Bounded::new(limits.one_time_codes),
            mini_sessions: MiniSessions::default(),
        })
    }

    /// Returns the id that links a person's openids; `None` for an app that is bound to no open-platform
    /// account.
    pub(crate) fn unionid(&self, app: &str, subject: &str) -> Option<String> {
        self.open_accounts.get(app).map(|open_account| unionid(open_account, subject))
    }

    /// Adds a message to the chat of a person with an account.
    pub(crate) fn say(
        &mut self,
        (person, account): (&str, &str),
        (from, text): (Speaker, &str),
        at: i64,
        event: Option<u64>,
    ) {
        let (person, account, text) = (person.to_owned(), account.to_owned(), text.to_owned());
        self.chats.push_numbered(|id| ChatMessage { id, person, account, from, text, at, event });
    }
}
