//! Codes that are good once, for one app, and not for long.

use super::bounded::Bounded;

/// For how long a code is remembered after its end, so that it is refused as expired and not as unknown.
const REMEMBERED_S: i64 = 600;

/// Why a code is good for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeRefused {
    /// Nobody made it, it was made for another app, or it is long over.
    Unknown,
    /// It has been exchanged.
    Used,
    /// Its time is over.
    Expired,
}

#[derive(Debug)]
struct Entry<T> {
    code: String,
    app_id: String,
    expires_at: i64,
    used: bool,
    value: T,
}

/// The codes of one kind, for all apps.
#[derive(Debug)]
pub(crate) struct OneTimeCodes<T> {
    entries: Bounded<Entry<T>>,
    lifetime_s: i64,
}

impl<T: Clone> OneTimeCodes<T> {
    pub(crate) fn new(limit: usize, lifetime_s: i64) -> Self {
        Self { entries: Bounded::new(limit), lifetime_s }
    }

    /// Keeps what the code stands for, with a life of `lifetime_s` where this one has another than the rest.
    pub(crate) fn add(&mut self, code: &str, app_id: &str, value: T, now: i64, lifetime_s: Option<i64>) {
        self.entries.retain(|old| now < old.expires_at + REMEMBERED_S);
        self.entries.push(Entry {
            code: code.to_owned(),
            app_id: app_id.to_owned(),
            expires_at: now + lifetime_s.unwrap_or(self.lifetime_s),
            used: false,
            value,
        });
    }

    /// Returns what a code stands for and leaves it unused.
    pub(crate) fn judge(&self, code: &str, app_id: &str, now: i64) -> Result<T, CodeRefused> {
        let mine = |entry: &&Entry<T>| entry.code == code && entry.app_id == app_id;
        let entry = self.entries.iter().rev().find(mine).ok_or(CodeRefused::Unknown)?;
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
    pub(crate) fn take(&mut self, code: &str, app_id: &str, now: i64) -> Result<T, CodeRefused> {
        let value = self.judge(code, app_id, now)?;
        self.entries.iter_mut().filter(|entry| entry.code == code).for_each(|entry| entry.used = true);
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes() -> OneTimeCodes<&'static str> {
        let mut codes = OneTimeCodes::new(2, 300);
        codes.add("a", "wx1", "ming", 1000, None);
        codes
    }

    #[test]
    fn a_code_is_good_once() {
        let mut codes = codes();
        assert_eq!(codes.judge("a", "wx1", 1000), Ok("ming"));
        assert_eq!(codes.take("a", "wx1", 1299), Ok("ming"));
        assert_eq!(codes.take("a", "wx1", 1299), Err(CodeRefused::Used));
    }

    #[test]
    fn a_code_of_another_app_is_unknown_and_stays_good() {
        let mut codes = codes();
        assert_eq!(codes.take("a", "wx2", 1000), Err(CodeRefused::Unknown));
        assert_eq!(codes.take("a", "wx1", 1000), Ok("ming"));
    }

    #[test]
    fn a_code_expires_and_is_forgotten_later() {
        let mut codes = codes();
        assert_eq!(codes.take("a", "wx1", 1300), Err(CodeRefused::Expired));
        assert_eq!(codes.take("a", "wx1", 1900), Err(CodeRefused::Unknown));
    }

    #[test]
    fn the_oldest_code_makes_room() {
        let mut codes = codes();
        codes.add("b", "wx1", "hong", 1000, Some(600));
        codes.add("c", "wx1", "wei", 1000, None);
        assert_eq!(codes.judge("a", "wx1", 1000), Err(CodeRefused::Unknown));
        assert_eq!(codes.judge("b", "wx1", 1599), Ok("hong"), "with a life of its own");
    }
}
