//! Bodies about phone numbers.

use saoma_domain::services::SentCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::CheckRequest;

/// A request for an SMS code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendCode {
    /// A mobile number; one of mainland China without a country code.
    pub(crate) phone: String,
    /// The version of the terms to which the person agreed.
    pub(crate) consent: Option<String>,
    /// What shows that the client is no machine (`GET /v1/check`); where `check_failed` asks for it.
    pub(crate) check: Option<CheckRequest>,
}

/// A request for an SMS code to a new number.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendNewPhoneCode {
    /// A mobile number; one of mainland China without a country code.
    pub(crate) phone: String,
}

/// An SMS code that is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CodeSent {
    resend_in: u64,
    expires_in: u64,
}

impl CodeSent {
    pub(crate) fn new(sent: &SentCode) -> Self {
        Self { resend_in: sent.resend_in.as_secs(), expires_in: sent.expires_in.as_secs() }
    }
}

/// A phone number with the code that was sent to it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BindPhone {
    pub(crate) phone: String,
    pub(crate) code: String,
    /// The version of the terms to which the person agreed.
    pub(crate) consent: Option<String>,
}

/// A phone number with the code that was sent to it, or the wish to go on without a number.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum BindOrSkip {
    Bind(BindPhone),
    Skip(SkipPhone),
}

/// The wish to go on without a phone number, where `login.phone` is `optional`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SkipPhone {
    /// Has to be `true`.
    pub(crate) skip: bool,
    /// The version of the terms to which the person agreed.
    pub(crate) consent: Option<String>,
}

/// What WeChat gave a mini program for the person's phone number: a code, or encrypted data in old versions.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BindWechatPhone {
    /// The code of `getPhoneNumber`, which has nothing to do with that of `wx.login`.
    pub(crate) code: Option<String>,
    pub(crate) encrypted_data: Option<String>,
    pub(crate) iv: Option<String>,
    /// The version of the terms to which the person agreed.
    pub(crate) consent: Option<String>,
}

impl BindOrSkip {
    /// Returns the version of the terms to which the person agreed.
    pub(crate) fn consent(&self) -> Option<&str> {
        match self {
            Self::Bind(BindPhone { consent, .. }) | Self::Skip(SkipPhone { consent, .. }) => {
                consent.as_deref()
            }
        }
    }
}

/// The number that an account is to have: one with the code that was sent to it, or what WeChat gave a mini program.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePhone {
    pub(crate) phone: Option<String>,
    /// The code that was sent to the number.
    pub(crate) code: Option<String>,
    /// The code of `getPhoneNumber`.
    pub(crate) wechat_code: Option<String>,
    pub(crate) encrypted_data: Option<String>,
    pub(crate) iv: Option<String>,
}
