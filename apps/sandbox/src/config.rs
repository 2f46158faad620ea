//! What the simulated WeChat is like.

use std::net::SocketAddr;
use std::time::Duration;

use saoma_wechat::callback::{CallbackConfig, CallbackConfigError, CallbackMode, CallbackSender};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use url::Url;

use crate::{Clock, SandboxError};

/// Everything that [`Sandbox::start`](crate::Sandbox::start) wants to know.
#[derive(Debug)]
pub struct SandboxConfig {
    /// Where to listen; port 0 takes any free one. Keep it on loopback: whoever reaches it rules it.
    pub listen: SocketAddr,
    /// The official accounts, each with another name and app id.
    pub accounts: Vec<OfficialAccount>,
    /// The people who are there from the start; more can come at any time.
    pub people: Vec<String>,
    /// How long a new access token lives; WeChat's live for 7200 s.
    pub token_lifetime: Duration,
    /// What checks `X-Saoma-Signature` on the SMS webhook; without it every message is taken.
    pub sms_secret: Option<SecretString>,
    /// How events are sent.
    pub delivery: DeliveryPolicy,
    /// How much is kept.
    pub limits: Limits,
    /// WeChat's time.
    pub clock: Clock,
    /// Makes tokens, tickets and nonces the same in every run; drawn from the system when left out.
    pub seed: Option<[u8; 32]>,
}

impl SandboxConfig {
    /// Returns a WeChat with one official account, listening on a free port of loopback, nobody in it.
    pub fn with_account(account: OfficialAccount) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            accounts: vec![account],
            people: Vec::new(),
            token_lifetime: Duration::from_secs(7200),
            sms_secret: None,
            delivery: DeliveryPolicy::default(),
            limits: Limits::default(),
            clock: Clock::system(0),
            seed: None,
        }
    }

    pub(crate) fn check(&self) -> Result<(), SandboxError> {
        for (index, account) in self.accounts.iter().enumerate() {
            account.check()?;
            let twice = |other: &OfficialAccount| {
                other.name == account.name
                    || other.app_id == account.app_id
                    || other.original_id == account.original_id
            };
            if self.accounts.iter().skip(index + 1).any(twice) {
                return Err(invalid("accounts", "two accounts share a name, an app id or an original id"));
            }
        }
        if self.delivery.attempts == 0 {
            return Err(invalid("delivery.attempts", "at least one attempt is needed"));
        }
        Ok(())
    }
}

/// One official account as it would be entered in WeChat's console.
#[derive(Clone, Debug)]
pub struct OfficialAccount {
    /// What it is called here and on the phone page.
    pub name: String,
    /// The app id, such as `wx5a0b4c3d2e1f6078`.
    pub app_id: String,
    /// The app secret.
    pub secret: SecretString,
    /// The account's own id as it appears in messages, such as `gh_3f1c9a0b7d52`.
    pub original_id: String,
    /// What signs the callbacks: 3–32 letters and digits.
    pub token: SecretString,
    /// What encrypts the callbacks: 43 letters and digits.
    pub encoding_aes_key: SecretString,
    /// Whether callbacks are encrypted.
    pub mode: Mode,
    /// Where events are sent to; can be set later with
    /// [`Sandbox::set_callback_url`](crate::Sandbox::set_callback_url).
    pub callback_url: Option<Url>,
    /// Whether the account is bound to an open platform, so that `user/info` tells unionids.
    pub unionids: bool,
}

impl OfficialAccount {
    /// Returns an invented account in secure mode, the one of the demonstration.
    pub fn demo() -> Self {
        Self {
            name: "main".to_owned(),
            app_id: "wx5a0b4c3d2e1f6078".to_owned(),
            secret: "0f1e2d3c4b5a69788796a5b4c3d2e1f0".into(),
            original_id: "gh_3f1c9a0b7d52".to_owned(),
            token: "saomaDemoToken".into(),
            encoding_aes_key: "saomaDemoKeyNeverUseItWithARealAccount01234".into(),
            mode: Mode::Secure,
            callback_url: None,
            unionids: true,
        }
    }

