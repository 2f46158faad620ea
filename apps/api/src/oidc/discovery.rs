//! What the provider can do (OpenID Connect Discovery).

use saoma_domain::{oidc::Scope, session::AuthMethods, signing::SigningAlgorithm};
use serde_json::{Value, json};

use super::claims::CLAIMS;

/// Returns the provider's metadata.
pub(crate) fn metadata(issuer: &str) -> Value {
    let at = |path: &str| format!("{issuer}{path}");
    // RS256 first: clients that take the first one mostly know no other.
    let [es256, rs256] = SigningAlgorithm::ALL.map(SigningAlgorithm::name);
    let proofs = json!(["client_secret_basic", "client_secret_post", "none"]);
    let secrets = json!(["client_secret_basic", "client_secret_post"]);
    json!({
        "issuer": issuer,
        "authorization_endpoint": at("/oauth2/authorize"),
        "token_endpoint": at("/oauth2/token"),
        "userinfo_endpoint": at("/oauth2/userinfo"),
        "jwks_uri": at("/oauth2/jwks"),
        "revocation_endpoint": at("/oauth2/revoke"),
        "introspection_endpoint": at("/oauth2/introspect"),
        "end_session_endpoint": at("/oauth2/logout"),
        "scopes_supported": Scope::ALL.map(Scope::as_str),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [rs256, es256],
        "token_endpoint_auth_methods_supported": proofs,
        "revocation_endpoint_auth_methods_supported": proofs,
        "introspection_endpoint_auth_methods_supported": secrets,
        "code_challenge_methods_supported": ["S256"],
        "claim_types_supported": ["normal"],
        "claims_supported": CLAIMS,
        "acr_values_supported": AuthMethods::ACR,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "ui_locales_supported": ["zh-CN", "en"],
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "require_request_uri_registration": false,
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    })
}
