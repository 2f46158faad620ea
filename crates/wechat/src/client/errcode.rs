//! WeChat's error codes and what each asks for.
//!
//! Source: WeChat's pages of the token, QR code, user and login APIs, compared with the tables of its
//! widely used client libraries.

/// What a code asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// WeChat is busy: once more.
    Repeat,
    /// The access token is dead: another one, and once more.
    NewToken,
    /// The quota of the minute is used up: nothing until the next minute.
    NextMinute,
    /// It will be refused again, and asking often makes it worse: nothing until the next minute, and the
    /// operator has to act.
    Stop,
    /// The operator has to act.
    Operator,
    /// The person has to start again, or is not known to this app.
    Person,
    /// The request is one that WeChat does not understand.
    Bug,
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errcode {
    /// WeChat's number.
    pub code: i64,
    /// What it asks for.
    pub remedy: Remedy,
    /// What it means and what the operator has to do.
    pub advice: &'static str,
}

const fn line(code: i64, remedy: Remedy, advice: &'static str) -> Errcode {
    Errcode { code, remedy, advice }
}

const MISSING: &str = "WeChat misses a part of the request; please report this as a bug";

/// The codes that are known, in ascending order.
pub const ERRCODES: &[Errcode] = &[
    line(-1, Remedy::Repeat, "WeChat is busy; try again later"),
    line(
        40001,
        Remedy::NewToken,
        "WeChat takes no access token that it just gave out; see whether another program forces new ones for this app",
    ),
    line(40002, Remedy::Bug, MISSING),
    line(40003, Remedy::Person, "the openid belongs to another app"),
    line(40013, Remedy::Operator, "the app id does not exist; compare app_id with WeChat's console"),
    line(
        40014,
        Remedy::NewToken,
        "WeChat calls its own access token malformed; see whether api_base points at WeChat",
    ),
    line(40029, Remedy::Person, "the code is not valid; the login has to start again"),
    line(40030, Remedy::Person, "the refresh token is not valid; the person has to authorize again"),
    line(40033, Remedy::Bug, MISSING),
    line(40052, Remedy::Bug, "WeChat does not know this kind of QR code; please report this as a bug"),
    line(40053, Remedy::Bug, "WeChat does not take the scene of the QR code; please report this as a bug"),
    line(40125, Remedy::Stop, "the app secret is wrong; copy it again from WeChat's console"),
    line(40163, Remedy::Person, "the code was used before; the login has to start again"),
    line(
        40164,
        Remedy::Operator,
        "the address that this server calls from is not in the IP whitelist; add it in WeChat's console",
    ),
    line(
        40226,
        Remedy::Person,
        "WeChat takes this person for a risk and blocks the login; trying again does not help, only the person can clear it with WeChat",
    ),
    line(40243, Remedy::Stop, "the app secret is frozen; unfreeze it in WeChat's console"),
    line(41001, Remedy::Bug, MISSING),
    line(41002, Remedy::Bug, MISSING),
    line(41004, Remedy::Bug, MISSING),
    line(41008, Remedy::Person, "the code is missing; the login has to start again"),
    line(
        42001,
        Remedy::NewToken,
        "WeChat calls an access token expired that it just gave out; see whether another program forces new ones for this app",
    ),
    line(42002, Remedy::Person, "the refresh token expired; the person has to authorize again"),
    line(42003, Remedy::Person, "the code expired; the login has to start again"),
    line(42007, Remedy::Person, "the person changed the password; the person has to authorize again"),
    line(43002, Remedy::Bug, MISSING),
    line(43003, Remedy::Operator, "WeChat wants HTTPS; api_base has to begin with https"),
    line(44002, Remedy::Bug, MISSING),
    line(
        45009,
        Remedy::Stop,
        "the quota of the day is used up; wait for midnight in China, or clear the quota in WeChat's console",
    ),
    line(45011, Remedy::NextMinute, "the quota of the minute is used up"),
    line(45029, Remedy::Operator, "the permanent QR codes are used up; a login needs none"),
    line(
        45035,
        Remedy::Operator,
        "the address that this server calls from is not in the IP whitelist; add it in WeChat's console",
    ),
    line(47001, Remedy::Bug, MISSING),
    line(
        48001,
        Remedy::Operator,
        "the app may not call this API; it needs a certified service account (for phone numbers a certified mini program that is not a person's own), or the right has to be asked for in WeChat's console",
    ),
    line(
        48004,
        Remedy::Operator,
        "WeChat has banned the app from this API; look for its notice in the console",
    ),
    line(48006, Remedy::Operator, "the quota was cleared too often this month; wait for the next one"),
    line(50001, Remedy::Person, "the person did not authorize this"),
    line(50002, Remedy::Operator, "WeChat has limited the account; look for its notice in the console"),
    line(
        50004,
        Remedy::Operator,
        "the app may not ask for access tokens; look for WeChat's notice in the console",
    ),
    line(50005, Remedy::Person, "the person does not follow the account"),
    line(50007, Remedy::Operator, "WeChat has frozen the account; look for its notice in the console"),
    line(
        61004,
        Remedy::Operator,
        "the address that this server calls from is not in the IP whitelist; add it in WeChat's console",
    ),
    line(87008, Remedy::Bug, MISSING),
    line(
        87009,
        Remedy::Person,
        "the signature of the mini program's session does not fit; the login has to start again",
    ),
    line(
        89501,
        Remedy::Operator,
        "the administrator of the account has to confirm the address that this server calls from",
    ),
    line(
        89503,
        Remedy::Operator,
        "the administrator of the account has to confirm the address that this server calls from",
    ),
    line(
        89506,
        Remedy::Stop,
        "the administrator of the account refused the address that this server calls from; it is blocked for 24 hours",
    ),
    line(
        89507,
        Remedy::Stop,
        "the administrator of the account refused the address that this server calls from; it is blocked for an hour",
    ),
];

/// Returns what is known about a code.
pub fn lookup(code: i64) -> Option<&'static Errcode> {
    let at = ERRCODES.binary_search_by_key(&code, |line| line.code).ok()?;
    ERRCODES.get(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found() {
        assert!(ERRCODES.is_sorted_by(|a, b| a.code < b.code));
        for line in ERRCODES {
            assert_eq!(lookup(line.code), Some(line));
        }
        assert_eq!(lookup(0), None);
        assert_eq!(lookup(99_999), None);
    }

    #[test]
    fn exactly_three_codes_ask_for_another_token() {
        let codes = ERRCODES.iter().filter(|line| line.remedy == Remedy::NewToken).map(|line| line.code);
        assert_eq!(codes.collect::<Vec<_>>(), [40001, 40014, 42001]);
    }
}