    /// Makes WeChat's end of this account's callback; that is also the check of the values it needs.
    pub(crate) fn sender(&self) -> Result<CallbackSender, SandboxError> {
        let config = CallbackConfig {
            app_id: self.app_id.clone(),
            token: self.token.clone(),
            encoding_aes_key: Some(self.encoding_aes_key.clone()),
            previous_encoding_aes_key: None,
            mode: match self.mode {
                Mode::Plain => CallbackMode::Plain,
                Mode::Compat => CallbackMode::Compat,
                Mode::Secure => CallbackMode::Secure,
            },
        };
        CallbackSender::new(&config)
            .map_err(|problem| SandboxError::Config { key: key_of(problem), problem: problem.to_string() })
    }

    fn check(&self) -> Result<(), SandboxError> {
        if self.name.is_empty() {
            return Err(invalid("name", "must not be empty"));
        }
        if self.secret.expose_secret().is_empty() {
            return Err(invalid("secret", "must not be empty"));
        }
        if self.original_id.is_empty() {
            return Err(invalid("original_id", "must not be empty"));
        }
        self.callback_url.as_ref().map_or(Ok(()), check_callback_url)
    }
}

fn key_of(problem: CallbackConfigError) -> &'static str {
    match problem {
        CallbackConfigError::AppId => "app_id",
        CallbackConfigError::TokenLength(_) | CallbackConfigError::TokenCharacter => "token",
        CallbackConfigError::AesKeyMissing
        | CallbackConfigError::AesKeyLength(_)
        | CallbackConfigError::AesKeyCharacter => "encoding_aes_key",
    }
}

/// Says whether an event can be sent to this URL.
fn check_callback_url(url: &Url) -> Result<(), SandboxError> {
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(()),
        _other => Err(invalid("callback_url", "must be an http or https URL")),
    }
}

/// Reads a URL that an event can be sent to.
pub(crate) fn parse_callback_url(url: &str) -> Result<Url, SandboxError> {
    let url = Url::parse(url).map_err(|problem| invalid("callback_url", &problem.to_string()))?;
    check_callback_url(&url).map(|()| url)
}

fn invalid(key: &'static str, problem: &str) -> SandboxError {
    SandboxError::Config { key, problem: problem.to_owned() }
}

/// How callbacks are protected, as chosen in WeChat's console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The body is readable and not covered by any signature.
    Plain,
    /// The body is readable, and encrypted once more beside it.
    Compat,
    /// The body is encrypted and signed.
    Secure,
}

/// How often, how fast and with what signature an event is sent.
#[derive(Clone, Debug)]
pub struct DeliveryPolicy {
    /// How long one attempt may take in all; WeChat waits 5 s.
    pub timeout: Duration,
    /// How many attempts there are in all; WeChat makes 3.
    pub attempts: u32,
    /// How long to wait before the next attempt.
    pub retry_delay: Duration,
    /// Whether each attempt has a timestamp, nonce and signature of its own. It is not known which of the
    /// two WeChat does; a service must cope with both.
    pub fresh_signature: bool,
}

impl Default for DeliveryPolicy {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(5),
            attempts: 3,
            retry_delay: Duration::ZERO,
            fresh_signature: false,
        }
    }
}

/// How much the sandbox keeps; of everything but people the oldest makes room for the newest.
#[derive(Clone, Debug)]
pub struct Limits {
    /// People; one more is refused.
    pub people: usize,
    /// QR codes.
    pub codes: usize,
    /// Access tokens of all accounts, dead ones included.
    pub tokens: usize,
    /// Events with their deliveries.
    pub events: usize,
    /// Chat messages of all people.
    pub messages: usize,
    /// SMS of all phone numbers.
    pub sms: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { people: 1000, codes: 10_000, tokens: 1000, events: 1000, messages: 2000, sms: 500 }
    }
}
