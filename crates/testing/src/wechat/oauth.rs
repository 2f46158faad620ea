//! Web authorizations whose people and failures are scripted.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    fmt::Write,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use saoma_domain::{
    login::LoginId,
    ports::{OAuth, WechatError},
    wechat::{AppName, Authorization, AuthorizedUser, RefreshToken},
};

use super::codes::Codes;

/// WeChat's code for a refresh token that it does not take.
const INVALID_REFRESH_TOKEN: i64 = 40030;

/// The scope of all apps here.
const SCOPE: &str = "snsapi_login";

/// Website and mobile applications for tests: they know the people behind the codes that they were told, each code once,
/// and fail when they were told to.
#[derive(Debug)]
pub struct FakeOAuth {
    apps: HashSet<AppName>,
    script: Mutex<OAuthScript>,
}

#[derive(Debug, Default)]
struct OAuthScript {
    codes: Codes<AuthorizedUser>,
    refreshed: HashMap<(AppName, String), AuthorizedUser>,
    failures: VecDeque<WechatError>,
}

impl FakeOAuth {
    /// Returns applications with these names that know no codes.
    pub fn new(apps: impl IntoIterator<Item = AppName>) -> Self {
        Self { apps: apps.into_iter().collect(), script: Mutex::default() }
    }

    /// Lets a code lead to a person, once.
    pub fn give_code(&self, app: &AppName, code: &str, user: AuthorizedUser) {
        self.lock().codes.give(app, code, user);
    }

    /// Lets a refresh token lead to a person, as they are from now on.
    pub fn give_refresh_token(&self, app: &AppName, token: &str, user: AuthorizedUser) {
        self.lock().refreshed.insert((app.clone(), token.to_owned()), user);
    }

    /// Lets the next exchange that has no failure yet fail with this one; it does not use the code up.
    pub fn fail_next(&self, failure: WechatError) {
        self.lock().failures.push_back(failure);
    }

    /// Returns the codes that were sent to be exchanged, in their order, as often as each was sent.
    pub fn exchanged(&self) -> Vec<String> {
        self.lock().codes.sent()
    }

    fn lock(&self) -> MutexGuard<'_, OAuthScript> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check(&self, app: &AppName) -> Result<(), WechatError> {
        self.apps.contains(app).then_some(()).ok_or(WechatError::UnknownApp)
    }
}

#[async_trait]
impl OAuth for FakeOAuth {
    fn authorization(
        &self,
        app: &AppName,
        redirect_uri: &str,
        state: LoginId,
    ) -> Result<Authorization, WechatError> {
        self.check(app)?;
        let app_id = format!("wxfake-{app}");
        let back = percent_encoded(redirect_uri);
        let url = format!(
            "https://open.weixin.qq.com/connect/qrconnect?appid={app_id}&redirect_uri={back}\
             &response_type=code&scope={SCOPE}&state={state}#wechat_redirect"
        );
        Ok(Authorization { url, app_id, scope: SCOPE })
    }

    async fn exchange(&self, app: &AppName, code: &str) -> Result<AuthorizedUser, WechatError> {
        let mut script = self.lock();
        script.codes.note_sent(code);
        if let Some(failure) = script.failures.pop_front() {
            return Err(failure);
        }
        self.check(app)?;
        script.codes.redeem(app, code, |_| true)
    }

    async fn refresh(&self, app: &AppName, token: &RefreshToken) -> Result<AuthorizedUser, WechatError> {
        self.check(app)?;
        let user = self.lock().refreshed.get(&(app.clone(), token.reveal().to_owned())).cloned();
        user.ok_or(WechatError::NotFound { errcode: INVALID_REFRESH_TOKEN })
    }
}

/// Encodes all but the characters that mean nothing anywhere in a URL (RFC 3986, section 2.3).
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string never fails.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use saoma_contract::values::{app, login, openid, unionid};
    use saoma_domain::wechat::{AppProfile, Profile};

    use super::*;

    fn anna() -> AuthorizedUser {
        AuthorizedUser {
            openid: openid("oAnna"),
            unionid: Some(unionid("uAnna")),
            profile: Profile { nickname: Some("安娜".to_owned()), avatar_url: None },
            details: AppProfile::default(),
            refresh_token: None,
            is_snapshot: false,
        }
    }

    #[tokio::test]
    async fn a_code_leads_to_its_person_once() {
        let oauth = FakeOAuth::new([app("site"), app("other")]);
        oauth.give_code(&app("site"), "c1", anna());
        let unknown = Err(WechatError::NotFound { errcode: 40029 });
        assert_eq!(oauth.exchange(&app("site"), "c2").await, unknown);
        assert_eq!(oauth.exchange(&app("other"), "c1").await, unknown);
        assert_eq!(oauth.exchange(&app("site"), "c1").await, Ok(anna()));
        assert_eq!(oauth.exchange(&app("site"), "c1").await, Err(WechatError::NotFound { errcode: 40163 }));
        assert_eq!(oauth.exchange(&app("unknown"), "c1").await, Err(WechatError::UnknownApp));
        assert_eq!(oauth.exchanged(), ["c2", "c1", "c1", "c1", "c1"]);
    }

    #[tokio::test]
    async fn a_failure_is_told_once_and_counts_as_sent() {
        let oauth = FakeOAuth::new([app("site")]);
        oauth.give_code(&app("site"), "c1", anna());
        let busy = WechatError::Unavailable {
            reason: "system busy".to_owned(),
            retry_after: Duration::from_secs(1),
        };
        oauth.fail_next(busy.clone());
        assert_eq!(oauth.exchange(&app("site"), "c1").await, Err(busy));
        assert_eq!(oauth.exchange(&app("site"), "c1").await, Ok(anna()));
        assert_eq!(oauth.exchanged().len(), 2);
    }

    #[test]
    fn the_browser_is_sent_to_wechat_with_the_login_as_state() {
        let oauth = FakeOAuth::new([app("site")]);
        let sent = oauth.authorization(&app("site"), "https://a.example/v1?x=1", login(1)).unwrap();
        assert_eq!((sent.app_id.as_str(), sent.scope), ("wxfake-site", "snsapi_login"));
        let query = format!(
            "?appid=wxfake-site&redirect_uri=https%3A%2F%2Fa.example%2Fv1%3Fx%3D1&response_type=code\
             &scope=snsapi_login&state={}#wechat_redirect",
            login(1)
        );
        assert!(sent.url.ends_with(&query), "{}", sent.url);
        let unknown = oauth.authorization(&app("unknown"), "https://a.example", login(1));
        assert_eq!(unknown, Err(WechatError::UnknownApp));
    }
}
