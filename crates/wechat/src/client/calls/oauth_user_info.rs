//! `GET /sns/userinfo`: name and picture of a person who agreed.

use saoma_domain::wechat::{OpenId, Profile, RawUnionId};
use serde::Deserialize;
use url::Url;

use super::person::union_id;
use crate::client::failure::CallFailure;
use crate::json::optional_text;

/// WeChat allows names a quarter as long.
const MAX_NICKNAME_CHARS: usize = 128;
const MAX_AVATAR_BYTES: usize = 1024;

/// WeChat gives no sex and place since 2021.
#[derive(Deserialize)]
pub(crate) struct OAuthUserInfoAnswer {
    #[serde(default, deserialize_with = "optional_text")]
    openid: Option<String>,
    #[serde(default, deserialize_with = "union_id")]
    unionid: Option<RawUnionId>,
    #[serde(default, deserialize_with = "optional_text")]
    nickname: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    headimgurl: Option<String>,
}

impl OAuthUserInfoAnswer {
    /// Returns the profile and the unionid, where the answer is about the person who was asked about.
    pub(crate) fn into_profile(self, openid: &OpenId) -> Result<(Profile, Option<RawUnionId>), CallFailure> {
        if self.openid.as_deref() != Some(openid.as_str()) {
            return Err(CallFailure::unusable("the answer is about another person"));
        }
        let profile = Profile {
            nickname: self.nickname.as_deref().and_then(readable),
            avatar_url: self.headimgurl.as_deref().and_then(picture),
        };
        Ok((profile, self.unionid))
    }
}

/// Returns a name that can be stored and shown: without control characters, which not every database stores,
/// and without blanks around it. `None` where nothing is left.
fn readable(nickname: &str) -> Option<String> {
    let plain = nickname.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let short = plain.trim().chars().take(MAX_NICKNAME_CHARS).collect::<String>();
    (!short.is_empty()).then_some(short)
}

/// Returns the address of a picture, over HTTPS even where WeChat says HTTP; `None` for what a browser would
/// not load as a picture.
fn picture(address: &str) -> Option<String> {
    if address.len() > MAX_AVATAR_BYTES {
        return None;
    }
    let mut url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_scheme("https").ok()?;
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_everything_but_control_characters_and_blanks_around_it() {
        assert_eq!(readable("示例").as_deref(), Some("示例"));
        assert_eq!(readable(" 🐼👨‍👩‍👧 \u{0}").as_deref(), Some("🐼👨‍👩‍👧"));
        assert_eq!(readable("a\u{1}b\u{7f}c\u{85}").as_deref(), Some("a b c"));
        for empty in ["", " ", "\u{0}\u{1f}"] {
            assert_eq!(readable(empty), None, "{empty:?}");
        }
        assert_eq!(readable(&"宽".repeat(1000)), Some("宽".repeat(MAX_NICKNAME_CHARS)));
    }

    #[test]
    fn a_picture_is_served_over_https() {
        let https = "https://thirdwx.qlogo.cn/mmopen/vi_32/sample/132";
        assert_eq!(picture(https).as_deref(), Some(https));
        assert_eq!(picture("http://thirdwx.qlogo.cn/mmopen/vi_32/sample/132").as_deref(), Some(https));
        let long = format!("https://a/{}", "x".repeat(MAX_AVATAR_BYTES));
        for wrong in ["", "/132", "//a/132", "javascript:alert(1)", "data:image/png,x", "ftp://a/b", &long] {
            assert_eq!(picture(wrong), None, "{wrong}");
        }
    }
}
