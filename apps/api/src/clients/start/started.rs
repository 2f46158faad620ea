//! A login that was started, as its client gets it.

use actix_web::{HttpResponse, cookie::Cookie};
use saoma_domain::login::LoginId;

use crate::dto::StartedBody;

/// A login that was started, as its client gets it.
pub(crate) struct StartedForClient {
    pub(crate) login: LoginId,
    pub(crate) body: StartedBody,
    /// The cookies of a browser, without the one that carries OAuth's state.
    pub(crate) cookies: Vec<Cookie<'static>>,
    /// The cookie that carries OAuth's state, where the browser is sent to WeChat.
    pub(crate) oauth_state: Option<Cookie<'static>>,
}

impl StartedForClient {
    /// Answers with the login (201).
    pub(crate) fn created(self) -> HttpResponse {
        let mut answer = HttpResponse::Created();
        for cookie in self.cookies.into_iter().chain(self.oauth_state) {
            answer.cookie(cookie);
        }
        answer.json(self.body)
    }
}
