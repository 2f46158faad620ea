//! The endpoints that are called most, found without the router.
//!
//! They are registered with the router as well, which takes the calls that this does not know: other methods, and paths
//! that have to be decoded. Both ways lead to the same code.

use std::sync::Arc;

use actix_web::{
    HttpResponse, ResponseError,
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
};
use saoma_domain::login::LoginId;

use crate::{
    config::{Config, Mount, Part},
    extract::body_of,
    handlers::{ForwardAuth, LoginReading, SessionReading, healthz, take_callback},
    node::RouteAnswers,
    wechat_events::WechatEvents,
};

/// An endpoint that is called often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HotRoute {
    /// `GET /v1/logins/{id}`
    Login,
    /// `GET /v1/session`
    Session,
    /// `GET /v1/forward-auth`
    ForwardAuth,
    /// `GET /healthz`
    Health,
    /// `POST /wechat/{app}/callback`
    Callback,
}

impl HotRoute {
    /// Returns the endpoint that is called, if it is one of these.
    fn of(method: &Method, path: &str) -> Option<Self> {
        match (method, path) {
            (&Method::GET, "/v1/session") => Some(Self::Session),
            (&Method::GET, "/v1/forward-auth") => Some(Self::ForwardAuth),
            (&Method::GET, "/healthz") => Some(Self::Health),
            (&Method::GET, path) => login_in(path).map(|_| Self::Login),
            (&Method::POST, path) => app_in(path).map(|_| Self::Callback),
            (_, _) => None,
        }
    }
}

/// Returns whether a part of a path means itself, and nothing has to be decoded.
fn is_plain(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Returns the id in the path of a login.
pub(super) fn login_in(path: &str) -> Option<&str> {
    path.strip_prefix("/v1/logins/").filter(|id| id.len() == LoginId::CHARS && is_plain(id))
}

/// Returns the app in the path of a callback.
fn app_in(path: &str) -> Option<&str> {
    path.strip_prefix("/wechat/")?.strip_suffix("/callback").filter(|app| !app.is_empty() && is_plain(app))
}

/// The endpoints that are called most.
pub(crate) struct HotRoutes {
    logins: Arc<LoginReading>,
    sessions: Arc<SessionReading>,
    forward_auth: Arc<ForwardAuth>,
    events: Arc<WechatEvents>,
    mount: Mount,
    has_health: bool,
    login_answers: RouteAnswers,
    session_answers: RouteAnswers,
    forward_auth_answers: RouteAnswers,
    health_answers: RouteAnswers,
    callback_answers: RouteAnswers,
}

impl HotRoutes {
    /// Makes the endpoints of one worker.
    pub(crate) fn new(
        logins: Arc<LoginReading>,
        sessions: Arc<SessionReading>,
        forward_auth: Arc<ForwardAuth>,
        events: Arc<WechatEvents>,
        config: &Config,
    ) -> Self {
        Self {
            logins,
            sessions,
            forward_auth,
            events,
            mount: config.mount.clone(),
            has_health: config.parts.has(Part::Health),
            login_answers: RouteAnswers::of("/v1/logins/{id}"),
            session_answers: RouteAnswers::of("/v1/session"),
            forward_auth_answers: RouteAnswers::of("/v1/forward-auth"),
            health_answers: RouteAnswers::of("/healthz"),
            callback_answers: RouteAnswers::of("/wechat/{app}/callback"),
        }
    }

    /// Returns the endpoint that is called, if it is one of these.
    pub(super) fn find(&self, request: &ServiceRequest) -> Option<HotRoute> {
        let route = HotRoute::of(request.method(), self.mount.endpoint(request.path()));
        route.filter(|route| self.has_health || *route != HotRoute::Health)
    }

    /// Calls an endpoint.
    pub(super) async fn call(&self, route: HotRoute, request: ServiceRequest) -> ServiceResponse {
        let (request, _) = request.into_parts();
        let answer = match route {
            HotRoute::Login => {
                let id = login_in(self.mount.endpoint(request.path())).unwrap_or_default();
                self.logins.answer(&request, id).await
            }
            HotRoute::Session => self.sessions.answer(&request).await,
            HotRoute::ForwardAuth => self.forward_auth.answer(&request).await,
            HotRoute::Health => Ok(healthz().await),
            HotRoute::Callback => {
                let app = app_in(self.mount.endpoint(request.path())).unwrap_or_default();
                let body = body_of(&request);
                // In a place of its own: an event needs more room than a poll.
                Box::pin(take_callback(&self.events, &request, app, &body)).await
            }
        };
        let answer: HttpResponse = answer.unwrap_or_else(|problem| problem.error_response());
        ServiceResponse::new(request, answer)
    }

    /// Returns what counts the answers of an endpoint.
    pub(super) fn answers(&self, route: HotRoute) -> &RouteAnswers {
        match route {
            HotRoute::Login => &self.login_answers,
            HotRoute::Session => &self.session_answers,
            HotRoute::ForwardAuth => &self.forward_auth_answers,
            HotRoute::Health => &self.health_answers,
            HotRoute::Callback => &self.callback_answers,
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_plain_calls_of_the_hot_endpoints_are_found() {
        let id = "Az09_-00".repeat(4);
        let found = |method: Method, path: &str| {
            let request = TestRequest::with_uri(path).to_srv_request();
            HotRoute::of(&method, request.path())
        };
        assert_eq!(found(Method::GET, &format!("/v1/logins/{id}?wait=5")), Some(HotRoute::Login));
        assert_eq!(found(Method::GET, "/v1/session"), Some(HotRoute::Session));
        assert_eq!(found(Method::GET, "/v1/forward-auth"), Some(HotRoute::ForwardAuth));
        assert_eq!(found(Method::GET, "/healthz?x"), Some(HotRoute::Health));
        assert_eq!(found(Method::POST, "/wechat/main_2-x/callback?a=b"), Some(HotRoute::Callback));
        for path in
            ["/wechat//callback", "/wechat/a/b/callback", "/wechat/%61/callback", "/wechat/a/callback/"]
        {
            assert_eq!(found(Method::POST, path), None, "{path}");
        }
        for path in ["/", "/v1/session/", "/v1/sessions", "/v1/logins/", "/v1/logins/x"] {
            assert_eq!(found(Method::GET, path), None, "{path}");
        }
        for path in
            [format!("/v1/logins/{id}/"), format!("/v1/logins/{}%41", &id[3..]), format!("/v1/login/{id}")]
        {
            assert_eq!(found(Method::GET, &path), None, "{path}");
        }
        for method in [Method::HEAD, Method::POST, Method::DELETE] {
            assert_eq!(found(method, "/v1/session"), None);
        }
    }
}
