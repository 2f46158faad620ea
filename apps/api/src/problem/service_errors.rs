//! Which problem a client is told of when a service refuses or fails.

use std::borrow::Cow;

use saoma_domain::{
    ports::{Belonging, OpenDataError, WechatError},
    services::{ServiceError, SigningError},
};

use super::{ErrorCode, Problem};

impl Problem {
    /// Returns the word of the contract for an error.
    pub(crate) fn code_of(error: &ServiceError) -> ErrorCode {
        reason(error).0
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        let (code, detail) = reason(&error);
        let problem = Self::new(code, detail);
        match error {
            ServiceError::RateLimited { retry_after } => problem.retry_after(retry_after),
            ServiceError::SmsCodeWrong { attempts_left } => problem.attempts_left(attempts_left),
            ServiceError::Sms { error, retry_after } => problem.retry_after(retry_after).because(&error),
            ServiceError::Wechat(error @ WechatError::Unavailable { retry_after, .. }) => {
                problem.retry_after(retry_after).because(&error)
            }
            ServiceError::Wechat(
                error
                @ (WechatError::Refused { .. } | WechatError::NotFound { .. } | WechatError::UnknownApp),
            ) => problem.because(&error),
            ServiceError::Store(error) => problem.because(&error),
            ServiceError::Refused(refusal) => problem.refused_by_site(refusal.code.to_string()),
            ServiceError::AccountUnknown
            | ServiceError::BelongsToOthers(_)
            | ServiceError::MergeImpossible
            | ServiceError::MergeDisturbed(_)
            | ServiceError::Malformed { .. }
            | ServiceError::LoginUnknown
            | ServiceError::LoginState(_)
            | ServiceError::ScannedByAnother
            | ServiceError::LoginClosed
            | ServiceError::PhoneInvalid
            | ServiceError::SmsCountryRefused
            | ServiceError::SmsCodeExpired
            | ServiceError::PhoneTaken
            | ServiceError::RegistrationClosed
            | ServiceError::PhoneNeeded
            | ServiceError::ConsentRequired
            | ServiceError::ScanRequired
            | ServiceError::SmsLoginOff
            | ServiceError::CheckFailed
            | ServiceError::IdentityTooNew
            | ServiceError::AccountDisabled
            | ServiceError::SessionInvalid
            | ServiceError::OAuthState
            | ServiceError::CodeInvalid
            | ServiceError::SnapshotUser
            | ServiceError::WechatData(_)
            | ServiceError::LastIdentity
            | ServiceError::RecentLoginRequired
            | ServiceError::IdentityUnknown => problem,
        }
    }
}

impl From<SigningError> for Problem {
    fn from(error: SigningError) -> Self {
        match error {
            SigningError::Store(error) => ServiceError::Store(error).into(),
            error @ (SigningError::Making(_) | SigningError::Sealing(_) | SigningError::Signing(_)) => {
                Self::new(ErrorCode::Internal, "no token could be signed").because(&error)
            }
        }
    }
}

