//! WeChat's error codes: what each means, what has to be done, and what the client does by itself.
//!
//! The table is the source of what the log says, of `saoma errcode`, and of the pages `docs/*/errcodes.md`.

mod table;

use table::ERRCODES;

/// What a code asks of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Repeat the call: WeChat is busy.
    Repeat,
    /// Fetch another access token and repeat the call: this one is dead.
    NewToken,
    /// Make no such call before the next minute: the quota of this one is used up.
    NextMinute,
    /// Make no such call before the next minute: WeChat refuses until the operator acts, and calling often
    /// makes it worse.
    Stop,
    /// Tell the caller that WeChat does not take the person or the code that was named. The operator has
    /// nothing to do.
    NotFound,
    /// Report the refusal with the advice.
    Report,
}

/// A sentence in the two languages that operators read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bilingual {
    /// English.
    pub en: &'static str,
    /// Chinese.
    pub zh: &'static str,
}

/// What is known about one of WeChat's codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errcode {
    /// WeChat's number.
    pub code: i64,
    pub(crate) remedy: Remedy,
    /// What it means.
    pub cause: Bilingual,
    /// What has to be done.
    pub advice: Bilingual,
}

impl Errcode {
    /// Returns cause and advice in one English sentence, as the log has them.
    pub fn sentence(&self) -> String {
        format!("{}; {}", self.cause.en, self.advice.en)
    }
}

/// Returns what is known about a code.
pub fn lookup(code: i64) -> Option<&'static Errcode> {
    let at = ERRCODES.binary_search_by_key(&code, |row| row.code).ok()?;
    ERRCODES.get(at)
}

/// Returns all codes that are known, in ascending order.
pub fn all() -> impl Iterator<Item = &'static Errcode> {
    ERRCODES.iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found() {
        assert!(ERRCODES.is_sorted_by(|a, b| a.code < b.code));
        for row in ERRCODES {
            assert_eq!(lookup(row.code), Some(row));
        }
        assert_eq!(lookup(0), None);
        assert_eq!(lookup(99_999), None);
    }

    #[test]
    fn exactly_three_codes_ask_for_another_token() {
        let codes = ERRCODES.iter().filter(|row| row.remedy == Remedy::NewToken).map(|row| row.code);
        assert_eq!(codes.collect::<Vec<_>>(), [40001, 40014, 42001]);
    }

    #[test]
    fn every_code_has_cause_and_advice_in_both_languages() {
        let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for row in ERRCODES {
            for text in [row.cause, row.advice] {
                assert!(!text.en.is_empty() && !is_chinese(text.en), "{}: {}", row.code, text.en);
                assert!(is_chinese(text.zh), "{}: {}", row.code, text.zh);
            }
        }
    }
}
