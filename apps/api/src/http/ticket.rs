//! What a browser takes along to WeChat and brings back in a cookie.
//!
//! The board may forget a login at any moment, so the cookie says what the return has to know. It is not
//! believed: app, channel and address are checked again when it comes back.

use actix_web::{HttpRequest, cookie::Cookie};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use saoma_domain::login::{AuthenticatedLogin, Channel, LoginId};
use serde::{Deserialize, Serialize};

use super::{
    browser::{Browser, unbind},
    return_to,
};
use crate::{
    config::AppConfig,
    state::State,
    wire::{self, app_channel},
};

/// How many logins one browser can have at WeChat at a time; the oldest ones make room.
const KEPT: usize = 8;

/// How many bytes their cookies may have together: many a proxy takes 8 KB of cookies and no more, and not all
/// of them are ours.
const KEPT_BYTES: usize = 4096;

/// What a browser takes along.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Luggage {
    app: String,
    channel: wire::Channel,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_to: Option<String>,
}

/// A login that a browser brought back from WeChat.
pub(crate) struct Ticket<'a> {
    pub(crate) login: AuthenticatedLogin,
    pub(crate) browser: Browser,
    pub(crate) app: &'a AppConfig,
    pub(crate) channel: Channel,
    pub(crate) return_to: Option<String>,
}

/// Returns the cookie that a browser takes along to WeChat.
pub(crate) fn issue(
    state: &State,
    browser: &Browser,
    login: &AuthenticatedLogin,
    app: &AppConfig,
    channel: wire::Channel,
    return_to: Option<&str>,
) -> Cookie<'static> {
    let luggage = Luggage { app: app.name.to_string(), channel, return_to: return_to.map(str::to_owned) };
    let luggage = serde_json::to_vec(&luggage).unwrap_or_default();
    let value = format!("{}.{}", *login.token().reveal(), URL_SAFE_NO_PAD.encode(luggage));
    state.cookies.oauth(login.id(), browser.bind(state, login.id(), value))
}

/// Returns what the browser brought back for a login; `None` unless it is this browser's.
pub(crate) fn find<'a>(state: &'a State, request: &HttpRequest, id: &str) -> Option<Ticket<'a>> {
    let value = unbind(state, request, id, state.cookies.find_oauth(request, id)?)?;
    let (poll_token, luggage) = value.split_once('.')?;
    let login = state.services.authenticator.authenticate_login(id, poll_token).ok()?;
    let luggage: Luggage = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(luggage).ok()?).ok()?;
    let (kind, channel) = app_channel(luggage.channel);
    if !matches!(channel, Channel::Website | Channel::InWechat) {
        return None;
    }
    let app = state.app(kind, Some(&luggage.app))?;
    let return_to = luggage.return_to.filter(|path| return_to::check(path, &state.config).is_ok());
    let browser = Browser::calling(state, request);
    Some(Ticket { login, browser, app, channel, return_to })
}

/// Returns cookies that clear what the browser has kept of its oldest logins, so that it does not pile up beside
/// its `own` one, for which it is about to be given `added` bytes.
pub(crate) fn make_room(
    state: &State,
    request: &HttpRequest,
    own: LoginId,
    added: usize,
) -> Vec<Cookie<'static>> {
    let (own, mut others): (Vec<_>, Vec<_>) =
        state.cookies.oauth_logins(request).into_iter().partition(|(id, _)| *id == own);
    let (mut kept, mut bytes) = (1, added + own.iter().map(|(_, bytes)| bytes).sum::<usize>());
    // The latest ones stay.
    others.reverse();
    others.retain(|(_, more)| {
        kept += 1;
        bytes += more;
        kept > KEPT || bytes > KEPT_BYTES
    });
    others.into_iter().map(|(id, _)| state.cookies.no_oauth(id)).collect()
}
