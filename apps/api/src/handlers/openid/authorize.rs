//! `GET` and `POST /oauth2/authorize`, and `POST /oauth2/consent`

use actix_web::{HttpRequest, HttpResponse, web::Data};

use crate::{
    extract::Caller,
    oidc::{OpenIdProvider, parameters_of},
};

/// Takes a browser that a client sends to log a person in (OpenID Connect Core, the code flow). The parameters are in the
/// address or in a form: `client_id`, `redirect_uri`, `response_type=code`, `scope`, `state`, `nonce`, `code_challenge`,
/// `code_challenge_method=S256`, `prompt`, `max_age`, `id_token_hint`.
#[utoipa::path(get, path = "/oauth2/authorize", operation_id = "openid_authorize", tag = "openid", params(
    ("client_id" = String, Query, description = "The client"),
    ("redirect_uri" = String, Query, description = "Where the code is sent; one of the client's, letter by letter"),
    ("response_type" = String, Query, description = "`code`"),
    ("scope" = String, Query, description = "`openid`, and what else the client asks for"),
    ("state" = Option<String>, Query, description = "Comes back with the code"),
    ("nonce" = Option<String>, Query, description = "Stands in the ID token"),
    ("code_challenge" = Option<String>, Query, description = "PKCE; public clients need it"),
    ("code_challenge_method" = Option<String>, Query, description = "`S256`"),
    ("prompt" = Option<String>, Query, description = "`none`, `login`, `consent`, `select_account`"),
    ("max_age" = Option<u32>, Query, description = "How many seconds old the login may be"),
), responses(
    (status = 200, description = "A page that asks the person for consent"),
    (status = 302, description = "To `redirect_uri` with `code`, or `error`, and `state` and `iss`; or to the login page"),
    (status = "default", description = "A page: the client or its address is not known"),
))]
pub(crate) async fn authorize(
    provider: Data<OpenIdProvider>,
    request: HttpRequest,
    caller: Caller,
) -> HttpResponse {
    provider.authorize(&request, parameters_of(&request), caller).await
}

/// Takes what a person answered to the question whether a client may have what it asks for.
#[utoipa::path(post, path = "/oauth2/consent", operation_id = "openid_consent", tag = "openid", security(("session_cookie" = [])), responses(
    (status = 303, description = "To the client, with a code or with `access_denied`"),
    (status = "default", description = "A page: the form was not made for this session"),
))]
pub(crate) async fn consent(
    provider: Data<OpenIdProvider>,
    request: HttpRequest,
    caller: Caller,
) -> HttpResponse {
    provider.answered(&request, parameters_of(&request), caller).await
}
