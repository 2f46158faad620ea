//! What clients are told of why a flow did not do what it was asked for.

use saoma_domain::{
    ports::{OpenDataError, WechatError},
    services::FlowError,
};

use super::{ErrorCode, Problem};

impl From<FlowError> for Problem {
    fn from(error: FlowError) -> Self {
        match error {
            FlowError::RateLimited { retry_after } => {
                Self::new(ErrorCode::RateLimited, "this was done too often; wait before the next try")
                    .retry_after(retry_after)
            }
            FlowError::SmsCodeWrong { attempts_left } => Self {
                attempts_left: Some(attempts_left),
                ..Self::new(ErrorCode::SmsCodeWrong, "this is not the code that was sent to this number")
            },
            FlowError::LoginState(state) => {
                Self::new(ErrorCode::LoginState, format!("the login is in state `{state}`"))
            }
            FlowError::Wechat(error) => Self::from(error),
            FlowError::Sms { error, retry_after } => Self::new(
                ErrorCode::SmsUnavailable,
                "the SMS gateway did not take the message; try again later",
            )
            .retry_after(retry_after)
            .because(&error),
            FlowError::Store(error) => {
                Self::new(ErrorCode::StoreUnavailable, "try again in a moment; nothing was lost")
                    .because(&error)
            }
            FlowError::WechatData(error) => Self::new(ErrorCode::WechatDataInvalid, wrong_data(error)),
            FlowError::LoginUnknown
            | FlowError::LoginClosed
            | FlowError::PhoneInvalid
            | FlowError::SmsCodeExpired
            | FlowError::PhoneTaken
            | FlowError::AccountDisabled
            | FlowError::SessionInvalid
            | FlowError::OAuthState
            | FlowError::CodeInvalid
            | FlowError::SnapshotUser
            | FlowError::LastIdentity
            | FlowError::RecentLoginRequired
            | FlowError::IdentityUnknown => plain(&error),
        }
    }
}

/// Says what is wrong where there is nothing more to say than its kind.
fn plain(error: &FlowError) -> Problem {
    let (code, detail) = match error {
        FlowError::LoginUnknown => (
            ErrorCode::LoginUnknown,
            "no login with this id was made for this poll token, or it is long over",
        ),
        FlowError::LoginClosed => {
            (ErrorCode::LoginClosed, "the session was handed over, and the time to do so is over")
        }
        FlowError::PhoneInvalid => (
            ErrorCode::PhoneInvalid,
            "expected a mobile number, with a country code such as +86 unless it is one of mainland China",
        ),
        FlowError::SmsCodeExpired => {
            (ErrorCode::SmsCodeExpired, "there is no code, it is too old, or it was tried too often")
        }
        FlowError::PhoneTaken => {
            (ErrorCode::PhoneTaken, "the number's account has another user of this WeChat app")
        }
        FlowError::AccountDisabled => (ErrorCode::AccountDisabled, "the account was shut"),
        FlowError::SessionInvalid => (ErrorCode::SessionInvalid, "log in first"),
        FlowError::OAuthState => (
            ErrorCode::OAuthStateInvalid,
            "this browser has begun no such login, or it is over, or WeChat's answer to it was used; begin anew",
        ),
        FlowError::CodeInvalid => (
            ErrorCode::WechatCodeInvalid,
            "the code is unknown to WeChat, was used, or is too old; begin anew",
        ),
        FlowError::SnapshotUser => (
            ErrorCode::WechatCodeInvalid,
            "WeChat showed the page as a snapshot, whose user is nobody; tap 使用完整服务 (\"use the full \
             service\") at the bottom of the screen and log in again",
        ),
        FlowError::LastIdentity => {
            (ErrorCode::LastIdentity, "it is the only way into the account; add another one first")
        }
        FlowError::RecentLoginRequired => {
            (ErrorCode::RecentLoginRequired, "this needs a login of the last ten minutes; log in again")
        }
        FlowError::IdentityUnknown => (ErrorCode::NotFound, "the account has no identity of this id"),
        FlowError::RateLimited { .. }
        | FlowError::SmsCodeWrong { .. }
        | FlowError::LoginState(_)
        | FlowError::WechatData(_)
        | FlowError::Wechat(_)
        | FlowError::Sms { .. }
        | FlowError::Store(_) => (ErrorCode::Internal, "something went wrong on our side"),
    };
    Problem::new(code, detail)
}

/// Says why data of a mini program is not believed, and what the program can do.
fn wrong_data(error: OpenDataError) -> &'static str {
    match error {
        OpenDataError::Malformed => "the code is unknown to WeChat or was used, or the data is malformed",
        OpenDataError::OutdatedKey => {
            "the data was not encrypted with the session key of this login: call wx.login again, start a new \
             login with its code, and ask for the number again"
        }
        OpenDataError::OtherApp => "the data is for another mini program",
        OpenDataError::TooOld => "the data is too old; ask for the number again",
        OpenDataError::NoPhone => "the data holds no mobile phone number",
    }
}

impl From<WechatError> for Problem {
    fn from(error: WechatError) -> Self {
        let problem = match &error {
            WechatError::Unavailable { retry_after, .. } => {
                Self::new(ErrorCode::WechatUnavailable, "WeChat gave no usable answer; try again in a moment")
                    .retry_after(*retry_after)
            }
            WechatError::Refused { errcode, advice } => {
                Self::new(ErrorCode::WechatRefused, format!("WeChat answered errcode {errcode}: {advice}"))
            }
            WechatError::NotFound { errcode } => {
                Self::new(ErrorCode::WechatRefused, format!("WeChat answered errcode {errcode}"))
            }
            WechatError::UnknownApp => {
                Self::new(ErrorCode::AppUnknown, "no WeChat app of this name is configured")
            }
        };
        problem.because(&error)
    }
}
