//! What a browser takes along to WeChat and brings back in a cookie.
//!
//! The board may forget a login at any moment, so the cookie says what the return has to know. It is not
//! believed: app, channel and address are checked again when it comes back.

use actix_web::{HttpRequest, cookie::Cookie};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use saoma_domain::login::{Channel, HeldLogin, LoginId};
use serde::{Deserialize, Serialize};

use super::return_to;
use crate::{
    config::AppConfig,
    state::State,
    wire::{self, app_channel},
};

/// How many logins one browser can have at WeChat at a time; the oldest ones make room.
const KEPT: usize = 8;

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
    pub(crate) login: HeldLogin,
    pub(crate) app: &'a AppConfig,
    pub(crate) channel: Channel,
    pub(crate) return_to: Option<String>,
}

/// Returns the cookie that a browser takes along to WeChat.
pub(crate) fn issue(
    state: &State,
    login: &HeldLogin,
    app: &AppConfig,
    channel: wire::Channel,
    return_to: Option<&str>,
) -> Cookie<'static> {
    let luggage = Luggage { app: app.name.to_string(), channel, return_to: return_to.map(str::to_owned) };
    let luggage = serde_json::to_vec(&luggage).unwrap_or_default();
    let value = format!("{}.{}", *login.token().reveal(), URL_SAFE_NO_PAD.encode(luggage));
    state.cookies.oauth(login.id(), value)
}

/// Returns what the browser brought back for a login; `None` unless it is this browser's.
pub(crate) fn find<'a>(state: &'a State, request: &HttpRequest, id: &str) -> Option<Ticket<'a>> {
    let value = state.cookies.find_oauth(request, id)?;
    let (poll_token, luggage) = value.split_once('.')?;
    let login = state.flows.hold(id, poll_token).ok()?;
    let luggage: Luggage = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(luggage).ok()?).ok()?;
    let (kind, channel) = app_channel(luggage.channel);
    if !matches!(channel, Channel::Website | Channel::InWechat) {
        return None;
    }
    let app = state.app(kind, Some(&luggage.app))?;
    let return_to = luggage.return_to.filter(|path| return_to::check(path, &state.config).is_ok());
    Some(Ticket { login, app, channel, return_to })
}

/// Returns cookies that clear what the browser has kept of its oldest logins but for one, so that it does not
/// pile up.
pub(crate) fn make_room(state: &State, request: &HttpRequest, keep: Option<LoginId>) -> Vec<Cookie<'static>> {
    let mut logins = state.cookies.oauth_logins(request);
    logins.retain(|id| Some(*id) != keep);
    let superfluous = (logins.len() + 1).saturating_sub(KEPT);
    logins.into_iter().take(superfluous).map(|id| state.cookies.no_oauth(id)).collect()
}
