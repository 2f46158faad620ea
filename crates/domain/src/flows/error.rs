//! Why a flow did not do what it was asked for.

use std::time::Duration;

use crate::ports::{SmsError, StoreError, WechatError};

/// Why a flow did not do what it was asked for. Nothing was changed then, unless a variant says so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlowError {
    /// No such login, or not with this poll token, or long over: nobody is told which.
    #[error("the login is unknown")]
    LoginUnknown,
    /// The login's session was handed over and the time to hand it over again has passed.
    #[error("the login is closed")]
    LoginClosed,
    /// The login is in a state that does not allow it.
    #[error("the login is in state {0}")]
    LoginState(&'static str),
    /// A limit is used up.
    #[error("a limit is used up")]
    RateLimited {
        /// When the next use is allowed.
        retry_after: Duration,
    },
    /// The text is no mobile phone number.
    #[error("not a mobile phone number")]
    PhoneInvalid,
    /// The code is not the one that was sent; the try was counted.
    #[error("the code is wrong")]
    SmsCodeWrong {
        /// How many tries are left.
        attempts_left: u32,
    },
    /// There is no code, it is too old, or its tries are used up.
    #[error("there is no such code any more")]
    SmsCodeExpired,
    /// The number's account has another user of the same WeChat app.
    #[error("the phone number is taken")]
    PhoneTaken,
    /// An operator has shut the account.
    #[error("the account is disabled")]
    AccountDisabled,
    /// There is no such session, or it is over.
    #[error("the session is invalid")]
    SessionInvalid,
    /// WeChat did not do it.
    #[error(transparent)]
    Wechat(#[from] WechatError),
    /// The SMS gateway did not take the message; it was counted against the limits.
    #[error("{error}")]
    Sms {
        /// What the gateway did.
        #[source]
        error: SmsError,
        /// When another one may be asked for.
        retry_after: Duration,
    },
    /// A store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}
