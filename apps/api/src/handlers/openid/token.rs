//! `POST /oauth2/token`

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};
use saoma_domain::{
    oidc::{CodeVerifier, Parameters, Scopes},
    services::IssuedTokens,
};

use crate::{
    extract::{Caller, body_of},
    oidc::{OAuthError, OidcTokenBody, OpenIdProvider, ProvenClient, read_parameters},
};

/// Gives a client tokens for a code or for a refresh token.
#[utoipa::path(post, path = "/oauth2/token", operation_id = "openid_token", tag = "openid", security(("client_secret" = [])), request_body(content_type = "application/x-www-form-urlencoded", content = Object, description = "`grant_type=authorization_code` with `code`, `redirect_uri`, `code_verifier`, or `grant_type=refresh_token` with `refresh_token`, `scope`"), responses(
    (status = 200, description = "The tokens", body = OidcTokenBody),
    (status = "default", description = "An error of RFC 6749: `invalid_request`, `invalid_client`, `invalid_grant`, `invalid_scope`, `unsupported_grant_type`, `temporarily_unavailable`"),
))]
pub(crate) async fn token(
    provider: Data<OpenIdProvider>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, OAuthError> {
    let (client, form) = provider.client_call(&request, &caller).await?;
    let get = |name| form.get(name).ok().flatten();
    let issued = match get("grant_type") {
        Some("authorization_code") => by_code(&provider, &client, &form).await?,
        Some("refresh_token") => {
            let token = get("refresh_token");
            let token = token.ok_or(OAuthError::invalid_request("refresh_token is missing"))?;
            provider.service.refresh(&client.client().id, token, get("scope").map(Scopes::parse)).await?
        }
        Some(_) => return Err(OAuthError::unsupported_grant_type()),
        None => return Err(OAuthError::invalid_request("grant_type is missing")),
    };
    let body = provider.token_body(&issued).await?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::PRAGMA, "no-cache"));
    Ok(answer.json(body))
}

async fn by_code(
    provider: &OpenIdProvider,
    client: &ProvenClient<'_>,
    form: &Parameters,
) -> Result<IssuedTokens, OAuthError> {
    let get = |name| form.get(name).ok().flatten();
    let code = get("code").ok_or(OAuthError::invalid_request("code is missing"))?;
    let verifier = match get("code_verifier") {
        Some(text) => {
            let wrong =
                OAuthError::invalid_request("code_verifier is not of 43 to 128 unreserved characters");
            Some(CodeVerifier::parse(text).ok_or(wrong)?)
        }
        None => None,
    };
    Ok(provider.service.redeem_code(&client.client().id, code, get("redirect_uri"), verifier).await?)
}

impl OpenIdProvider {
    /// Finds out which client calls, and counts the call.
    ///
    /// # Errors
    /// [`OAuthError`].
    pub(super) async fn client_call(
        &self,
        request: &HttpRequest,
        caller: &Caller,
    ) -> Result<(ProvenClient<'_>, Parameters), OAuthError> {
        let form = read_parameters(&String::from_utf8_lossy(&body_of(request)));
        match self.clients.prove(request, &form) {
            Ok(client) => {
                self.service.count_call(client.client(), caller.subject).await?;
                if form.repeated().is_some() {
                    return Err(OAuthError::invalid_request("a parameter is given more than once"));
                }
                Ok((client, form))
            }
            Err(error) => {
                if error.is_of_client() {
                    self.service.count_unproven(caller.subject).await?;
                }
                Err(error)
            }
        }
    }
}
