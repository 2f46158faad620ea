//! The parts that decide who calls.

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use saoma_domain::services::Services;

use super::{common::CommonParts, shared};
use crate::{
    auth::{AllowedOrigins, BrowserBinding, LoginCredentials, OAuthStates, SessionCredentials},
    config::Config,
};

/// The parts that decide who calls.
pub(super) struct AuthParts {
    pub(super) origins: Arc<AllowedOrigins>,
    pub(super) binding: Arc<BrowserBinding>,
    pub(super) login_credentials: Arc<LoginCredentials>,
    pub(super) session_credentials: Arc<SessionCredentials>,
    pub(super) oauth_states: Arc<OAuthStates>,
}

impl AuthParts {
    pub(super) fn new(config: &Config, common: &CommonParts, services: &Services) -> Self {
        let cookies = &common.cookies;
        let origins = Arc::new(AllowedOrigins::new(&config.server));
        let binding = Arc::new(BrowserBinding {
            cookies: cookies.clone(),
            keys: config.server.keys.clone(),
            random: common.random.clone(),
        });
        let login_credentials = LoginCredentials {
            authenticator: services.authenticator.clone(),
            cookies: cookies.clone(),
            binding: binding.clone(),
            origins: origins.clone(),
        };
        let session_credentials = SessionCredentials {
            sessions: services.sessions.clone(),
            cookies: cookies.clone(),
            origins: origins.clone(),
        };
        let oauth_states = OAuthStates {
            authenticator: services.authenticator.clone(),
            cookies: cookies.clone(),
            binding: binding.clone(),
            apps: common.apps.clone(),
            return_addresses: common.return_addresses.clone(),
        };
        Self {
            origins,
            binding,
            login_credentials: Arc::new(login_credentials),
            session_credentials: Arc::new(session_credentials),
            oauth_states: Arc::new(oauth_states),
        }
    }

    pub(super) fn register(&self, config: &mut ServiceConfig) {
        config
            .app_data(shared(&self.origins))
            .app_data(shared(&self.login_credentials))
            .app_data(shared(&self.session_credentials))
            .app_data(shared(&self.oauth_states));
    }
}
