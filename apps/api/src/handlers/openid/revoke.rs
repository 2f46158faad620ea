//! `POST /oauth2/revoke`

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};

use crate::{
    extract::Caller,
    oidc::{OAuthError, OpenIdProvider},
};

/// Ends a token, and all others of its grant, as its client wishes (RFC 7009).
#[utoipa::path(post, path = "/oauth2/revoke", operation_id = "openid_revoke", tag = "openid", security(("client_secret" = [])), request_body(content_type = "application/x-www-form-urlencoded", content = Object, description = "`token`, an access token or a refresh token"), responses(
    (status = 200, description = "It has ended, now or before"),
    (status = "default", description = "An error of RFC 6749"),
))]
pub(crate) async fn revoke(
    provider: Data<OpenIdProvider>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, OAuthError> {
    let (client, form) = provider.client_call(&request, &caller).await?;
    let token = form.get("token").ok().flatten();
    let token = token.ok_or(OAuthError::invalid_request("token is missing"))?;
    provider.service.revoke(&client.client().id, token).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).finish())
}
