//! `GET` and `POST /oauth2/logout`

use actix_web::{HttpRequest, HttpResponse, web::Data};

use crate::oidc::{OpenIdProvider, parameters_of};

/// Logs a browser out that a client sends (OpenID Connect RP-Initiated Logout). Without an ID token of the browser's own
/// session the person is asked first.
#[utoipa::path(get, path = "/oauth2/logout", operation_id = "openid_logout", tag = "openid", security(("session_cookie" = [])), params(
    ("id_token_hint" = Option<String>, Query, description = "An ID token of the session, expired or not"),
    ("client_id" = Option<String>, Query, description = "The client, where there is no ID token"),
    ("post_logout_redirect_uri" = Option<String>, Query, description = "Where the browser goes; one of the client's"),
    ("state" = Option<String>, Query, description = "Goes along with it"),
), responses(
    (status = 200, description = "A page that asks, or says that the person is logged out"),
    (status = 302, description = "To `post_logout_redirect_uri`"),
    (status = "default", description = "A page: the client or its address is not known"),
))]
pub(crate) async fn logout(provider: Data<OpenIdProvider>, request: HttpRequest) -> HttpResponse {
    provider.log_out(&request, parameters_of(&request)).await
}
