//! Signed tokens, and what verifies them.

pub(super) mod jwks;
pub(super) mod session_token;

use actix_web::web::ServiceConfig;

use super::Endpoint;

pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(Endpoint::at("/v1/session/token").post(session_token::sign).done())
        .service(Endpoint::at("/oauth2/jwks").get(jwks::jwks).done());
}
