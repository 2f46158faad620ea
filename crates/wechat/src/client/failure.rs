//! What can go wrong with one call, and how the domain hears of it.

use std::net::IpAddr;
use std::time::Duration;

use saoma_domain::ports::WechatError;
use saoma_domain::time::Timestamp;

use super::api::Api;
use super::errcode::{self, Remedy};

const SOON: Duration = Duration::from_secs(1);

/// WeChat's own words are not passed on: they may repeat what was sent, a code or a secret.
const UNKNOWN: &str = "Saoma does not know this code; look it up in WeChat's list of return codes";

/// Why a call brought no answer that can be used.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// No answer at all; the text is the cause, without the address.
    Unreachable(String),
    /// An answer that is none of WeChat's.
    Nonsense(String),
    /// WeChat said no.
    Refused(Refusal),
}

/// WeChat's no.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) errcode: i64,
    pub(super) errmsg: String,
}

impl Failure {
    /// Says whether the same call may work in a moment.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Nonsense(_) => false,
            Self::Refused(refusal) => refusal.remedy() == Some(Remedy::Repeat),
        }
    }

    /// Says whether the access token of the call is the cause.
    pub(super) fn is_dead_token(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Nonsense(_) => false,
            Self::Refused(refusal) => refusal.remedy() == Some(Remedy::NewToken),
        }
    }

    /// Puts it in the domain's words.
    pub(super) fn report(self, api: Api, now: Timestamp) -> WechatError {
        match self {
            Self::Unreachable(reason) | Self::Nonsense(reason) => {
                WechatError::Unavailable { reason, retry_after: SOON }
            }
            Self::Refused(refusal) => refusal.report(api, now),
        }
    }
}

impl Refusal {
    fn remedy(&self) -> Option<Remedy> {
        errcode::lookup(self.errcode).map(|line| line.remedy)
    }

    /// Says whether the quota of the minute is used up.
    pub(super) fn is_over_the_minute(&self) -> bool {
        self.remedy() == Some(Remedy::NextMinute)
    }

    /// Says whether the API is better left alone, whoever asks.
    pub(super) fn is_a_stop(&self) -> bool {
        self.remedy() == Some(Remedy::Stop)
    }

    /// Returns the advice for the operator, with the details that WeChat gave.
    pub(super) fn advice(&self, api: Api) -> String {
        let line = match (api, self.errcode) {
            // Where the secret is sent there is no token that could be dead.
            (api, 40001) if api.takes_secret() => errcode::lookup(40125),
            (_, code) => errcode::lookup(code),
        };
        let mut advice = line.map_or(UNKNOWN, |line| line.advice).to_owned();
        if let Some(ip) = self.ip().filter(|_| advice.contains("address that this server calls from")) {
            advice.push_str(&format!(" (it is {ip})"));
        }
        if let Some(rid) = self.rid() {
            advice.push_str(&format!(" [rid {rid}]"));
        }
        advice
    }

    /// The name under which WeChat's support finds the call: up to three groups of up to eight hex digits, which
    /// no code, token or secret looks like.
    pub(super) fn rid(&self) -> Option<&str> {
        let rid = self.errmsg.split_once("rid: ")?.1.trim();
        let is_group = |group: &str| {
            (1..=8).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        (rid.split('-').count() <= 3 && rid.split('-').all(is_group)).then_some(rid)
    }

    /// The first address in the message: the one that WeChat saw the call come from.
    fn ip(&self) -> Option<IpAddr> {
        self.errmsg.split([' ', ',']).find_map(|word| word.parse().ok())
    }

    fn report(&self, api: Api, now: Timestamp) -> WechatError {
        let advice = self.advice(api);
        match self.remedy() {
            Some(Remedy::Repeat) => WechatError::Unavailable { reason: advice, retry_after: SOON },
            Some(Remedy::NextMinute) => WechatError::Unavailable {
                reason: advice,
                retry_after: next_minute(now).saturating_duration_since(now),
            },
            // These name a thing of which WeChat does not know, no more and no less.
            Some(Remedy::Person) if matches!(self.errcode, 40003 | 40029 | 40163 | 41008 | 42003 | 87009) => {
                WechatError::NotFound { errcode: self.errcode }
            }
            Some(Remedy::NewToken | Remedy::Stop | Remedy::Operator | Remedy::Person | Remedy::Bug)
            | None => WechatError::Refused { errcode: self.errcode, advice },
        }
    }
}

/// Returns the start of the next minute, which is when WeChat's minute quotas begin anew.
pub(super) fn next_minute(now: Timestamp) -> Timestamp {
    Timestamp::from_secs((now.as_secs().div_euclid(60) + 1).saturating_mul(60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advice(api: Api, errcode: i64, errmsg: &str) -> String {
        Refusal { errcode, errmsg: errmsg.to_owned() }.advice(api)
    }

    #[test]
    fn the_advice_names_the_address_to_allow_and_the_rid() {
        let errmsg = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6740a1b2-1c2d3e4f-5a6b7c8d";
        let advice = advice(Api::Token, 40164, errmsg);
        assert!(advice.contains("IP whitelist") && advice.contains("(it is 203.0.113.7)"), "{advice}");
        assert!(advice.ends_with("[rid 6740a1b2-1c2d3e4f-5a6b7c8d]"), "{advice}");
    }

    #[test]
    fn a_refused_token_means_a_wrong_secret_where_tokens_are_made() {
        assert!(advice(Api::Token, 40001, "").contains("app secret"));
        assert!(advice(Api::OAuthToken, 40001, "").contains("app secret"));
        assert!(advice(Api::JsCode, 40001, "").contains("app secret"));
        assert!(advice(Api::QrCreate, 40001, "").contains("access token"));
        assert!(advice(Api::PhoneNumber, 40001, "").contains("access token"));
    }

    #[test]
    fn of_what_wechat_says_about_an_unknown_code_only_the_rid_is_kept() {
        let errmsg = "new rule for code 0123456789abcdef rid: 6740a1b2-1c2d3e4f-5a6b7c8d";
        let advice = advice(Api::UserInfo, 12_345, errmsg);
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
            assert_eq!(advice(Api::UserInfo, 12_345, &format!("no rid: {text}")), UNKNOWN, "{text}");
        }
    }

    #[test]
    fn the_next_minute_is_never_now() {
        assert_eq!(next_minute(Timestamp::from_secs(60)), Timestamp::from_secs(120));
        assert_eq!(next_minute(Timestamp::from_secs(119)), Timestamp::from_secs(120));
    }
}
