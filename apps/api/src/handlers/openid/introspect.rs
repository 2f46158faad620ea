//! `POST /oauth2/introspect`

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};

use crate::{
    extract::Caller,
    oidc::{IntrospectionBody, OAuthError, OpenIdProvider},
};

/// Says what a token is to the client that it was issued to (RFC 7662). A client without a secret cannot ask.
#[utoipa::path(post, path = "/oauth2/introspect", operation_id = "openid_introspect", tag = "openid", security(("client_secret" = [])), request_body(content_type = "application/x-www-form-urlencoded", content = Object, description = "`token`, an access token or a refresh token"), responses(
    (status = 200, description = "What it is; `active` is false for one that is not good, or another client's", body = IntrospectionBody),
    (status = "default", description = "An error of RFC 6749"),
))]
pub(crate) async fn introspect(
    provider: Data<OpenIdProvider>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, OAuthError> {
    let (client, form) = provider.client_call(&request, &caller).await?;
    if client.client().is_public() {
        return Err(OAuthError::invalid_client(false));
    }
    let token = form.get("token").ok().flatten();
    let token = token.ok_or(OAuthError::invalid_request("token is missing"))?;
    let found = provider.service.inspect(&client.client().id, token).await?;
    let body = IntrospectionBody::of(&provider.issuer, found.as_ref());
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(body))
}
