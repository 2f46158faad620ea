//! What clients are told of why a service did not do what it was asked for.

use saoma_domain::{
    ports::{OpenDataError, WechatError},
    services::ServiceError,
};

use super::{Code, Problem};

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::RateLimited { retry_after } => {
                Self::new(Code::RateLimited, "this was done too often; wait before the next try")
                    .retry_after(retry_after)
            }
            ServiceError::SmsCodeWrong { attempts_left } => Self {
                attempts_left: Some(attempts_left),
                ..Self::new(Code::SmsCodeWrong, "this is not the code that was sent to this number")
            },
            ServiceError::LoginState(state) => {
                Self::new(Code::LoginState, format!("the login is in state `{state}`"))
            }
            ServiceError::Wechat(error) => Self::from(error),
            ServiceError::Sms { error, retry_after } => {
                Self::new(Code::SmsUnavailable, "the SMS gateway did not take the message; try again later")
                    .retry_after(retry_after)
                    .because(&error)
            }
            ServiceError::Store(error) => {
                Self::new(Code::StoreUnavailable, "try again in a moment; nothing was lost").because(&error)
            }
            ServiceError::WechatData(error) => Self::new(Code::WechatDataInvalid, wrong_data(error)),
            ServiceError::LoginUnknown
            | ServiceError::LoginClosed
            | ServiceError::PhoneInvalid
            | ServiceError::SmsCodeExpired
            | ServiceError::PhoneTaken
            | ServiceError::AccountDisabled
            | ServiceError::SessionInvalid
            | ServiceError::OAuthState
            | ServiceError::CodeInvalid
            | ServiceError::SnapshotUser
            | ServiceError::LastIdentity
            | ServiceError::RecentLoginRequired
            | ServiceError::IdentityUnknown => plain(&error),
        }
    }
}

/// Says what is wrong where there is nothing more to say than its kind.
fn plain(error: &ServiceError) -> Problem {
    let (code, detail) = match error {
        ServiceError::LoginUnknown => {
            (Code::LoginUnknown, "no login with this id was made for this poll token, or it is long over")
        }
        ServiceError::LoginClosed => {
            (Code::LoginClosed, "the session was handed over, and the time to do so is over")
        }
        ServiceError::PhoneInvalid => (
            Code::PhoneInvalid,
            "expected a mobile number, with a country code such as +86 unless it is one of mainland China",
        ),
        ServiceError::SmsCodeExpired => {
            (Code::SmsCodeExpired, "there is no code, it is too old, or it was tried too often")
        }
        ServiceError::PhoneTaken => {
            (Code::PhoneTaken, "the number's account has another user of this WeChat app")
        }
        ServiceError::AccountDisabled => (Code::AccountDisabled, "the account was shut"),
        ServiceError::SessionInvalid => (Code::SessionInvalid, "log in first"),
        ServiceError::OAuthState => (
            Code::OAuthStateInvalid,
            "this browser has begun no such login, or it is over, or WeChat's answer to it was used; begin anew",
        ),
        ServiceError::CodeInvalid => {
            (Code::WechatCodeInvalid, "the code is unknown to WeChat, was used, or is too old; begin anew")
        }
        ServiceError::SnapshotUser => (
            Code::WechatCodeInvalid,
            "WeChat showed the page as a snapshot, whose user is nobody; tap 使用完整服务 (\"use the full \
             service\") at the bottom of the screen and log in again",
        ),
        ServiceError::LastIdentity => {
            (Code::LastIdentity, "it is the only way into the account; add another one first")
        }
        ServiceError::RecentLoginRequired => {
            (Code::RecentLoginRequired, "this needs a login of the last ten minutes; log in again")
        }
        ServiceError::IdentityUnknown => (Code::NotFound, "the account has no identity of this id"),
        ServiceError::RateLimited { .. }
        | ServiceError::SmsCodeWrong { .. }
        | ServiceError::LoginState(_)
        | ServiceError::WechatData(_)
        | ServiceError::Wechat(_)
        | ServiceError::Sms { .. }
        | ServiceError::Store(_) => (Code::Internal, "something went wrong on our side"),
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
                Self::new(Code::WechatUnavailable, "WeChat gave no usable answer; try again in a moment")
                    .retry_after(*retry_after)
            }
            WechatError::Refused { errcode, advice } => {
                Self::new(Code::WechatRefused, format!("WeChat answered errcode {errcode}: {advice}"))
            }
            WechatError::NotFound { errcode } => {
                Self::new(Code::WechatRefused, format!("WeChat answered errcode {errcode}"))
            }
            WechatError::UnknownApp => {
                Self::new(Code::AppUnknown, "no WeChat app of this name is configured")
            }
        };
        problem.because(&error)
    }
}
