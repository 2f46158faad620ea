//! What a WeChat app may know of a person besides name and picture.

use zeroize::Zeroizing;

use crate::time::Timestamp;

/// What a WeChat app may know of a person besides name and picture; what WeChat does not tell is absent.
///
/// WeChat tells of followers `subscribed_at`, `scene`, `remark`, `tags` and `language` (`/cgi-bin/user/info`), and of who
/// authorized an app `sex`, `province`, `city`, `country` and `language` (`/sns/userinfo`), which are mostly empty since 2021.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppProfile {
    /// Since when the person follows the official account.
    pub subscribed_at: Option<Timestamp>,
    /// How they came to follow it, in WeChat's words, such as `ADD_SCENE_QR_CODE`.
    pub scene: Option<String>,
    /// What the account's operators note of the person in WeChat's console.
    pub remark: Option<String>,
    /// The ids of the tags that the account has given the person.
    pub tags: Vec<i64>,
    /// The language of their WeChat, such as `zh_CN`.
    pub language: Option<String>,
    /// 1: male, 2: female.
    pub sex: Option<u8>,
    /// The province.
    pub province: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The country.
    pub country: Option<String>,
}

impl AppProfile {
    /// Returns this profile with what WeChat tells of a follower now.
    #[must_use]
    pub fn with_follower(self, told: Self) -> Self {
        let Self { subscribed_at, scene, remark, tags, language, .. } = told;
        let language = language.or(self.language);
        Self { subscribed_at, scene, remark, tags, language, ..self }
    }

    /// Returns this profile with what WeChat tells of a person who authorized the app.
    #[must_use]
    pub fn with_authorization(self, told: Self) -> Self {
        let Self { language, sex, province, city, country, .. } = told;
        let language = language.or(self.language);
        Self { language, sex, province, city, country, ..self }
    }
}

/// WeChat's token by which an app learns anew what a person allowed it to know (`/sns/oauth2/refresh_token`), good for
/// thirty days; it cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken(Zeroizing<String>);

impl RefreshToken {
    /// Wraps the text that WeChat sent.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Returns the text, for the call to WeChat.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RefreshToken(redacted)")
    }
}
