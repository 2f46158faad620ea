//! `sns/userinfo`: what people who agreed show of themselves.

use saoma_domain::wechat::{OpenId, Profile, RawUnionId};
use serde::Deserialize;
use url::Url;

use super::failure::Failure;
use crate::json::optional_text;

pub(super) const PATH: &str = "/sns/userinfo";

/// WeChat allows names a quarter as long.
const MAX_NICKNAME_CHARS: usize = 128;
const MAX_AVATAR_BYTES: usize = 1024;

/// Sex and place are not among it: WeChat stopped giving them in 2021.
#[derive(Deserialize)]
pub(super) struct ProfileAnswer {
    #[serde(default, deserialize_with = "optional_text")]
    openid: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    unionid: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    nickname: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    headimgurl: Option<String>,
}

impl ProfileAnswer {
    /// Returns the profile and the unionid of the person who was asked about.
    pub(super) fn into_profile(self, openid: &OpenId) -> Result<(Profile, Option<RawUnionId>), Failure> {
        if self.openid.as_deref() != Some(openid.as_str()) {
            return Err(Failure::Nonsense("the answer is about another person".to_owned()));
        }
        let profile = Profile {
            nickname: self.nickname.as_deref().and_then(readable),
            avatar_url: self.headimgurl.as_deref().and_then(picture),
        };
        Ok((profile, union_id(self.unionid)))
    }
}

/// Reads a unionid; `None` where the app is bound to no open platform.
pub(super) fn union_id(text: Option<String>) -> Option<RawUnionId> {
    RawUnionId::parse(text?).ok()
}

/// Returns a name that can be stored and shown: without control characters, which not every database
/// stores, and without blanks around it. `None` where nothing is left.
fn readable(nickname: &str) -> Option<String> {
    let plain = nickname.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let short = plain.trim().chars().take(MAX_NICKNAME_CHARS).collect::<String>();
    (!short.is_empty()).then_some(short)
}

/// Returns where a picture is, over HTTPS even where WeChat says HTTP.
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
