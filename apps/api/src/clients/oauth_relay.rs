//! Sends browsers to WeChat for other systems, and WeChat's codes on to them.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpRequest, HttpResponse, cookie::Cookie, http::header};
use saoma_domain::{
    keys::KeyRing,
    login::{LoginId, PollToken},
    ports::{Clock, OAuth, Random},
    services::ServiceError,
    wechat::AppName,
};
use url::{Url, form_urlencoded::Serializer};

use crate::{
    auth::{BrowserBinding, OAuthStates, RelayState, RelayStates},
    config::AppKind,
    problem::{ErrorCode, Problem},
    wechat_apps::WechatApps,
};

/// The path that WeChat sends browsers back to whose code is for another system.
pub(crate) const OAUTH_RELAY_CALLBACK: &str = "/v1/oauth/relay/callback";

/// The longest state of another system. It stands in a cookie.
const LONGEST_STATE: usize = 512;

/// Sends browsers to WeChat for other systems.
pub(crate) struct OAuthRelay {
    pub(crate) oauth: Arc<dyn OAuth>,
    pub(crate) apps: Arc<WechatApps>,
    pub(crate) states: Arc<RelayStates>,
    pub(crate) binding: Arc<BrowserBinding>,
    pub(crate) keys: KeyRing,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) clock: Arc<dyn Clock>,
    /// How long a browser may take to come back.
    pub(crate) lifetime: Duration,
    /// Where WeChat sends browsers back to.
    pub(crate) redirect_uri: String,
}

/// Where a browser goes, and what it takes along.
pub(crate) struct SentToWechat {
    pub(crate) id: LoginId,
    pub(crate) url: String,
    pub(crate) state: Cookie<'static>,
    pub(crate) browser: Option<Cookie<'static>>,
}

impl SentToWechat {
    /// Redirects the browser, and removes the oldest cookies that it took to WeChat.
    pub(crate) fn redirect(self, states: &OAuthStates, request: &HttpRequest) -> HttpResponse {
        let removed = states.remove_oldest(request, self.id, Some(&self.state));
        let mut answer = HttpResponse::Found();
        answer.insert_header((header::LOCATION, self.url));
        for cookie in removed.into_iter().chain([self.state]).chain(self.browser) {
            answer.cookie(cookie);
        }
        answer.finish()
    }
}

impl OAuthRelay {
    /// Sends a browser to WeChat.
    ///
    /// # Errors
    /// `app_unknown`, `body_invalid` for a scope that is not one of the app's kind, or a state that is too long.
    pub(crate) fn send(
        &self,
        request: &HttpRequest,
        app: Option<&str>,
        scope: Option<&str>,
        wanted: &RelayState,
    ) -> Result<SentToWechat, Problem> {
        if wanted.state.as_ref().is_some_and(|state| state.len() > LONGEST_STATE) {
            let detail = format!("`state` can have {LONGEST_STATE} bytes");
            return Err(Problem::new(ErrorCode::BodyInvalid, detail));
        }
        let (app, scope) = self.app(app, scope)?;
        let token = PollToken::generate(&*self.random);
        let id = LoginId::issue(&token, self.clock.now().plus(self.lifetime), &self.keys);
        let authorization = self.oauth.authorization(&app, &self.redirect_uri, id);
        let url = authorization.map_err(ServiceError::Wechat)?.url;
        let browser = self.binding.browser_of(request);
        Ok(SentToWechat {
            id,
            url: scope.map_or(url.clone(), |scope| with_scope(&url, scope)),
            state: self.states.issue(id, &token, &browser, wanted),
            browser: self.binding.cookie(&browser),
        })
    }

    /// Returns the app, and the scope where one was asked for.
    fn app<'s>(
        &self,
        app: Option<&str>,
        scope: Option<&'s str>,
    ) -> Result<(AppName, Option<&'s str>), Problem> {
        let kinds = [
            (AppKind::OfficialAccount, ["snsapi_base", "snsapi_userinfo"].as_slice()),
            (AppKind::Website, &["snsapi_login"]),
        ];
        // Without a name the scope says which kind is meant.
        let found = kinds.iter().find_map(|(kind, scopes)| {
            let fits = app.is_some() || scope.is_none_or(|scope| scopes.contains(&scope));
            Some((self.apps.find(*kind, app).filter(|_| fits)?, scopes))
        });
        let Some((app, scopes)) = found else {
            let detail = "no official account or website of this name is configured";
            return Err(Problem::new(ErrorCode::AppUnknown, detail));
        };
        if scope.is_some_and(|scope| !scopes.contains(&scope)) {
            let detail = format!("`scope` of this app has to be one of {}", scopes.join(", "));
            return Err(Problem::new(ErrorCode::BodyInvalid, detail));
        }
        Ok((app.name.clone(), scope))
    }
}

impl RelayState {
    /// Returns where the browser goes with WeChat's code; without one where the person refused, as WeChat itself does it.
    pub(crate) fn with_code(&self, code: Option<&str>) -> String {
        let mut url = self.redirect_uri.clone();
        {
            let mut query = url.query_pairs_mut();
            query.extend_pairs(code.map(|code| ("code", code)));
            query.extend_pairs(self.state.as_ref().map(|state| ("state", state)));
        }
        url.into()
    }
}

/// Returns WeChat's address with another scope; WeChat is said to compare the order of the parameters, which stays.
fn with_scope(address: &str, scope: &str) -> String {
    let Ok(mut url) = Url::parse(address) else { return address.to_owned() };
    let mut query = Serializer::new(String::new());
    for (name, value) in url.query_pairs() {
        query.append_pair(&name, if name == "scope" { scope } else { &value });
    }
    url.set_query(Some(&query.finish()));
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_scope_of_wechats_address_is_another_one() {
        let address = |scope: &str| {
            format!(
                "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&redirect_uri=https%3A%2F%2Fa.test%2Fb&\
                 response_type=code&scope={scope}&state=A-_9#wechat_redirect"
            )
        };
        assert_eq!(with_scope(&address("snsapi_base"), "snsapi_userinfo"), address("snsapi_userinfo"));
    }

    #[test]
    fn the_code_comes_behind_what_the_address_has() {
        let state = |address: &str, state: Option<&str>| RelayState {
            redirect_uri: Url::parse(address).unwrap(),
            state: state.map(str::to_owned),
        };
        let shop = state("https://shop.test/in?shop=7", Some("a&b=c#d 我"));
        assert_eq!(
            shop.with_code(Some("0a1")),
            "https://shop.test/in?shop=7&code=0a1&state=a%26b%3Dc%23d+%E6%88%91"
        );
        assert_eq!(
            state("https://shop.test/in", None).with_code(Some("0a1")),
            "https://shop.test/in?code=0a1"
        );
        assert_eq!(state("https://shop.test/in", Some("x")).with_code(None), "https://shop.test/in?state=x");
    }
}
