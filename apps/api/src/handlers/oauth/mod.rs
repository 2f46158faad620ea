//! `/v1/oauth`: to WeChat and back, in the browser.

pub(crate) mod authorize;
pub(crate) mod callback;

use actix_web::web::ServiceConfig;

use super::Endpoint;
use crate::state::State;

const CALLBACK: &str = "/v1/oauth/callback";

pub(super) fn register(config: &mut ServiceConfig) {
    config
        .service(Endpoint::at("/v1/oauth/authorize").get(authorize::authorize).done())
        .service(Endpoint::at(CALLBACK).get(callback::callback).done());
}

/// Returns where WeChat sends the browser back to.
pub(crate) fn redirect_uri(state: &State) -> String {
    state.config.server.public_url.join(CALLBACK).map(String::from).unwrap_or_default()
}
