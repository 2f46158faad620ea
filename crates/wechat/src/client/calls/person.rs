//! The ids of a person in WeChat's answers.

use saoma_domain::wechat::{OpenId, RawUnionId};
use serde::Deserializer;

use crate::client::failure::CallFailure;
use crate::json::optional_text;

/// Reads the openid that an answer has to have.
pub(super) fn openid(text: String) -> Result<OpenId, CallFailure> {
    OpenId::parse(text).map_err(|_| CallFailure::unusable("the answer has no valid openid"))
}

/// Deserializes a unionid; `None` where the app is bound to no open-platform account.
pub(super) fn union_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RawUnionId>, D::Error> {
    let text = optional_text(deserializer)?;
    Ok(text.and_then(|text| RawUnionId::parse(text).ok()))
}
