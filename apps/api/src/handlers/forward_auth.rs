//! `GET /v1/forward-auth`: says to a proxy who is logged in, as headers.
//!
//! Most proxies ask in one of two ways, and gets the answer that it can use when the client is not logged in:
//! * Traefik and Caddy send `X-Forwarded-Method`, `-Host` and `-Uri`, and hand our answer on: a browser that goes to a page
//!   gets a redirect to the login page.
//! * nginx and others take no redirect. They send `X-Original-URI` (and `X-Original-Host`, `-Proto`, `-Method`), get 401, and
//!   find in `X-Saoma-Login` where to send the browser.
//!
//! Envoy hands our answer on too, but asks below our path: `/v1/forward-auth/orders?page=2` is about `/orders?page=2`.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    http::{
        Method,
        header::{self, HeaderName, HeaderValue},
    },
    web::{self, Data, ServiceConfig},
};
use saoma_domain::ports::ActiveSession;
use url::Url;

use super::Endpoint;
use crate::{
    auth::SessionCredentials,
    config::{PhoneShown, TokenAudience},
    dto::{rfc3339, shown_name},
    extract::is_browser_navigation,
    node::RouteAnswers,
    pages::{LoginPage, ReturnAddresses},
    problem::{ErrorCode, Problem, ProblemBody},
    tokens::SessionTokens,
};

/// Where Envoy asks: it puts the path of the request behind ours, and asks with its method.
const BELOW: &str = "/v1/forward-auth/{path:.*}";

const LOGIN: HeaderName = HeaderName::from_static("x-saoma-login");

pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(Endpoint::at("/v1/forward-auth").get(forward_auth).done())
        .service(web::resource(BELOW).app_data(RouteAnswers::of(BELOW)).to(forward_auth_below));
}

/// What the check of a session for a proxy uses.
pub(crate) struct ForwardAuth {
    pub(crate) credentials: Arc<SessionCredentials>,
    pub(crate) return_addresses: Arc<ReturnAddresses>,
    pub(crate) login_page: Arc<LoginPage>,
    pub(crate) public_url: Url,
    pub(crate) phone: PhoneShown,
    pub(crate) tokens: Arc<SessionTokens>,
    /// For whom a signed token is added (`forward_auth.jwt_audience`).
    pub(crate) token_audience: Option<TokenAudience>,
}

/// Says who is logged in: 200 with headers about the person, else 401, or a redirect to the login page.
#[utoipa::path(get, path = "/v1/forward-auth", operation_id = "forward_auth", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])), responses(
    (status = 200, description = "Logged in: `X-Saoma-Account`, `-External-Id`, `-Name`, `-Phone`, `-Auth-Time`, `-Amr`, and `Authorization: Bearer` with a signed token where `forward_auth.jwt_audience` is set"),
    (status = 302, description = "To the login page, for a browser behind a proxy that hands this on"),
    (status = "default", description = "`session_invalid`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn forward_auth(
    request: HttpRequest,
    forward_auth: Data<ForwardAuth>,
) -> Result<HttpResponse, Problem> {
    forward_auth.answer(&request).await
}

/// Says to Envoy who is logged in: as `/v1/forward-auth`, for the request whose path and method this is.
#[utoipa::path(get, path = "/v1/forward-auth/{path}", operation_id = "forward_auth_below", tag = "sessions", security(("session_token" = []), ("session_cookie" = [])),
    params(("path" = String, Path, description = "The path that the client wants; any method")), responses(
    (status = 200, description = "Logged in: the headers of `/v1/forward-auth`"),
    (status = 302, description = "To the login page, for a browser"),
    (status = "default", description = "`session_invalid`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn forward_auth_below(
    request: HttpRequest,
    path: web::Path<String>,
    forward_auth: Data<ForwardAuth>,
) -> Result<HttpResponse, Problem> {
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    let uri = format!("/{}{query}", path.trim_start_matches('/'));
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let proto = request.headers().get("x-forwarded-proto").and_then(|proto| proto.to_str().ok());
    let asked = Asked { uri: Some(&uri), host, proto, method: Some(request.method().as_str()) };
    forward_auth.answer_about(&request, &asked, true).await
}

/// What a proxy says of the request that it asks for.
struct Asked<'r> {
    uri: Option<&'r str>,
    host: Option<&'r str>,
    proto: Option<&'r str>,
    method: Option<&'r str>,
}

/// The page that a browser wants from a proxy.
struct ProtectedPage {
    /// Its address, as a `return_to` has it.
    address: String,
    /// Whether the proxy hands a redirect on.
    takes_redirect: bool,
}

