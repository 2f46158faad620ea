//! How often things may be done.

use std::time::Duration;

use super::ClientSubject;
use crate::{
    account::AccountId,
    login::LoginId,
    oidc::ClientId,
    ports::{Limit, Rate},
    session::SessionId,
    wechat::{AppName, OpenId},
};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// How many QR codes WeChat makes for an account a day.
const WECHAT_CODES_PER_DAY: u32 = 100_000;

/// How often things may be done; 0 (or a zero duration) switches a limit off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitPolicy {
    /// Logins that one client may start in a row.
    pub logins_per_ip_burst: u32,
    /// Logins that one client may start a minute in the long run.
    pub logins_per_ip_per_min: u32,
    /// Logins that all clients of one network may start a minute.
    pub logins_per_network_per_min: u32,
    /// Logins with a QR code of one app a day. A tenth of them is kept for networks that logged in before.
    pub logins_per_day: u32,
    /// The time between two SMS to one number.
    pub sms_per_phone_gap: Duration,
    /// SMS to one number an hour.
    pub sms_per_phone_hour: u32,
    /// SMS to one number a day.
    pub sms_per_phone_day: u32,
    /// SMS that one login may ask for.
    pub sms_per_login: u32,
    /// SMS that one person may ask for a day: an identity, or the account of one who is logged in.
    pub sms_per_identity_day: u32,
    /// SMS that one client may ask for an hour.
    pub sms_per_ip_hour: u32,
    /// SMS that one client may ask for a day.
    pub sms_per_ip_day: u32,
    /// Tries of one person to guess codes sent to one number a day; of all persons ten times as many.
    pub sms_tries_per_phone_day: u32,
    /// SMS of the whole service a day.
    pub sms_per_day: u32,
    /// How many of a thousand codes may stay unused ([`SmsWatch`](super::SmsWatch)).
    pub sms_unused_permille: u32,
    /// Signed tokens that one session gets a minute.
    pub tokens_per_session_per_min: u32,
}

impl LimitPolicy {
    pub(super) fn logins(&self, client: ClientSubject) -> Vec<Limit> {
        let network = (format!("login:network:{}", client.network()), self.logins_per_network_per_min);
        let mut limits: Vec<_> = window(network.0, network.1, MINUTE).into_iter().collect();
        if self.logins_per_ip_burst > 0 && self.logins_per_ip_per_min > 0 {
            let every = MINUTE / self.logins_per_ip_per_min;
            let rate = Rate::Bucket { burst: self.logins_per_ip_burst, every };
            limits.push(Limit { key: format!("login:ip:{}", client.address()), rate });
        }
        limits
    }

    /// Returns the limits on logins with a QR code of an app: WeChat makes a limited number of them a day.
    pub(super) fn qr_logins(&self, client: ClientSubject, app: &AppName, is_known: bool) -> Vec<Limit> {
        let mut limits = self.logins(client);
        limits.extend(self.qr_codes(app, is_known));
        limits
    }

    /// Returns the limit on the QR codes of an app alone.
    pub(super) fn qr_codes(&self, app: &AppName, is_known: bool) -> Option<Limit> {
        let kept_for_known = if is_known { 0 } else { self.logins_per_day / 10 };
        window(format!("login:day:{app}"), self.logins_per_day - kept_for_known, DAY)
    }

    /// Returns the limits on QR codes that are made in advance: on `spare` ones, which replace none that a client took, a
    /// quarter of the day's codes, and of an hour's at once.
    pub(super) fn qr_codes_in_advance(&self, app: &AppName, spare: bool) -> Vec<Limit> {
        let of_day = if self.logins_per_day == 0 { WECHAT_CODES_PER_DAY } else { self.logins_per_day };
        let (burst, every) = ((of_day / 4 / 24).max(1), DAY / (of_day / 4).max(1));
        let of_spare = Limit { key: format!("login:spare:{app}"), rate: Rate::Bucket { burst, every } };
        self.qr_codes(app, false).into_iter().chain(spare.then_some(of_spare)).collect()
    }

    /// Returns the limits on an SMS; while codes are asked for and not used (`tightened`), those by address are a
    /// quarter.
    pub(super) fn sms(&self, to: &SmsSubject<'_>, tightened: bool) -> Vec<Limit> {
        let SmsSubject { phone, login, person, client } = to;
        let client = client.address();
        let by_address = |max: u32| if tightened { max.div_ceil(4) } else { max };
        let gap = u32::from(!self.sms_per_phone_gap.is_zero());
        [
            (format!("sms:gap:{phone}"), gap, self.sms_per_phone_gap),
            (format!("sms:hour:{phone}"), self.sms_per_phone_hour, HOUR),
            (format!("sms:day:{phone}"), self.sms_per_phone_day, DAY),
            (format!("sms:login:{login}"), self.sms_per_login, DAY),
            (format!("sms:person-day:{person}"), self.sms_per_identity_day, DAY),
            (format!("sms:ip-hour:{client}"), by_address(self.sms_per_ip_hour), HOUR),
            (format!("sms:ip-day:{client}"), by_address(self.sms_per_ip_day), DAY),
            ("sms:service-day".to_owned(), self.sms_per_day, DAY),
        ]
        .into_iter()
        .filter_map(|(key, max, lasts)| window(key, max, lasts))
        .collect()
    }

