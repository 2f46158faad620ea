//! Codes that are good once, for one app, and not for long.

use super::bounded::Bounded;

/// How long an expired code is remembered, so that it is refused as expired and not as unknown.
const REMEMBERED_S: i64 = 600;

/// Why a code is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeRefused {
    /// It was never made, was made for another app, or expired long ago.
    Unknown,
    /// It was redeemed before.
    Used,
    /// Its time is over.
    Expired,
}

#[derive(Debug)]
pub(crate) struct OneTimeCode<T> {
    code: String,
    app_id: String,
    expires_at: i64,
    used: bool,
    value: T,
}

/// The codes of one kind, for all apps.
pub(crate) type OneTimeCodes<T> = Bounded<OneTimeCode<T>>;

impl<T: Clone> OneTimeCodes<T> {
    /// Keeps what the code stands for.
    pub(crate) fn add(&mut self, code: String, app_id: &str, value: T, now: i64, lifetime_s: i64) {
        self.retain(|old| now < old.expires_at + REMEMBERED_S);
        let (app_id, expires_at) = (app_id.to_owned(), now + lifetime_s);
        self.push(OneTimeCode { code, app_id, expires_at, used: false, value });
    }

    /// Returns what a code stands for and leaves it unused.
    pub(crate) fn check(&self, code: &str, app_id: &str, now: i64) -> Result<T, CodeRefused> {
        let mine = |entry: &&OneTimeCode<T>| entry.code == code && entry.app_id == app_id;
        let entry = self.iter().rev().find(mine).ok_or(CodeRefused::Unknown)?;
        if entry.used {
            Err(CodeRefused::Used)
        } else if entry.expires_at + REMEMBERED_S <= now {
            Err(CodeRefused::Unknown)
        } else if entry.expires_at <= now {
            Err(CodeRefused::Expired)
        } else {
            Ok(entry.value.clone())
        }
    }

    /// Returns what a code stands for and uses it up.
    pub(crate) fn redeem(&mut self, code: &str, app_id: &str, now: i64) -> Result<T, CodeRefused> {
        let value = self.check(code, app_id, now)?;
        self.iter_mut().filter(|entry| entry.code == code).for_each(|entry| entry.used = true);
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes() -> OneTimeCodes<&'static str> {
        let mut codes = OneTimeCodes::new(2);
        codes.add("a".to_owned(), "wx1", "ming", 1000, 300);
        codes
    }

    #[test]
    fn a_code_is_good_once() {
        let mut codes = codes();
        assert_eq!(codes.check("a", "wx1", 1000), Ok("ming"));
        assert_eq!(codes.redeem("a", "wx1", 1299), Ok("ming"));
        assert_eq!(codes.redeem("a", "wx1", 1299), Err(CodeRefused::Used));
    }

    #[test]
    fn a_code_of_another_app_is_unknown_and_stays_good() {
        let mut codes = codes();
        assert_eq!(codes.redeem("a", "wx2", 1000), Err(CodeRefused::Unknown));
        assert_eq!(codes.redeem("a", "wx1", 1000), Ok("ming"));
    }

    #[test]
    fn a_code_expires_and_is_forgotten_later() {
        let mut codes = codes();
        assert_eq!(codes.redeem("a", "wx1", 1300), Err(CodeRefused::Expired));
        assert_eq!(codes.redeem("a", "wx1", 1900), Err(CodeRefused::Unknown));
    }

    #[test]
    fn the_oldest_code_makes_room() {
        let mut codes = codes();
        codes.add("b".to_owned(), "wx1", "hong", 1000, 600);
        codes.add("c".to_owned(), "wx1", "wei", 1000, 300);
        assert_eq!(codes.check("a", "wx1", 1000), Err(CodeRefused::Unknown));
        assert_eq!(codes.check("b", "wx1", 1599), Ok("hong"), "with a life of its own");
    }
}