impl ForwardAuth {
    /// Answers a proxy.
    ///
    /// # Errors
    /// Those of [`SessionCredentials::reading`]; `store_unavailable` where a token cannot be signed.
    pub(crate) async fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, Problem> {
        let sent = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        let takes_redirect = !request.headers().contains_key("x-original-uri");
        let [uri, host, proto, method] = if takes_redirect {
            ["x-forwarded-uri", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-method"]
        } else {
            ["x-original-uri", "x-original-host", "x-original-proto", "x-original-method"]
        }
        .map(sent);
        self.answer_about(request, &Asked { uri, host, proto, method }, takes_redirect).await
    }

    async fn answer_about(
        &self,
        request: &HttpRequest,
        asked: &Asked<'_>,
        takes_redirect: bool,
    ) -> Result<HttpResponse, Problem> {
        match self.credentials.reading(request).await {
            Ok(active) => self.logged_in(&active).await,
            Err(problem) if problem.code() == ErrorCode::SessionInvalid => {
                Ok(self.not_logged_in(self.protected_page(request, asked, takes_redirect), &problem))
            }
            Err(problem) => Err(problem),
        }
    }

    async fn logged_in(&self, active: &ActiveSession) -> Result<HttpResponse, Problem> {
        let authorization = match &self.token_audience {
            Some(audience) => Some(format!("Bearer {}", self.tokens.sign(active, audience).await?.token)),
            None => None,
        };
        let account = &active.account;
        let phone = match self.phone {
            PhoneShown::Masked => account.masked_phone(),
            PhoneShown::Full => account.phone.as_ref().map(|phone| phone.e164().to_owned()),
            PhoneShown::None => None,
        };
        let mut answer = HttpResponse::Ok();
        let mut add = |name: &'static str, value: Option<String>| {
            if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
                answer.insert_header((HeaderName::from_static(name), value));
            }
        };
        add("x-saoma-account", Some(account.id.to_string()));
        add("x-saoma-external-id", account.external_id.as_ref().map(ToString::to_string));
        add("x-saoma-name", shown_name(active).map(|name| header_text(&name)));
        add("x-saoma-phone", phone);
        add("x-saoma-auth-time", Some(rfc3339(active.session.created_at)));
        let amr = active.session.auth_methods.to_string();
        add("x-saoma-amr", Some(amr).filter(|amr| !amr.is_empty()));
        add("authorization", authorization);
        Ok(answer.finish())
    }

    fn not_logged_in(&self, page: Option<ProtectedPage>, problem: &Problem) -> HttpResponse {
        let mut refused = problem.error_response();
        let Some(page) = page else { return refused };
        let Ok(login) = HeaderValue::try_from(self.login_address(&page.address)) else { return refused };
        if page.takes_redirect {
            return HttpResponse::Found().insert_header((header::LOCATION, login)).finish();
        }
        refused.headers_mut().insert(LOGIN, login);
        refused
    }

    /// Returns the page that a browser goes to, where the login page may send it back there.
    fn protected_page(
        &self,
        request: &HttpRequest,
        asked: &Asked<'_>,
        takes_redirect: bool,
    ) -> Option<ProtectedPage> {
        let Asked { uri, host, proto, method } = *asked;
        let reads =
            method.is_some_and(|method| method == Method::GET.as_str() || method == Method::HEAD.as_str());
        if !reads || !is_browser_navigation(request) {
            return None;
        }
        let uri = uri.filter(|uri| uri.starts_with('/'))?;
        let proto = proto.unwrap_or(self.public_url.scheme());
        let page = Url::parse(&format!("{proto}://{}", host?)).ok()?;
        let address = if page.origin() == self.public_url.origin() {
            uri.to_owned()
        } else {
            format!("{}{uri}", page.origin().ascii_serialization())
        };
        self.return_addresses.allow(&address).then_some(ProtectedPage { address, takes_redirect })
    }

    fn login_address(&self, return_to: &str) -> String {
        let page = self.login_page.with(&[("return_to", return_to)]);
        self.public_url.join(&page).map_or(page, String::from)
    }
}

/// Writes a text for a header: as it is where it is printable ASCII, else as RFC 8187 has it.
fn header_text(text: &str) -> String {
    if text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return text.to_owned();
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte);
    let encoded = text
        .bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") });
    format!("UTF-8''{}", encoded.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_into_a_header() {
        assert_eq!(header_text("Ming Wang"), "Ming Wang");
        assert_eq!(header_text("小明 (1)"), "UTF-8''%E5%B0%8F%E6%98%8E%20%281%29");
    }
}
