//! What sends WeChat's codes on to other systems.

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use saoma_domain::{ports::OAuth, services::Services};

use super::{auth::AuthParts, common::CommonParts, shared};
use crate::{
    auth::RelayStates,
    clients::{OAUTH_RELAY_CALLBACK, OAuthRelay},
    config::Config,
    pages::RelayAddresses,
};

/// The parts that send codes on.
pub(super) struct RelayParts {
    addresses: Arc<RelayAddresses>,
    states: Arc<RelayStates>,
    relay: Arc<OAuthRelay>,
}

impl RelayParts {
    pub(super) fn new(
        config: &Config,
        common: &CommonParts,
        auth: &AuthParts,
        services: &Services,
        oauth: Arc<dyn OAuth>,
    ) -> Self {
        let addresses = Arc::new(RelayAddresses::new(config));
        let states = Arc::new(RelayStates {
            authenticator: services.authenticator.clone(),
            cookies: common.cookies.clone(),
            binding: auth.binding.clone(),
            addresses: addresses.clone(),
            clock: common.clock.clone(),
        });
        let path = config.mount.path(OAUTH_RELAY_CALLBACK);
        let relay = OAuthRelay {
            oauth,
            apps: common.apps.clone(),
            states: states.clone(),
            binding: auth.binding.clone(),
            keys: config.server.keys.clone(),
            random: common.random.clone(),
            clock: common.clock.clone(),
            lifetime: config.login.oauth_ttl,
            redirect_uri: config.server.public_url.join(&path).map(String::from).unwrap_or_default(),
        };
        Self { addresses, states, relay: Arc::new(relay) }
    }

    pub(super) fn register(&self, config: &mut ServiceConfig) {
        config.app_data(shared(&self.addresses)).app_data(shared(&self.states)).app_data(shared(&self.relay));
    }
}
