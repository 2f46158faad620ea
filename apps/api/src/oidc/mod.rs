//! The OpenID provider: other systems log people in by this service (OpenID Connect Core, the code flow).
//!
//! | file | what it has |
//! | --- | --- |
//! | `clients` | the systems of the configuration, and the proof that a caller is one of them |
//! | `authorization` | what becomes of a browser that a client sends |
//! | `agreement` | asking the person, and what they answered |
//! | `login` | sending the browser to the login page and back |
//! | `tokens` | answers of the token endpoint |
//! | `claims` | what clients are told of a person |
//! | `logout` | a browser that a client sends to log out |
//! | `backchannel` | telling clients that a session is over |
//! | `discovery` | what the provider can do |
//! | `forms` | the proof that a form was made for a session |
//! | `pages` | what people see |
//! | `oauth_error` | errors as RFC 6749 has them |

mod agreement;
mod authorization;
mod backchannel;
mod claims;
mod clients;
mod discovery;
mod forms;
mod login;
mod logout;
mod oauth_error;
mod pages;
mod tokens;

pub(crate) use backchannel::receivers;
pub(crate) use claims::{id_token, userinfo};
pub(crate) use clients::{Clients, ProvenClient};
pub(crate) use discovery::metadata;
pub(crate) use forms::Forms;
pub(crate) use oauth_error::{OAuthError, bearer_refused};
pub(crate) use pages::Pages;
pub(crate) use tokens::{IntrospectionBody, OidcTokenBody};

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, header},
};
use saoma_domain::{
    ports::Clock,
    services::{OpenIdService, SessionService, SigningService},
};

use crate::{
    auth::{Cookies, SessionCredentials},
    config::Mount,
    extract::body_of,
    pages::LoginPage,
};

/// What the OpenID endpoints use.
pub(crate) struct OpenIdProvider {
    pub(crate) issuer: String,
    pub(crate) mount: Mount,
    pub(crate) clients: Clients,
    pub(crate) service: Arc<OpenIdService>,
    pub(crate) sessions: Arc<SessionService>,
    pub(crate) signing: Arc<SigningService>,
    pub(crate) credentials: Arc<SessionCredentials>,
    pub(crate) cookies: Arc<Cookies>,
    pub(crate) login_page: Arc<LoginPage>,
    pub(crate) forms: Forms,
    pub(crate) pages: Pages,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Returns the parameters of a request: those of its form where it has a body, else those of its address.
pub(crate) fn parameters_of(request: &HttpRequest) -> String {
    let body = body_of(request);
    if body.is_empty() {
        return request.query_string().to_owned();
    }
    String::from_utf8_lossy(&body).into_owned()
}

/// Reads parameters as a browser writes them.
pub(crate) fn read_parameters(text: &str) -> saoma_domain::oidc::Parameters {
    saoma_domain::oidc::Parameters::new(url::form_urlencoded::parse(text.as_bytes()).into_owned().collect())
}

/// How long the parameters of a form may be that a browser is to send again in an address, in bytes.
const MAX_AGAIN: usize = 8_000;

impl OpenIdProvider {
    /// Returns whether a call is a form that shows no session. The form of another site's page comes without our cookies
    /// (`SameSite=Lax`), also where a person is logged in.
    fn came_without_cookies(&self, http: &HttpRequest) -> bool {
        http.method() == Method::POST && !self.credentials.has_token(http)
    }

    /// Sends a browser once more to an endpoint, by a GET, which brings its cookies along.
    fn again_by_get(
        &self,
        http: &HttpRequest,
        path: &str,
        parameters: &saoma_domain::oidc::Parameters,
    ) -> HttpResponse {
        let query =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters.pairs()).finish();
        if query.len() > MAX_AGAIN {
            return self.pages.too_long(http);
        }
        redirect(http, &format!("{}?{query}", self.mount.path(path)))
    }
}

/// Sends a browser on, always by a GET; a form would be sent on as it is.
fn redirect(http: &HttpRequest, address: &str) -> HttpResponse {
    let is_form = http.method() == Method::POST;
    let mut answer = if is_form { HttpResponse::SeeOther() } else { HttpResponse::Found() };
    answer.insert_header((header::LOCATION, address)).insert_header((header::CACHE_CONTROL, "no-store"));
    answer.finish()
}
