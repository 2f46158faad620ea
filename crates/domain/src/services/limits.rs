//! How often things may be done.

use std::time::Duration;

use crate::{
    login::LoginId,
    ports::{Limit, Rate},
};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// How often things may be done; 0 (or a zero duration) switches a limit off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitPolicy {
    /// Logins that one client may start in a row.
    pub logins_per_ip_burst: u32,
    /// Logins that one client may start a minute in the long run.
    pub logins_per_ip_per_min: u32,
    /// The time between two SMS to one number.
    pub sms_per_phone_gap: Duration,
    /// SMS to one number an hour.
    pub sms_per_phone_hour: u32,
    /// SMS to one number a day.
    pub sms_per_phone_day: u32,
    /// SMS that one client may ask for an hour.
    pub sms_per_ip_hour: u32,
    /// SMS that one client may ask for a day.
    pub sms_per_ip_day: u32,
    /// Tries to guess a code sent to one number a day.
    pub sms_tries_per_phone_day: u32,
    /// SMS of the whole service a day.
    pub sms_per_day: u32,
}

impl LimitPolicy {
    pub(super) fn logins(&self, client: &str) -> Vec<Limit> {
        if self.logins_per_ip_burst == 0 || self.logins_per_ip_per_min == 0 {
            return Vec::new();
        }
        let every = Duration::from_secs(60) / self.logins_per_ip_per_min;
        let rate = Rate::Bucket { burst: self.logins_per_ip_burst, every };
        vec![Limit { key: format!("login:ip:{client}"), rate }]
    }

    pub(super) fn sms(&self, phone: &str, client: &str) -> Vec<Limit> {
        let gap = u32::from(!self.sms_per_phone_gap.is_zero());
        [
            (format!("sms:gap:{phone}"), gap, self.sms_per_phone_gap),
            (format!("sms:hour:{phone}"), self.sms_per_phone_hour, HOUR),
            (format!("sms:day:{phone}"), self.sms_per_phone_day, DAY),
            (format!("sms:ip-hour:{client}"), self.sms_per_ip_hour, HOUR),
            (format!("sms:ip-day:{client}"), self.sms_per_ip_day, DAY),
            ("sms:service-day".to_owned(), self.sms_per_day, DAY),
        ]
        .into_iter()
        .filter_map(|(key, max, lasts)| window(key, max, lasts))
        .collect()
    }

    pub(super) fn sms_tries(&self, phone: &str) -> Vec<Limit> {
        window(format!("sms:tries:{phone}"), self.sms_tries_per_phone_day, DAY).into_iter().collect()
    }
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

fn window(key: String, max: u32, lasts: Duration) -> Option<Limit> {
    (max > 0).then_some(Limit { key, rate: Rate::Window { max, lasts } })
}
