//! Answers of the token endpoint and of introspection.

use saoma_domain::{
    services::{InspectedKind, InspectedToken, IssuedTokens, OpenIdService, SigningError},
    signing::TokenKind,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{OpenIdProvider, claims::secs, id_token};

/// Tokens for a client.
#[derive(Serialize, ToSchema)]
pub(crate) struct OidcTokenBody {
    /// By what the client reads.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// How many seconds the access token is good.
    expires_in: u64,
    /// By what the client gets new tokens; only with `offline_access`.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// Who has logged in, signed.
    id_token: String,
    /// What was granted.
    scope: String,
}

impl OpenIdProvider {
    /// Writes the answer of the token endpoint.
    ///
    /// # Errors
    /// [`SigningError`].
    pub(crate) async fn token_body(&self, issued: &IssuedTokens) -> Result<OidcTokenBody, SigningError> {
        let client = self.clients.of(&issued.holder.grant.client);
        let algorithm = client.map_or(saoma_domain::signing::SigningAlgorithm::Rs256, |it| it.algorithm);
        let claims = id_token(&self.issuer, issued).to_string();
        Ok(OidcTokenBody {
            access_token: issued.access_token.reveal().to_string(),
            token_type: "Bearer",
            expires_in: OpenIdService::ACCESS_TOKEN_LIVES.as_secs(),
            refresh_token: issued.refresh_token.as_ref().map(|token| token.reveal().to_string()),
            id_token: self.signing.sign(algorithm, TokenKind::Identity, &claims).await?,
            scope: issued.scopes.to_string(),
        })
    }
}

/// What a token is (RFC 7662).
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct IntrospectionBody {
    /// Whether it is good, and the client's own.
    active: bool,
    /// What it is good for.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    /// The client.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    /// `Bearer` for an access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    /// When it expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    /// The account.
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    /// The session.
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
}

impl IntrospectionBody {
    /// Says what a token is; nothing of one that is not good.
    pub(crate) fn of(issuer: &str, found: Option<&InspectedToken>) -> Self {
        let Some(found) = found else { return Self::default() };
        Self {
            active: true,
            scope: Some(found.scopes.to_string()),
            client_id: Some(found.holder.grant.client.to_string()),
            token_type: match found.kind {
                InspectedKind::Access => Some("Bearer"),
                InspectedKind::Refresh => None,
            },
            exp: Some(secs(found.expires_at)),
            sub: Some(found.holder.account.id.to_string()),
            iss: Some(issuer.to_owned()),
            sid: Some(found.holder.session.id.to_string()),
        }
    }
}
