//! Reads authorize URLs, as strictly as WeChat does.

use std::collections::BTreeMap;

use saoma_domain::wechat::AppKind;
use url::Url;

use crate::apps::App;
use crate::error::AuthorizeError;
use crate::shared_state::SharedState;
use crate::state::{AuthorizeRequest, OauthScope};

const MAX_STATE_BYTES: usize = 128;

/// WeChat's two authorization pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AuthorizePage {
    /// `/connect/qrconnect`, in any browser.
    Website,
    /// `/connect/oauth2/authorize`, inside WeChat.
    InWechat,
}

/// Reads the whole URL as it stands in a browser, with its fragment.
pub(crate) fn read_url(shared: &SharedState, url: &str) -> Result<AuthorizeRequest, AuthorizeError> {
    let url = Url::parse(url).map_err(|_| AuthorizeError::Page)?;
    let page = match url.path() {
        "/connect/qrconnect" => AuthorizePage::Website,
        "/connect/oauth2/authorize" => AuthorizePage::InWechat,
        _other => return Err(AuthorizeError::Page),
    };
    if url.fragment() != Some("wechat_redirect") {
        return Err(AuthorizeError::Fragment);
    }
    read_query(shared, page, url.query().unwrap_or_default())
}

/// Reads the part of such a URL that a browser sends to the server.
pub(crate) fn read_query(
    shared: &SharedState,
    page: AuthorizePage,
    query: &str,
) -> Result<AuthorizeRequest, AuthorizeError> {
    let mut parameters = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        parameters.entry(name).or_insert(value);
    }
    let get = |name: &str| parameters.get(name).map(AsRef::as_ref).filter(|value: &&str| !value.is_empty());
    let app = app_of(shared, page, get("appid"))?;
    let redirect_uri = redirect_of(&app, get("redirect_uri"))?;
    if get("response_type") != Some("code") && !is_panel(query) {
        return Err(AuthorizeError::ResponseType);
    }
    let scope = scope_of(page, get("scope"))?;
    let state = get("state").map(str::to_owned);
    if page == AuthorizePage::InWechat && state.as_deref().is_some_and(|state| !fits_state(state)) {
        return Err(AuthorizeError::State);
    }
    Ok(AuthorizeRequest {
        app: app.name.to_owned(),
        app_id: app.app_id.to_owned(),
        scope,
        redirect_uri,
        state,
        snapshot: scope == OauthScope::Userinfo && get("forceSnapShot") == Some("true"),
        on_refuse: app.on_refuse,
    })
}

/// Returns whether WeChat's script `wxLogin.js` asks, for its panel in a frame. It names no `response_type`.
pub(crate) fn is_panel(query: &str) -> bool {
    query.split('&').any(|pair| pair == "login_type=jssdk")
}

fn app_of<'s>(
    shared: &'s SharedState,
    page: AuthorizePage,
    app_id: Option<&str>,
) -> Result<App<'s>, AuthorizeError> {
    let app_id = app_id.ok_or(AuthorizeError::AppIdMissing)?;
    let app = shared.app_by_id(app_id).ok_or(AuthorizeError::AppIdUnknown)?;
    match (page, app.kind) {
        (AuthorizePage::Website, AppKind::Website) | (AuthorizePage::InWechat, AppKind::OfficialAccount) => {
            Ok(app)
        }
        (AuthorizePage::InWechat, AppKind::Website) => Err(AuthorizeError::AppIdOfWebsite),
        (AuthorizePage::Website, AppKind::OfficialAccount)
        | (AuthorizePage::Website | AuthorizePage::InWechat, AppKind::MiniProgram | AppKind::MobileApp) => {
            Err(AuthorizeError::AppIdUnknown)
        }
    }
}

fn redirect_of(app: &App<'_>, redirect_uri: Option<&str>) -> Result<Url, AuthorizeError> {
    let redirect_uri = redirect_uri.ok_or(AuthorizeError::RedirectUriMissing)?;
    let url = Url::parse(redirect_uri).map_err(|_| AuthorizeError::RedirectUriForeign)?;
    let is_web = matches!(url.scheme(), "http" | "https");
    let is_theirs = app.redirect_domain.is_none_or(|domain| url.host_str() == Some(domain));
    if is_web && is_theirs { Ok(url) } else { Err(AuthorizeError::RedirectUriForeign) }
}

fn scope_of(page: AuthorizePage, scope: Option<&str>) -> Result<OauthScope, AuthorizeError> {
    match (page, scope.ok_or(AuthorizeError::ScopeMissing)?) {
        (AuthorizePage::Website, "snsapi_login") => Ok(OauthScope::Login),
        (AuthorizePage::InWechat, "snsapi_base") => Ok(OauthScope::Base),
        (AuthorizePage::InWechat, "snsapi_userinfo") => Ok(OauthScope::Userinfo),
        (AuthorizePage::Website | AuthorizePage::InWechat, _other) => Err(AuthorizeError::ScopeUnknown),
    }
}

/// The documentation allows letters and digits; WeChat returns `-` and `_` as well.
fn fits_state(state: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    state.len() <= MAX_STATE_BYTES && state.bytes().all(fits)
}
