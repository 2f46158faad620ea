//! Authorizations: what was asked for, what was granted, and the tokens of users.

use serde::Serialize;
use url::Url;

use super::bounded::Bounded;
use super::people::openid;
use crate::app::OnRefuse;

const MAX_LIFETIME_S: i64 = 365 * 86_400;

/// What a service asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum OauthScope {
    /// Of websites.
    #[serde(rename = "snsapi_login")]
    Login,
    /// Inside WeChat, without asking anybody: the openid only.
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

    /// How long a code lives, in seconds: 10 minutes for websites, 5 inside WeChat.
    pub(crate) fn code_lifetime_s(self) -> i64 {
        match self {
            Self::Login => 600,
            Self::Base | Self::Userinfo => 300,
        }
    }

    /// Says whether name and picture may be read.
    pub(crate) fn tells_profile(self) -> bool {
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
        let parameters = [("code", code), ("state", self.state.as_deref())];
        for (name, value) in parameters {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        url
    }
}

/// What a person has allowed an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    /// The name of the app.
    pub(crate) app: String,
    pub(crate) app_id: String,
    pub(crate) person: String,
    pub(crate) scope: OauthScope,
    /// Whether it comes from a snapshot page, and is a virtual account's.
    pub(crate) snapshot: bool,
}

impl Grant {
    /// Returns the name that ids are made from; no person can have the one of a virtual account.
    pub(crate) fn subject(&self) -> String {
        if self.snapshot { format!("{}\nsnapshot", self.person) } else { self.person.clone() }
    }

    pub(crate) fn openid(&self) -> String {
        openid(&self.app_id, &self.subject())
    }
}

/// A user's token as it is handed out.
#[derive(Clone, Debug)]
pub(crate) struct UserToken {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) grant: Grant,
    access_ends: i64,
}

/// Why a user's token is good for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserTokenRefused {
    /// Never issued, for another app, or replaced.
    Unknown,
    /// Its time is over.
    Expired,
}

/// The latest tokens of users.
#[derive(Debug)]
pub(crate) struct UserTokens {
    list: Bounded<UserToken>,
    lifetime_s: i64,
}

impl UserTokens {
    pub(crate) fn new(limit: usize, lifetime_s: i64) -> Self {
        Self { list: Bounded::new(limit), lifetime_s: lifetime_s.clamp(1, MAX_LIFETIME_S) }
    }

    /// Returns how long an access token lives when it is handed out.
    pub(crate) fn lifetime_s(&self) -> i64 {
        self.lifetime_s
    }

    pub(crate) fn issue(&mut self, grant: Grant, (access, refresh): (String, String), now: i64) -> UserToken {
        let token = UserToken { access, refresh, grant, access_ends: now + self.lifetime_s };
        self.list.push(token.clone());
        token
    }

    /// Returns what an access token allows.
    pub(crate) fn judge(&self, access: &str, now: i64) -> Result<Grant, UserTokenRefused> {
        let found = self.list.iter().rev().find(|token| token.access == access);
        let token = found.ok_or(UserTokenRefused::Unknown)?;
        if token.access_ends <= now { Err(UserTokenRefused::Expired) } else { Ok(token.grant.clone()) }
    }
}
