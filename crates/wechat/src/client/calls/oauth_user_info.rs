//! `GET /sns/userinfo`: name and picture of a person who agreed.

use saoma_domain::wechat::{AppProfile, OpenId, Profile, RawUnionId};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::person::{readable, union_id};
use crate::client::failure::CallFailure;
use crate::json::{optional_text, whole_number};

const MAX_AVATAR_BYTES: usize = 1024;

/// Since 2021 WeChat leaves sex and place empty for most.
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
    #[serde(default)]
    sex: Value,
    #[serde(default, deserialize_with = "optional_text")]
    language: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    province: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    city: Option<String>,
    #[serde(default, deserialize_with = "optional_text")]
    country: Option<String>,
}

/// What the answer says of a person.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) profile: Profile,
    pub(crate) details: AppProfile,
    pub(crate) unionid: Option<RawUnionId>,
}

impl OAuthUserInfoAnswer {
    /// Returns what it says, where it is about the person who was asked about.
    pub(crate) fn into_told(self, openid: &OpenId) -> Result<Told, CallFailure> {
        if self.openid.as_deref() != Some(openid.as_str()) {
            return Err(CallFailure::unusable("the answer is about another person"));
        }
        let profile = Profile {
            nickname: self.nickname.as_deref().and_then(readable),
            avatar_url: self.headimgurl.as_deref().and_then(picture),
        };
        let text = |text: Option<String>| text.as_deref().and_then(readable);
        let details = AppProfile {
            // 0 is unknown.
            sex: whole_number(&self.sex)
                .and_then(|sex| u8::try_from(sex).ok())
                .filter(|sex| matches!(sex, 1 | 2)),
            language: text(self.language),
            province: text(self.province),
            city: text(self.city),
            country: text(self.country),
            ..AppProfile::default()
        };
        Ok(Told { profile, details, unionid: self.unionid })
    }
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
