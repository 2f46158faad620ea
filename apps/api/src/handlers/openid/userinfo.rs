//! `GET` and `POST /oauth2/userinfo`

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};

use crate::{
    extract::body_of,
    oidc::{OAuthError, OpenIdProvider, bearer_refused, read_parameters, userinfo as claims_of},
};

/// Says who a person is, as far as their access token goes: `sub`, and by scope name, picture, phone number, WeChat's ids.
#[utoipa::path(get, path = "/oauth2/userinfo", operation_id = "openid_userinfo", tag = "openid", security(("access_token" = [])), responses(
    (status = 200, description = "The claims", body = Object),
    (status = 401, description = "The token is missing, wrong, expired or ended; `WWW-Authenticate` says which"),
    (status = "default", description = "An error of RFC 6749 or RFC 6750"),
))]
pub(crate) async fn userinfo(
    provider: Data<OpenIdProvider>,
    request: HttpRequest,
) -> Result<HttpResponse, OAuthError> {
    let form = read_parameters(&String::from_utf8_lossy(&body_of(&request)));
    let in_header = bearer(&request);
    let in_form = form.get("access_token").ok().flatten();
    let token = match (in_header, in_form) {
        (Some(_), Some(_)) => return Err(OAuthError::invalid_request("the token is shown in two ways")),
        (Some(token), None) | (None, Some(token)) => token,
        (None, None) => return Ok(bearer_refused(false)),
    };
    let found = provider.service.read_by(token).await?;
    // A client that was taken out of the configuration reads nothing more, and one with fewer scopes less.
    let found = found.and_then(|found| Some((provider.clients.of(&found.holder.grant.client)?, found)));
    let Some((client, found)) = found else { return Ok(bearer_refused(true)) };
    let claims = claims_of(&found.holder, found.scopes.and(client.client.scopes), client.client.trusted);
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(claims))
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
