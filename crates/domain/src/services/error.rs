//! Why a service did not do what it was asked for.

use std::time::Duration;

use crate::ports::{Belonging, OpenDataError, Refusal, SmsError, StoreError, WechatError};

/// Why a service did not do what it was asked for. Nothing was changed then, unless a variant says so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// No such login, or not with this poll token, or long over; the client does not learn which.
    #[error("the login is unknown")]
    LoginUnknown,
    /// The login's session was issued, and the time to issue it again is over.
    #[error("the login is closed")]
    LoginClosed,
    /// The login is in a state that does not allow it.
    #[error("the login is in state {0}")]
    LoginState(&'static str),
    /// Another person scanned the login's code.
    #[error("another person scanned the code")]
    ScannedByAnother,
    /// A limit is used up.
    #[error("a limit is used up")]
    RateLimited {
        /// When the next use is allowed.
        retry_after: Duration,
    },
    /// The text is no mobile phone number.
    #[error("not a mobile phone number")]
    PhoneInvalid,
    /// No codes are sent to numbers of this country.
    #[error("no SMS is sent to numbers of this country")]
    SmsCountryRefused,
    /// The code is not the one that was sent; the try was counted.
    #[error("the code is wrong")]
    SmsCodeWrong {
        /// How many tries are left.
        attempts_left: u32,
    },
    /// There is no code, it is too old, or its tries are used up.
    #[error("there is no such code any more")]
    SmsCodeExpired,
    /// The number's account has another user of the same WeChat app, or is another person's.
    #[error("the phone number is taken")]
    PhoneTaken,
    /// The person has no account, and new ones are not made.
    #[error("new accounts are not made")]
    RegistrationClosed,
    /// The person has to agree to the terms of now.
    #[error("the person has to agree to the terms")]
    ConsentRequired,
    /// The person has to bind a phone number.
    #[error("a phone number is needed")]
    PhoneNeeded,
    /// The identity that logged in came to the account by its number alone, and too short a time ago for a change of
    /// the ways into it.
    #[error("the identity came by the phone number alone and is too new")]
    IdentityTooNew,
    /// The person is known by a phone number alone, and has to scan for this.
    #[error("a login by a scan is needed")]
    ScanRequired,
    /// The check against machines is not passed.
    #[error("the check against machines is not passed")]
    CheckFailed,
    /// No login is made by a phone number alone.
    #[error("logins by a phone number alone are off")]
    SmsLoginOff,
    /// An operator has disabled the account.
    #[error("the account is disabled")]
    AccountDisabled,
    /// The site's gate does not admit the person.
    #[error("the person is not admitted: {}", .0.code)]
    Refused(Box<Refusal>),
    /// There is no such session, or it is over.
    #[error("the session is invalid")]
    SessionInvalid,
    /// No login waits for this return of a browser: it was made for another, was returned to before, or is over.
    #[error("the return belongs to no login that waits for it")]
    OAuthState,
    /// WeChat's code is unknown, too old, or was used before; the login is over.
    #[error("WeChat's code is not valid")]
    CodeInvalid,
    /// WeChat identified the virtual person of a snapshot page; the login is over.
    #[error("the person is a virtual one of a snapshot page")]
    SnapshotUser,
    /// What a mini program got from WeChat proves no phone number.
    #[error(transparent)]
    WechatData(#[from] OpenDataError),
    /// The identity is the only way into the account.
    #[error("the identity is the last one of its account")]
    LastIdentity,
    /// The session's login is too long ago for a change that needs a recent one.
    #[error("the login is too long ago")]
    RecentLoginRequired,
    /// The account has no such identity.
    #[error("the identity is unknown")]
    IdentityUnknown,
    /// There is no such account.
    #[error("the account is unknown")]
    AccountUnknown,
    /// A number, an external id or a WeChat user belongs to another account.
    #[error("it belongs to another account")]
    BelongsToOthers(Vec<Belonging>),
    /// The accounts are one, or one of them was merged into another one before.
    #[error("the accounts cannot be merged")]
    MergeImpossible,
    /// What a merge moved was changed since; the names of the trail say by what.
    #[error("the merge cannot be undone exactly")]
    MergeDisturbed(Vec<&'static str>),
    /// A field is not of the expected form.
    #[error("{field}: {expected}")]
    Malformed {
        /// The field.
        field: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// WeChat did not do it; a login that it was to identify a person for is over.
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

impl ServiceError {
    /// Returns the error for a code that WeChat did not exchange.
    pub(super) fn of_code(error: WechatError) -> Self {
        match error {
            WechatError::NotFound { .. } => Self::CodeInvalid,
            error @ (WechatError::Unavailable { .. }
            | WechatError::Refused { .. }
            | WechatError::UnknownApp) => Self::Wechat(error),
        }
    }
}
