//! Sending the browser to the login page, and what it comes back with.
//!
//! The login page leads back to the same request. A short one stands in `return_to` as a whole; a longer one would not fit into
//! the cookie that goes to WeChat, so it stays with the browser, in a cookie of its own.

use actix_web::{HttpRequest, HttpResponse};
use saoma_domain::oidc::{LOGIN_AFTER, LOGIN_TAKES, Parameters};
use url::form_urlencoded::Serializer;

use super::{OpenIdProvider, redirect};
use crate::pages::fits_cookie;

/// The parameter that names the cookie with the request.
const RESUME: &str = "resume";

/// How long a request may be that stays with the browser, in bytes.
const MAX_KEPT: usize = 3_500;

/// Where browsers come with a request.
pub(crate) const AUTHORIZE: &str = "/oauth2/authorize";

impl OpenIdProvider {
    /// Returns the request that a browser comes with: the one in its address, or the one that it kept.
    pub(crate) fn request_of(&self, request: &HttpRequest, sent: String) -> String {
        let Some(id) = sent.strip_prefix(RESUME).and_then(|rest| rest.strip_prefix('=')) else { return sent };
        self.cookies.find_authorization(request, id).map_or_else(String::new, str::to_owned)
    }

    /// Sends the browser to the login page; a login counts that is newer than now, where `anew`. `None` where the request is too
    /// long to be kept.
    pub(super) fn to_login(
        &self,
        request: &HttpRequest,
        parameters: &Parameters,
        anew: bool,
    ) -> Option<HttpResponse> {
        let now = self.clock.now();
        let mut query = Serializer::new(String::new());
        let asked = parameters.get(LOGIN_AFTER).ok().flatten().and_then(|millis| millis.parse().ok());
        let asked = asked.map(saoma_domain::time::Timestamp::from_millis);
        let asked = asked.filter(|asked| *asked <= now && now < asked.plus(LOGIN_TAKES));
        query.extend_pairs(parameters.pairs().iter().filter(|(name, _)| name != LOGIN_AFTER));
        if anew {
            query.append_pair(LOGIN_AFTER, &asked.unwrap_or(now).as_millis().to_string());
        }
        let query = query.finish();
        let address = format!("{}?{query}", self.mount.path(AUTHORIZE));
        let mut cookies = Vec::new();
        let return_to = if fits_cookie(&address) {
            address
        } else if query.len() <= MAX_KEPT {
            // Named by the time, so that the oldest ones can be told.
            let id = format!("{:012x}", now.as_millis());
            cookies = self.cookies.old_authorizations(request);
            cookies.push(self.cookies.authorization(&id, query));
            format!("{}?{RESUME}={id}", self.mount.path(AUTHORIZE))
        } else {
            return None;
        };
        let page = self.login_page.with(&[("return_to", &return_to)]);
        let mut answer = redirect(request, &page);
        for cookie in &cookies {
            answer.add_cookie(cookie).ok()?;
        }
        Some(answer)
    }
}
