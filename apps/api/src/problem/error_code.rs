//! The stable words that say what went wrong.

use actix_web::http::StatusCode;

/// What went wrong, in the stable words of the contract (section "Error codes").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ErrorCode {
    BodyInvalid,
    BodyTooLarge,
    NotFound,
    MethodNotAllowed,
    LoginUnknown,
    LoginState,
    LoginClosed,
    AppUnknown,
    PhoneInvalid,
    SmsCodeWrong,
    SmsCodeExpired,
    PhoneTaken,
    AccountConflict,
    LastIdentity,
    IdentityTooNew,
    ScanRequired,
    RateLimited,
    WechatDataInvalid,
    WechatCodeInvalid,
    WechatUnavailable,
    WechatRefused,
    OAuthStateInvalid,
    ReturnToRefused,
    SessionInvalid,
    RecentLoginRequired,
    OriginRefused,
    KeyInvalid,
    ScopeMissing,
    CallbackRefused,
    AccountDisabled,
    RegistrationClosed,
    ConsentRequired,
    CheckFailed,
    Forbidden,
    LoginRefused,
    SmsUnavailable,
    StoreUnavailable,
    Overloaded,
    Internal,
}

impl ErrorCode {
    /// All of them.
    pub(crate) const ALL: &[Self] = &[
        Self::BodyInvalid,
        Self::BodyTooLarge,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::LoginUnknown,
        Self::LoginState,
        Self::LoginClosed,
        Self::AppUnknown,
        Self::PhoneInvalid,
        Self::SmsCodeWrong,
        Self::SmsCodeExpired,
        Self::PhoneTaken,
        Self::AccountConflict,
        Self::LastIdentity,
        Self::IdentityTooNew,
        Self::ScanRequired,
        Self::RateLimited,
        Self::WechatDataInvalid,
        Self::WechatCodeInvalid,
        Self::WechatUnavailable,
        Self::WechatRefused,
        Self::OAuthStateInvalid,
        Self::ReturnToRefused,
        Self::SessionInvalid,
        Self::RecentLoginRequired,
        Self::OriginRefused,
        Self::KeyInvalid,
        Self::ScopeMissing,
        Self::CallbackRefused,
        Self::AccountDisabled,
        Self::RegistrationClosed,
        Self::ConsentRequired,
        Self::CheckFailed,
        Self::Forbidden,
        Self::LoginRefused,
        Self::SmsUnavailable,
        Self::StoreUnavailable,
        Self::Overloaded,
        Self::Internal,
    ];

    /// Returns the word of the contract, its HTTP status, and the title of the answer.
    const fn parts(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::BodyInvalid => ("body_invalid", 422, "The request is not of the expected form"),
            Self::BodyTooLarge => ("body_too_large", 413, "The body is too large"),
            Self::NotFound => ("not_found", 404, "There is nothing here"),
            Self::MethodNotAllowed => ("method_not_allowed", 405, "The method is not allowed here"),
            Self::LoginUnknown => ("login_unknown", 404, "The login is unknown"),
            Self::LoginState => ("login_state", 409, "The login is in a state that does not allow it"),
            Self::LoginClosed => ("login_closed", 410, "The login is closed"),
            Self::AppUnknown => ("app_unknown", 422, "No such WeChat app is configured"),
            Self::PhoneInvalid => ("phone_invalid", 422, "Not a mobile phone number"),
            Self::SmsCodeWrong => ("sms_code_wrong", 422, "The code is wrong"),
            Self::SmsCodeExpired => ("sms_code_expired", 410, "The code has expired"),
            Self::PhoneTaken => ("phone_taken", 409, "The phone number belongs to another WeChat user"),
            Self::AccountConflict => ("account_conflict", 409, "Another account is in the way"),
            Self::LastIdentity => ("last_identity", 409, "The last way into an account stays"),
            Self::IdentityTooNew => {
                ("identity_too_new", 403, "The WeChat user is too new in the account for this")
            }
            Self::ScanRequired => ("scan_required", 403, "A scan has to say who the person is"),
            Self::RateLimited => ("rate_limited", 429, "Too many requests"),
            Self::WechatDataInvalid => ("wechat_data_invalid", 422, "WeChat's data is not valid"),
            Self::WechatCodeInvalid => ("wechat_code_invalid", 422, "WeChat's code is not valid"),
            Self::WechatUnavailable => ("wechat_unavailable", 503, "WeChat is unavailable"),
            Self::WechatRefused => ("wechat_refused", 502, "WeChat refused"),
            Self::OAuthStateInvalid => {
                ("oauth_state_invalid", 403, "The return from WeChat belongs to no login of this browser")
            }
            Self::ReturnToRefused => ("return_to_refused", 422, "The return address is not allowed"),
            Self::SessionInvalid => ("session_invalid", 401, "There is no valid session"),
            Self::RecentLoginRequired => ("login_too_old", 401, "The login is too old for this"),
            Self::OriginRefused => ("origin_refused", 403, "The origin of the call is not allowed"),
            Self::KeyInvalid => ("key_invalid", 401, "There is no valid key of the site API"),
            Self::ScopeMissing => ("scope_missing", 403, "The key does not have the scope"),
            Self::CallbackRefused => ("callback_refused", 403, "The call is not one of WeChat's"),
            Self::AccountDisabled => ("account_disabled", 403, "The account is disabled"),
            Self::RegistrationClosed => ("registration_closed", 403, "No new accounts are made"),
            Self::ConsentRequired => ("consent_required", 422, "The person has to agree to the terms"),
            Self::CheckFailed => ("check_failed", 422, "The check against machines is not passed"),
            Self::Forbidden => ("forbidden", 403, "The account may not do this"),
            Self::LoginRefused => ("login_refused", 403, "The site does not admit you"),
            Self::SmsUnavailable => ("sms_unavailable", 503, "The SMS could not be sent"),
            Self::StoreUnavailable => ("store_unavailable", 503, "A store is unavailable"),
            Self::Overloaded => ("overloaded", 503, "The node has too much to do"),
            Self::Internal => ("internal", 500, "Something went wrong on our side"),
        }
    }

    /// Returns the word of the contract.
    pub(crate) const fn as_str(self) -> &'static str {
        self.parts().0
    }

    /// Returns the title of the answer.
    pub(crate) const fn title(self) -> &'static str {
        self.parts().2
    }

    /// Returns the usual HTTP status of the answer.
    pub(crate) fn status(self) -> StatusCode {
        StatusCode::from_u16(self.parts().1).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_a_word_of_its_own() {
        let words: BTreeSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(words.len(), ErrorCode::ALL.len());
        assert_eq!(ErrorCode::ALL.len(), ErrorCode::Internal as usize + 1, "the last one stands last");
    }
}
