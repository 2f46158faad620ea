//! The failures of a call, and what they are in the domain's words.

use std::net::IpAddr;
use std::time::Duration;

use saoma_domain::ports::WechatError;
use saoma_domain::time::Timestamp;

use super::api::{Api, Quota};
use crate::errcode::{self, Errcode, Remedy};

/// When to ask again after a failure that says nothing about it.
const SOON: Duration = Duration::from_secs(1);

/// The advice for an unknown code. WeChat's own words are not passed on: they may repeat a code or a secret
/// that was sent.
const UNKNOWN: &str = "Saoma does not know this code; look it up in WeChat's list of return codes";

/// Why a call brought no answer that can be used.
#[derive(Clone, Debug)]
pub(super) enum CallFailure {
    /// There was no answer, or one with a 5xx status. The text is the cause, without the address.
    Unreachable(String),
    /// There was an answer that WeChat does not give. The text says what is wrong with it.
    Unusable(String),
    /// WeChat refused.
    Refused(Refusal),
}

/// WeChat's refusal.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) errcode: i64,
    pub(super) errmsg: String,
}

impl CallFailure {
    pub(super) fn unusable(what: impl Into<String>) -> Self {
        Self::Unusable(what.into())
    }

    /// Returns whether the same call may work in a moment.
    pub(super) fn is_transient(&self) -> bool {
        self.remedy() == Some(Remedy::Repeat) || matches!(self, Self::Unreachable(_))
    }

    /// Returns whether WeChat refused the access token of the call.
    pub(super) fn is_dead_token(&self) -> bool {
        self.remedy() == Some(Remedy::NewToken)
    }

    fn remedy(&self) -> Option<Remedy> {
        match self {
            Self::Unreachable(_) | Self::Unusable(_) => None,
            Self::Refused(refusal) => refusal.remedy(),
        }
    }

    /// Puts the failure in the domain's words.
    pub(super) fn into_error(self, api: &Api, now: Timestamp) -> WechatError {
        match self {
            Self::Unreachable(reason) | Self::Unusable(reason) => {
                WechatError::Unavailable { reason, retry_after: SOON }
            }
            Self::Refused(refusal) => refusal.into_error(api, now),
        }
    }
}

impl Refusal {
    pub(super) fn remedy(&self) -> Option<Remedy> {
        errcode::lookup(self.errcode).map(|row| row.remedy)
    }

    /// Returns the advice for the operator, with the details that WeChat gave.
    pub(super) fn advice(&self, api: &Api) -> String {
        let mut advice = self.meaning(api).map_or_else(|| UNKNOWN.to_owned(), Errcode::sentence);
        if let Some(ip) = self.ip().filter(|_| advice.contains("address that this server calls from")) {
            advice.push_str(&format!(" (it is {ip})"));
        }
        if let Some(rid) = self.rid() {
            advice.push_str(&format!(" [rid {rid}]"));
        }
        advice
    }

    /// Returns what the code means of this API.
    fn meaning(&self, api: &Api) -> Option<&'static Errcode> {
        match (self.errcode, api.quota) {
            // A request that carries the secret carries no token that could be dead.
            (40001, _) if api.sends_secret() => errcode::lookup(40125),
            (45009, Quota::Minute) => errcode::lookup(45011),
            (code, _) => errcode::lookup(code),
        }
    }

    /// Returns the name by which WeChat's support finds the call: up to three groups of up to eight hex
    /// digits. No code, token or secret looks like that.
    fn rid(&self) -> Option<&str> {
        let rid = self.errmsg.split_once("rid: ")?.1.trim();
        let is_group = |group: &str| {
            (1..=8).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        (rid.split('-').count() <= 3 && rid.split('-').all(is_group)).then_some(rid)
    }

    /// Returns the first address in the message: the one that WeChat saw the call come from.
    fn ip(&self) -> Option<IpAddr> {
        self.errmsg.split([' ', ',']).find_map(|word| word.parse().ok())
    }

    fn into_error(self, api: &Api, now: Timestamp) -> WechatError {
        let errcode = self.errcode;
        match self.meaning(api).map(|row| row.remedy) {
            Some(Remedy::Repeat) => WechatError::Unavailable { reason: self.advice(api), retry_after: SOON },
            Some(Remedy::NextMinute) => WechatError::Unavailable {
                reason: self.advice(api),
                retry_after: next_minute(now).saturating_duration_since(now),
            },
            Some(Remedy::NotFound) => WechatError::NotFound { errcode },
            Some(Remedy::NewToken | Remedy::Stop | Remedy::Report) | None => {
                WechatError::Refused { errcode, advice: self.advice(api) }
            }
        }
    }
}

/// Returns the start of the next minute, when WeChat's quotas of the minute begin anew.
pub(super) fn next_minute(now: Timestamp) -> Timestamp {
    Timestamp::from_secs((now.as_secs().div_euclid(60) + 1).saturating_mul(60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::api::{Credentials, Method, Repeat};

    fn advice(credentials: Credentials, errcode: i64, errmsg: &str) -> String {
        let (method, repeat, quota) = (Method::Get, Repeat::Safe, Quota::App);
        let api = Api { path: "/", method, credentials, repeat, quota };
        Refusal { errcode, errmsg: errmsg.to_owned() }.advice(&api)
    }

    #[test]
    fn the_advice_names_the_address_to_allow_and_the_rid() {
        let errmsg = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6740a1b2-1c2d3e4f-5a6b7c8d";
        let advice = advice(Credentials::SecretInBody, 40164, errmsg);
        assert!(advice.contains("IP whitelist") && advice.contains("(it is 203.0.113.7)"), "{advice}");
        assert!(advice.ends_with("[rid 6740a1b2-1c2d3e4f-5a6b7c8d]"), "{advice}");
    }

    #[test]
    fn a_refused_token_means_a_wrong_secret_where_the_secret_is_sent() {
        assert!(advice(Credentials::SecretInBody, 40001, "").contains("app secret"));
        assert!(advice(Credentials::Secret, 40001, "").contains("app secret"));
        assert!(advice(Credentials::Token, 40001, "").contains("access token"));
        assert!(advice(Credentials::PersonToken, 40001, "").contains("access token"));
    }

    #[test]
    fn of_what_wechat_says_about_an_unknown_code_only_the_rid_is_kept() {
        let errmsg = "new rule for code 0123456789abcdef rid: 6740a1b2-1c2d3e4f-5a6b7c8d";
        let advice = advice(Credentials::Token, 12_345, errmsg);
        assert_eq!(advice, format!("{UNKNOWN} [rid 6740a1b2-1c2d3e4f-5a6b7c8d]"));
    }

    #[test]
    fn what_does_not_look_like_a_rid_is_none() {
        for text in [
            "",
            "-",
            "6740a1b2-",
            "0123456789abcdef0123456789abcdef",
            "071AbCde0123456789abCdef01234567",
            "canary-code",
            "6740a1b2-1c2d3e4f-5a6b7c8d-1",
            "6740a1b2-1c2d3e4f-5a6b7c8d token",
            "<x>",
        ] {
            assert_eq!(advice(Credentials::Token, 12_345, &format!("no rid: {text}")), UNKNOWN, "{text}");
        }
    }

    #[test]
    fn the_next_minute_is_never_now() {
        assert_eq!(next_minute(Timestamp::from_secs(60)), Timestamp::from_secs(120));
        assert_eq!(next_minute(Timestamp::from_secs(119)), Timestamp::from_secs(120));
    }
}
