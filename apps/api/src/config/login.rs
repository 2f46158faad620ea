//! The section `[login]`.

use std::time::Duration;

use saoma_domain::services::{OnUnsubscribe, PhoneRule, Registration, SmsLogin};
use url::Url;

use super::section::Section;

/// The times and rules of logins.
#[derive(Clone, Debug)]
pub struct LoginConfig {
    /// How long a QR code may be scanned.
    pub qr_ttl: Duration,
    /// How many QR codes are made in advance for each purpose of an official account; 0: none.
    pub codes_ready: u32,
    /// How long a browser may take to come back from WeChat.
    pub oauth_ttl: Duration,
    /// How long a phone number may be bound.
    pub bind_ttl: Duration,
    /// How long after its first issue the same session is issued again.
    pub handover: Duration,
    /// Where the login page is: a path of this site, or a URL; `None`: the page of the service.
    pub page_url: Option<String>,
    /// Where browsers may be sent to besides paths of this site.
    pub return_to_allowed: Vec<Url>,
    /// Where a browser is sent after a login that asks for no other place: a path of this site, or an allowed URL.
    pub default_return_to: Option<String>,
    /// Where WeChat's codes may be sent on to, for systems that exchange them themselves.
    pub relay_to: Vec<Url>,
    /// Whether identities of one person are linked by their unionid.
    pub link_by_unionid: bool,
    /// How long an account may be unseen for its phone number alone to lead to it; `None`: ever so long.
    pub recheck_phone: Option<Duration>,
    /// Whether a new person has to bind a phone number.
    pub phone: PhoneRule,
    /// Whether new accounts are made.
    pub registration: Registration,
    /// Whether people may log in by an SMS code alone.
    pub sms: SmsLogin,
    /// What is done with the sessions of a person who stops following an official account.
    pub on_unsubscribe: OnUnsubscribe,
}

impl LoginConfig {
    /// Returns whether people are asked for a phone number.
    pub(super) fn asks_for_numbers(&self) -> bool {
        self.phone != PhoneRule::Off || self.sms != SmsLogin::Off
    }
}

pub(super) fn read(section: &mut Section<'_>) -> LoginConfig {
    let (return_to_allowed, relay_to) = (urls(section, "return_to_allowed"), urls(section, "relay_to"));
    let qr_ttl_s = section.number("qr_ttl_s", 120, 1..=1800);
    // A lifetime of seconds is a test of expiry, so the browser's way to WeChat gets the same one.
    let oauth_ttl_s = if qr_ttl_s < 60 { qr_ttl_s } else { 600 };
    let on_unsubscribe = [("keep", OnUnsubscribe::Keep), ("end_sessions", OnUnsubscribe::EndSessions)];
    let phone =
        [("required", PhoneRule::Required), ("optional", PhoneRule::Optional), ("off", PhoneRule::Off)];
    let registration = [("open", Registration::Open), ("closed", Registration::Closed)];
    let sms = [("off", SmsLogin::Off), ("existing", SmsLogin::Existing), ("on", SmsLogin::On)];
    LoginConfig {
        sms: section.choice("sms", &sms, SmsLogin::Off),
        phone: section.choice("phone", &phone, PhoneRule::Required),
        registration: section.choice("registration", &registration, Registration::Open),
        qr_ttl: Duration::from_secs(qr_ttl_s.into()),
        codes_ready: section.number("codes_ready", 0, 0..=10_000),
        oauth_ttl: section.seconds("oauth_ttl_s", oauth_ttl_s, 1..=3600),
        bind_ttl: section.seconds("bind_ttl_s", 600, 1..=3600),
        handover: section.seconds("handover_s", 60, 1..=600),
        page_url: page_url(section),
        default_return_to: default_return_to(section, &return_to_allowed),
        return_to_allowed,
        relay_to,
        link_by_unionid: section.flag("link_by_unionid", true),
        recheck_phone: match section.number("recheck_phone_days", 0, 0..=3650) {
            0 => None,
            days => Some(Duration::from_secs(u64::from(days) * 24 * 60 * 60)),
        },
        on_unsubscribe: section.choice("on_unsubscribe", &on_unsubscribe, OnUnsubscribe::Keep),
    }
}

fn default_return_to(section: &mut Section<'_>, allowed: &[Url]) -> Option<String> {
    let text = section.text("default_return_to")?;
    let is_path = text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
    let is_below = |url: &Url, each: &Url| {
        let rest = url.path().strip_prefix(each.path().trim_end_matches('/'));
        url.origin() == each.origin() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is_allowed = Url::parse(&text).is_ok_and(|url| allowed.iter().any(|each| is_below(&url, each)));
    if !is_path && !is_allowed {
        let expected = "neither a path such as /orders nor below an entry of login.return_to_allowed";
        section.problem("default_return_to", format!("`{text}` is {expected}"));
        return None;
    }
    Some(text)
}

/// Reads a list of addresses below which browsers may be sent.
fn urls(section: &mut Section<'_>, key: &str) -> Vec<Url> {
    let mut urls = Vec::new();
    for text in section.list(key) {
        match Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https")) {
            Some(url) => urls.push(url),
            None => section.problem(key, format!("`{text}` is not an http(s) URL")),
        }
    }
    urls
}

fn page_url(section: &mut Section<'_>) -> Option<String> {
    let text = section.text("page_url")?;
    let is_path = text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
    let is_url = Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !is_path && !is_url {
        section.problem("page_url", "has to be a path such as /login, or an http or https URL");
        return None;
    }
    Some(text)
}
