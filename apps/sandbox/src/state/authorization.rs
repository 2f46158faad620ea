//! Authorizations: what an app asks for, and what a person has granted it.

use serde::Serialize;
use url::Url;

use super::ids::openid;
use crate::apps::OnRefuse;

/// The scopes of WeChat's two pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum OauthScope {
    /// Of websites.
    #[serde(rename = "snsapi_login")]
    Login,
    /// Inside WeChat, without consent: the openid only.
    #[serde(rename = "snsapi_base")]
    Base,
    /// Inside WeChat, with consent: name, picture and unionid too.
    #[serde(rename = "snsapi_userinfo")]
    Userinfo,
}

impl OauthScope {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Login => "snsapi_login",
            Self::Base => "snsapi_base",
            Self::Userinfo => "snsapi_userinfo",
        }
    }

    /// Returns the lifetime of a code in seconds: 10 minutes for websites, 5 inside WeChat.
    pub(crate) fn code_lifetime_s(self) -> i64 {
        match self {
            Self::Login => 600,
            Self::Base | Self::Userinfo => 300,
        }
    }

    /// Says whether the person has consented, so that the app learns name, picture and unionid.
    pub(crate) fn has_consent(self) -> bool {
        match self {
            Self::Login | Self::Userinfo => true,
            Self::Base => false,
        }
    }
}

/// What an authorize URL asks for, checked.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizeRequest {
    /// The name of the app.
    pub(crate) app: String,
    pub(crate) app_id: String,
    pub(crate) scope: OauthScope,
    pub(crate) redirect_uri: Url,
    pub(crate) state: Option<String>,
    /// `forceSnapShot`
    pub(crate) snapshot: bool,
    pub(crate) on_refuse: OnRefuse,
}

impl AuthorizeRequest {
    /// Returns where the browser goes with a code, or without one.
    pub(crate) fn redirect_url(&self, code: Option<&str>) -> Url {
        let mut url = self.redirect_uri.clone();
        for (name, value) in [("code", code), ("state", self.state.as_deref())] {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        url
    }
}

/// What a person has granted an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    /// The name of the app.
    pub(crate) app: String,
    pub(crate) app_id: String,
    pub(crate) person: String,
    pub(crate) scope: OauthScope,
    /// Whether it comes from a snapshot page, and belongs to a virtual account.
    pub(crate) snapshot: bool,
}

impl Grant {
    /// Returns the name that ids are made from; no person can have the name of a virtual account.
    pub(crate) fn subject(&self) -> String {
        if self.snapshot { format!("{}\nsnapshot", self.person) } else { self.person.clone() }
    }

    pub(crate) fn openid(&self) -> String {
        openid(&self.app_id, &self.subject())
    }
}
