//! What signs tokens.

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use saoma_domain::{
    ports::SigningKeys,
    services::{KeyLives, SigningService},
};
use saoma_jwt::JwtSigner;

use super::{common::CommonParts, shared};
use crate::{config::Config, tokens::SessionTokens};

/// The parts that sign tokens.
pub(super) struct SigningParts {
    pub(super) signing: Arc<SigningService>,
    pub(super) tokens: Arc<SessionTokens>,
}

impl SigningParts {
    /// Makes what signs tokens, with the keys of the configuration and those that the nodes share.
    pub(super) fn new(config: &Config, common: &CommonParts, signing_keys: Arc<dyn SigningKeys>) -> Self {
        let (random, clock) = (common.random.clone(), common.clock.clone());
        let signer = JwtSigner::new(config.signing.keys.clone(), random.clone());
        let signing = Arc::new(SigningService::new(
            signing_keys,
            Arc::new(signer),
            config.server.keys.clone(),
            (random.clone(), clock.clone()),
            config.signing_algorithms(),
            KeyLives { signs_for: config.signing.rotate, tokens_shown_for: config.session.absolute },
        ));
        let tokens = SessionTokens {
            signing: signing.clone(),
            clock,
            random,
            policy: config.session,
            issuer: config.issuer(),
            audiences: config.tokens.clone(),
        };
        Self { signing, tokens: Arc::new(tokens) }
    }

    pub(super) fn register(&self, config: &mut ServiceConfig) {
        config.app_data(shared(&self.signing)).app_data(shared(&self.tokens));
    }
}