/// Returns the code of the contract for an error, and what the client can do about it.
fn reason(error: &ServiceError) -> (ErrorCode, Cow<'static, str>) {
    let (code, detail) = match error {
        ServiceError::LoginState(state) => {
            return (ErrorCode::LoginState, format!("the login is in state `{state}`").into());
        }
        ServiceError::Wechat(error) => return wechat_reason(error),
        ServiceError::Refused(refusal) if !refusal.page.is_empty() => {
            return (ErrorCode::LoginRefused, refusal.page.clone().into());
        }
        ServiceError::Refused(_) => (ErrorCode::LoginRefused, "the site does not admit you; ask it for help"),
        ServiceError::BelongsToOthers(belongings) => {
            let whose = |it: &Belonging| format!("`{}` belongs to account {}", it.what, it.account);
            let whose: Vec<String> = belongings.iter().map(whose).collect();
            return (ErrorCode::AccountConflict, whose.join("; ").into());
        }
        ServiceError::MergeDisturbed(by) => {
            let detail = format!("something happened to what was moved since: {}", by.join(", "));
            return (ErrorCode::AccountConflict, detail.into());
        }
        ServiceError::MergeImpossible => (
            ErrorCode::AccountConflict,
            "an account is not merged into itself, and not again while an earlier merge of it is in force",
        ),
        ServiceError::Malformed { field, expected } => {
            return (ErrorCode::BodyInvalid, format!("`{field}`: {expected}").into());
        }
        ServiceError::AccountUnknown => (ErrorCode::NotFound, "there is no account of this id"),
        ServiceError::WechatData(error) => (ErrorCode::WechatDataInvalid, open_data_reason(*error)),
        ServiceError::LoginUnknown => (
            ErrorCode::LoginUnknown,
            "no login with this id was made for this poll token, or it has been over for a long time",
        ),
        ServiceError::ScannedByAnother => {
            (ErrorCode::LoginState, "another person scanned the code; start a new login")
        }
        ServiceError::LoginClosed => {
            (ErrorCode::LoginClosed, "the session was issued, and the time to collect it again is over")
        }
        ServiceError::RateLimited { .. } => {
            (ErrorCode::RateLimited, "this was done too often; wait before the next try")
        }
        ServiceError::PhoneInvalid => (
            ErrorCode::PhoneInvalid,
            "expected a mobile number, with a country code such as +86 unless it is one of mainland China",
        ),
        ServiceError::SmsCountryRefused => (
            ErrorCode::PhoneInvalid,
            "no SMS is sent to numbers of this country; use a number of a country that this site serves",
        ),
        ServiceError::SmsCodeWrong { .. } => {
            (ErrorCode::SmsCodeWrong, "this is not the code that was sent to this number")
        }
        ServiceError::SmsCodeExpired => {
            (ErrorCode::SmsCodeExpired, "there is no code, it is too old, or it was tried too often")
        }
        ServiceError::PhoneTaken => (
            ErrorCode::PhoneTaken,
            "the number has an account. If it is yours, log in with its WeChat, or bind another number and merge the two \
             accounts afterwards; else use another number, or ask the site for help",
        ),
        ServiceError::RegistrationClosed => {
            (ErrorCode::RegistrationClosed, "this site makes no new accounts; ask it for one")
        }
        ServiceError::ConsentRequired => (
            ErrorCode::ConsentRequired,
            "ask the person to agree to the terms, and send their version as `consent` (GET /v1/page says which)",
        ),
        ServiceError::ScanRequired => (
            ErrorCode::ScanRequired,
            "a phone number alone says who this is, and it may have another owner by now; log in by a scan for this",
        ),
        ServiceError::CheckFailed => (
            ErrorCode::CheckFailed,
            "solve the challenge in this answer, and send the solution as `check`; each is good once",
        ),
        ServiceError::SmsLoginOff => {
            (ErrorCode::AppUnknown, "logins by an SMS code alone are not allowed here (`login.sms`)")
        }
        ServiceError::PhoneNeeded => {
            (ErrorCode::PhoneInvalid, "this site needs a phone number (`login.phone`)")
        }
        ServiceError::IdentityTooNew => (
            ErrorCode::IdentityTooNew,
            "this WeChat user came to the account by its phone number alone, and may change the ways into it after \
             seven days; log in with another WeChat user of the account",
        ),
        ServiceError::AccountDisabled => (ErrorCode::AccountDisabled, "the account was disabled"),
        ServiceError::SessionInvalid => (ErrorCode::SessionInvalid, "log in first"),
        ServiceError::OAuthState => (
            ErrorCode::OAuthStateInvalid,
            "this browser has started no such login, the login is over, or WeChat's answer to it was used; start again",
        ),
        ServiceError::CodeInvalid => (
            ErrorCode::WechatCodeInvalid,
            "the code is unknown to WeChat, was used, or is too old; start again",
        ),
        ServiceError::SnapshotUser => (
            ErrorCode::WechatCodeInvalid,
            "WeChat showed the page as a snapshot, which does not say who the user is; tap 使用完整服务 (\"use the \
             full service\") at the bottom of the screen and log in again",
        ),
        ServiceError::LastIdentity => {
            (ErrorCode::LastIdentity, "it is the only way into the account; add another one first")
        }
        ServiceError::RecentLoginRequired => {
            (ErrorCode::RecentLoginRequired, "this needs a login of the last ten minutes; log in again")
        }
        ServiceError::IdentityUnknown => (ErrorCode::NotFound, "the account has no identity of this id"),
        ServiceError::Sms { .. } => {
            (ErrorCode::SmsUnavailable, "the SMS gateway did not take the message; try again later")
        }
        ServiceError::Store(_) => (ErrorCode::StoreUnavailable, "try again in a moment; nothing was lost"),
    };
    (code, detail.into())
}

fn wechat_reason(error: &WechatError) -> (ErrorCode, Cow<'static, str>) {
    match error {
        WechatError::Unavailable { .. } => {
            (ErrorCode::WechatUnavailable, "WeChat gave no usable answer; try again in a moment".into())
        }
        // What to do is in the log: the public answer shows nothing of the account or of the network.
        WechatError::Refused { errcode, advice: _ } | WechatError::NotFound { errcode } => {
            (ErrorCode::WechatRefused, format!("WeChat answered errcode {errcode}").into())
        }
        WechatError::UnknownApp => (ErrorCode::AppUnknown, "no WeChat app of this name is configured".into()),
    }
}

/// Says why the data of a mini program was refused, and what the program can do.
fn open_data_reason(error: OpenDataError) -> &'static str {
    match error {
        OpenDataError::CodeInvalid => {
            "the code is unknown to WeChat, was used, or is another person's; ask for the number again"
        }
        OpenDataError::Malformed => "the data is malformed",
        OpenDataError::OutdatedKey => {
            "the data was not encrypted with the session key of this login: call wx.login again, start a new \
             login with its code, and ask for the number again"
        }
        OpenDataError::OtherApp => "the data is for another mini program",
        OpenDataError::TooOld => "the data is too old; ask for the number again",
        OpenDataError::NoPhone => "WeChat names no number that a mobile phone can have",
    }
}
