//! `/v1/oauth`: to WeChat and back, in the browser.

pub(crate) mod authorize;
pub(crate) mod callback;
pub(crate) mod relay;

use actix_web::web::ServiceConfig;

use super::Endpoint;
use crate::clients::{OAUTH_AUTHORIZE, OAUTH_CALLBACK, OAUTH_RELAY_CALLBACK};

pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(Endpoint::at(OAUTH_AUTHORIZE).get(authorize::authorize).done())
        .service(Endpoint::at(OAUTH_CALLBACK).get(callback::callback).done())
        .service(Endpoint::at("/v1/oauth/relay").get(relay::relay).done())
        .service(Endpoint::at(OAUTH_RELAY_CALLBACK).get(relay::relay_callback).done());
}
