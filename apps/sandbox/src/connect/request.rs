//! Reads authorize URLs, as strictly as WeChat does.

use std::collections::BTreeMap;

use url::Url;

use super::AuthorizeError;
use crate::app::{App, AppKind};
use crate::world::{AuthorizeRequest, OauthScope, World};

const MAX_STATE_BYTES: usize = 128;

/// One of WeChat's two pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// `/connect/qrconnect`, in any browser.
    Website,
    /// `/connect/oauth2/authorize`, inside WeChat.
    InWechat,
}

/// Reads the whole URL as it stands in a browser, with its fragment.
pub(crate) fn read_url(world: &World, url: &str) -> Result<AuthorizeRequest, AuthorizeError> {
    let url = Url::parse(url).map_err(|_| AuthorizeError::Page)?;
    let door = match url.path() {
        "/connect/qrconnect" => Door::Website,
        "/connect/oauth2/authorize" => Door::InWechat,
        _other => return Err(AuthorizeError::Page),
    };
    if url.fragment() != Some("wechat_redirect") {
        return Err(AuthorizeError::Fragment);
    }
    read_query(world, door, url.query().unwrap_or_default())
}

/// Reads what a browser sends of such a URL.
pub(crate) fn read_query(world: &World, door: Door, query: &str) -> Result<AuthorizeRequest, AuthorizeError> {
    let mut parameters = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        parameters.entry(name).or_insert(value);
    }
    let get = |name: &str| parameters.get(name).map(AsRef::as_ref).filter(|value: &&str| !value.is_empty());
    let app = app_of(world, door, get("appid"))?;
    let redirect_uri = redirect_of(&app, get("redirect_uri"))?;
    if get("response_type") != Some("code") {
        return Err(AuthorizeError::ResponseType);
    }
    let scope = scope_of(door, get("scope"))?;
    let state = get("state").map(str::to_owned);
    if door == Door::InWechat && state.as_deref().is_some_and(|state| !fits_state(state)) {
        return Err(AuthorizeError::State);
    }
    Ok(AuthorizeRequest {
        app: app.name.to_owned(),
        app_id: app.app_id.to_owned(),
        scope,
        redirect_uri,
        state,
        snapshot: scope == OauthScope::Userinfo && get("forceSnapShot") == Some("true"),
        on_refuse: app.web.on_refuse,
    })
}

fn app_of<'w>(world: &'w World, door: Door, app_id: Option<&str>) -> Result<App<'w>, AuthorizeError> {
    let app_id = app_id.ok_or(AuthorizeError::AppIdMissing)?;
    let app = world.app_by_id(app_id).ok_or(AuthorizeError::AppIdUnknown)?;
    match (door, app.kind) {
        (Door::Website, AppKind::Website) | (Door::InWechat, AppKind::OfficialAccount) => Ok(app),
        (Door::InWechat, AppKind::Website) => Err(AuthorizeError::AppIdOfWebsite),
        (Door::Website, AppKind::OfficialAccount)
        | (Door::Website | Door::InWechat, AppKind::MiniProgram) => Err(AuthorizeError::AppIdUnknown),
    }
}

fn redirect_of(app: &App<'_>, redirect_uri: Option<&str>) -> Result<Url, AuthorizeError> {
    let redirect_uri = redirect_uri.ok_or(AuthorizeError::RedirectUriMissing)?;
    let url = Url::parse(redirect_uri).map_err(|_| AuthorizeError::RedirectUriForeign)?;
    let is_web = matches!(url.scheme(), "http" | "https");
    let is_theirs = app.web.redirect_domain.is_none_or(|domain| url.host_str() == Some(domain));
    if is_web && is_theirs { Ok(url) } else { Err(AuthorizeError::RedirectUriForeign) }
}

fn scope_of(door: Door, scope: Option<&str>) -> Result<OauthScope, AuthorizeError> {
    match (door, scope.ok_or(AuthorizeError::ScopeMissing)?) {
        (Door::Website, "snsapi_login") => Ok(OauthScope::Login),
        (Door::InWechat, "snsapi_base") => Ok(OauthScope::Base),
        (Door::InWechat, "snsapi_userinfo") => Ok(OauthScope::Userinfo),
        (Door::Website | Door::InWechat, _other) => Err(AuthorizeError::ScopeUnknown),
    }
}

/// The documentation has letters and digits; that `-` and `_` come back as well is the experience of many.
fn fits_state(state: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    state.len() <= MAX_STATE_BYTES && state.bytes().all(fits)
}
