//! `GET /sns/oauth2/access_token`: who came back from WeChat's consent page with a code, and `GET
//! /sns/oauth2/refresh_token`, which answers in the same form.
//!
//! Source: WeChat's pages "Website application login" and "Web authorization" of official accounts.

use saoma_domain::wechat::{OpenId, RawUnionId, RefreshToken};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::person::{openid, union_id};
use crate::client::failure::CallFailure;
use crate::json::optional_text;

#[derive(Deserialize)]
pub(crate) struct OAuthTokenAnswer {
    openid: String,
    #[serde(default, deserialize_with = "union_id")]
    unionid: Option<RawUnionId>,
    #[serde(default, deserialize_with = "optional_text")]
    access_token: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    refresh_token: Option<String>,
    #[serde(default, deserialize_with = "says_yes")]
    is_snapshotuser: bool,
}

/// What a person granted.
pub(crate) struct Grant {
    pub(crate) openid: OpenId,
    pub(crate) unionid: Option<RawUnionId>,
    /// The token to ask for the person's profile with.
    pub(crate) token: Option<SecretString>,
    /// The token to have another one by.
    pub(crate) refresh_token: Option<RefreshToken>,
    /// Whether it is the virtual user of a snapshot page.
    pub(crate) is_snapshot: bool,
}

impl OAuthTokenAnswer {
    pub(crate) fn into_grant(self) -> Result<Grant, CallFailure> {
        Ok(Grant {
            openid: openid(self.openid)?,
            unionid: self.unionid,
            token: self.access_token.map(SecretString::from),
            refresh_token: self.refresh_token.map(RefreshToken::new),
            is_snapshot: self.is_snapshotuser,
        })
    }
}

/// Reads a flag that is 1 or absent. Any other value than a clear no counts as a yes: a person whose login is
/// refused can try again, and a login of a virtual user cannot be undone.
fn says_yes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => false,
        Value::Bool(flag) => flag,
        Value::Number(number) => number.as_i64() != Some(0),
        Value::String(text) => !matches!(text.as_str(), "" | "0" | "false"),
        Value::Array(_) | Value::Object(_) => true,
    })
}
