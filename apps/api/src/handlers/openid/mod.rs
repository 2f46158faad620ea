//! `/oauth2` and the discovery document: the OpenID provider.

pub(super) mod api_doc;
pub(crate) mod authorize;
pub(crate) mod discovery;
pub(crate) mod introspect;
pub(crate) mod logout;
pub(crate) mod revoke;
pub(crate) mod token;
pub(crate) mod userinfo;

use actix_web::web::ServiceConfig;

use super::Endpoint;

/// Registers the endpoints; without clients there is nothing to provide.
pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(Endpoint::at("/.well-known/openid-configuration").get(discovery::discovery).done())
        .service(
            Endpoint::at("/oauth2/authorize").get(authorize::authorize).post(authorize::authorize).done(),
        )
        .service(Endpoint::at("/oauth2/consent").post(authorize::consent).done())
        .service(Endpoint::at("/oauth2/token").post(token::token).done())
        .service(Endpoint::at("/oauth2/userinfo").get(userinfo::userinfo).post(userinfo::userinfo).done())
        .service(Endpoint::at("/oauth2/revoke").post(revoke::revoke).done())
        .service(Endpoint::at("/oauth2/introspect").post(introspect::introspect).done())
        .service(Endpoint::at("/oauth2/logout").get(logout::logout).post(logout::logout).done());
}
