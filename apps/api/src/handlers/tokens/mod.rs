//! Signed tokens: what verifies them.

pub(super) mod jwks;

use actix_web::web::ServiceConfig;

use super::Endpoint;

pub(super) fn register(config: &mut ServiceConfig) {
    config.service(Endpoint::at("/oauth2/jwks").get(jwks::jwks).done());
}