    /// Returns the limits on SMS without a check against machines: half of those by number and by address.
    pub(super) fn sms_unchecked(&self, phone: &str, client: ClientSubject) -> Vec<Limit> {
        let client = client.address();
        let half = |max: u32| if max == 0 { 0 } else { (max / 2).max(1) };
        [
            (format!("sms:unchecked-hour:{phone}"), self.sms_per_phone_hour, HOUR),
            (format!("sms:unchecked-day:{phone}"), self.sms_per_phone_day, DAY),
            (format!("sms:unchecked-ip-hour:{client}"), self.sms_per_ip_hour, HOUR),
            (format!("sms:unchecked-ip-day:{client}"), self.sms_per_ip_day, DAY),
        ]
        .into_iter()
        .filter_map(|(key, max, lasts)| window(key, half(max), lasts))
        .collect()
    }

    /// Returns the limit on the signed tokens of a session.
    pub(super) fn session_tokens(&self, session: SessionId) -> Option<Limit> {
        window(format!("session:tokens:{session}"), self.tokens_per_session_per_min, MINUTE)
    }

    /// Returns the limits on guessing codes that were sent to a number. They count by number and person, so that a
    /// stranger who guesses does not lock out the number's owner.
    pub(super) fn sms_tries(&self, phone: &str, person: &str) -> Vec<Limit> {
        let max = self.sms_tries_per_phone_day;
        let of_person = window(format!("sms:tries:{phone}:{person}"), max, DAY);
        let of_all = window(format!("sms:tries:{phone}"), max.saturating_mul(10), DAY);
        of_person.into_iter().chain(of_all).collect()
    }
}

/// What one SMS counts against.
pub(super) struct SmsSubject<'a> {
    /// The number, as it is counted.
    pub(super) phone: &'a str,
    /// The login that asks for it, or whose session does.
    pub(super) login: LoginId,
    /// The identity of a login, or the account of a session.
    pub(super) person: &'a str,
    /// The client that asks.
    pub(super) client: ClientSubject,
}

/// How often a login may try to bind a phone number that WeChat vouches for: each try may ask WeChat, or shows
/// whether something was encrypted with the session key. Enough for a mini program that sends the same code very
/// often at once, since each of these requests has to get the same answer.
const WECHAT_PHONE_TRIES: u32 = 100;

/// Returns the limit on a login's tries to bind a phone number that WeChat vouches for; `lasts` is the longest time
/// that the login waits for one.
pub(super) fn wechat_phone_tries(login: LoginId, lasts: Duration) -> Limit {
    let rate = Rate::Window { max: WECHAT_PHONE_TRIES, lasts };
    Limit { key: format!("wechat-phone:{login}"), rate }
}

/// How many messages of a person that look like a login's code and are none are read in an hour. Another person's login is found
/// by chance with one of a million for each login that waits.
pub(super) const WRONG_MESSAGE_CODES: u32 = 5;

/// Returns the limit on a person's wrong codes.
pub(super) fn wrong_message_codes(app: &AppName, openid: &OpenId) -> Limit {
    let rate = Rate::Window { max: WRONG_MESSAGE_CODES, lasts: HOUR };
    Limit { key: format!("message-code:{app}:{openid}"), rate }
}

/// How many calls a client with a secret may make in a minute.
const CLIENT_CALLS: u32 = 6_000;

/// How many calls a client without a secret may make in a minute from one address.
const PUBLIC_CLIENT_CALLS: u32 = 300;

/// How often a client may be named in a minute from one address with a wrong secret, or without one.
const WRONG_SECRETS: u32 = 30;

/// How often an account may be shown to clients in a minute.
const GRANTS_OF_ACCOUNT: u32 = 120;

/// Returns the limit on an OpenID client's calls; on those from one address where anyone could name the client.
pub(super) fn client_calls(client: &ClientId, public_from: Option<ClientSubject>) -> Limit {
    let (key, max) = match public_from {
        None => (format!("oidc:client:{client}"), CLIENT_CALLS),
        Some(from) => (format!("oidc:public:{client}:{}", from.address()), PUBLIC_CLIENT_CALLS),
    };
    Limit { key, rate: Rate::Window { max, lasts: MINUTE } }
}

/// Returns the limit on calls from an address that do not prove which client they are.
pub(super) fn wrong_secrets(from: ClientSubject) -> Limit {
    let rate = Rate::Window { max: WRONG_SECRETS, lasts: MINUTE };
    Limit { key: format!("oidc:wrong:{}", from.address()), rate }
}

/// Returns the limit on what an account grants to clients.
pub(super) fn grants_of(account: AccountId) -> Limit {
    let rate = Rate::Window { max: GRANTS_OF_ACCOUNT, lasts: MINUTE };
    Limit { key: format!("oidc:grants:{account}"), rate }
}

/// How many session tokens that were never issued a client may show in a minute.
const MADE_UP_TOKENS: u32 = 100;

/// Returns the limit on a client's made-up session tokens.
pub(super) fn made_up_tokens(client: ClientSubject) -> Limit {
    let rate = Rate::Window { max: MADE_UP_TOKENS, lasts: MINUTE };
    Limit { key: format!("session:made-up:{}", client.address()), rate }
}

fn window(key: String, max: u32, lasts: Duration) -> Option<Limit> {
    (max > 0).then_some(Limit { key, rate: Rate::Window { max, lasts } })
}
