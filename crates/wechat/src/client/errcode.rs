//! WeChat's error codes, and what each asks for.
//!
//! Source: WeChat's pages of the token, QR code, user and login APIs, compared with the tables of its
//! widely used client libraries.

use Remedy::{NewToken, NextMinute, NotFound, Repeat, Report, Stop};

/// What a code asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
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

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Errcode {
    /// WeChat's number.
    pub(super) code: i64,
    pub(super) remedy: Remedy,
    /// What the code means and what has to be done, in the operator's words.
    pub(super) advice: &'static str,
}

const fn row(code: i64, remedy: Remedy, advice: &'static str) -> Errcode {
    Errcode { code, remedy, advice }
}

const BUG: &str = "WeChat misses a part of the request; please report this as a bug";
const NOT_WHITELISTED: &str =
    "the address that this server calls from is not in the IP whitelist; add it in WeChat's console";
const TO_CONFIRM: &str =
    "the administrator of the account has to confirm the address that this server calls from";

/// The known codes, in ascending order.
const ERRCODES: &[Errcode] = &[
    row(-1, Repeat, "WeChat is busy; try again later"),
    row(
        40001,
        NewToken,
        "WeChat takes no access token that it just gave out; see whether another program forces new ones for this app",
    ),
    row(40002, Report, BUG),
    row(40003, NotFound, "the openid belongs to another app"),
    row(40013, Report, "the app id does not exist; compare app_id with WeChat's console"),
    row(
        40014,
        NewToken,
        "WeChat calls its own access token malformed; see whether api_base points at WeChat",
    ),
    row(40029, NotFound, "the code is not valid; the login has to start again"),
    row(40033, Report, BUG),
    row(40052, Report, "WeChat does not know this kind of QR code; please report this as a bug"),
    row(40053, Report, "WeChat does not take the scene of the QR code; please report this as a bug"),
    row(40125, Stop, "the app secret is wrong; copy it again from WeChat's console"),
    row(40163, NotFound, "the code was used before; the login has to start again"),
    row(40164, Report, NOT_WHITELISTED),
    row(
        40226,
        Report,
        "WeChat takes this person for a risk and blocks the login; trying again does not help, only the person can clear it with WeChat",
    ),
    row(40243, Stop, "the app secret is frozen; unfreeze it in WeChat's console"),
    row(41001, Report, BUG),
    row(41002, Report, BUG),
    row(41004, Report, BUG),
    row(41008, NotFound, "the code is missing; the login has to start again"),
    row(
        42001,
        NewToken,
        "WeChat calls an access token expired that it just gave out; see whether another program forces new ones for this app",
    ),
    row(42003, NotFound, "the code expired; the login has to start again"),
    row(43002, Report, BUG),
    row(43003, Report, "WeChat wants HTTPS; api_base has to begin with https"),
    row(43004, NotFound, "the person does not follow the account"),
    row(44002, Report, BUG),
    row(
        45009,
        Stop,
        "the quota of the day is used up; wait for midnight in China, or clear the quota in WeChat's console",
    ),
    row(45011, NextMinute, "the quota of the minute is used up"),
    row(45015, NotFound, "the person did nothing in the chat for 48 hours"),
    row(45035, Report, NOT_WHITELISTED),
    row(45047, NotFound, "the person has to write before WeChat takes another message to them"),
    row(47001, Report, BUG),
    row(
        48001,
        Report,
        "the app may not call this API; it needs a certified service account (for phone numbers a certified mini program that is not a person's own), or the right has to be asked for in WeChat's console",
    ),
    row(48004, Report, "WeChat has banned the app from this API; look for its notice in the console"),
    row(50001, Report, "the person did not authorize this"),
    row(50002, Report, "WeChat has limited the account; look for its notice in the console"),
    row(50004, Report, "the app may not ask for access tokens; look for WeChat's notice in the console"),
    row(50005, NotFound, "the person does not follow the account"),
    row(50007, Report, "WeChat has frozen the account; look for its notice in the console"),
    row(61004, Report, NOT_WHITELISTED),
    row(89501, Report, TO_CONFIRM),
    row(89503, Report, TO_CONFIRM),
    row(
        89506,
        Stop,
        "the administrator of the account refused the address that this server calls from; it is blocked for 24 hours",
    ),
    row(
        89507,
        Stop,
        "the administrator of the account refused the address that this server calls from; it is blocked for an hour",
    ),
];

/// Returns what is known about a code.
pub(super) fn lookup(code: i64) -> Option<&'static Errcode> {
    let at = ERRCODES.binary_search_by_key(&code, |row| row.code).ok()?;
    ERRCODES.get(at)
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
}
