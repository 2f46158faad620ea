//! What signs tokens.

use std::sync::Arc;

use saoma_domain::{ports::SigningKeys, services::SigningService};
use saoma_jwt::JwtSigner;

use super::common::CommonParts;
use crate::config::Config;

/// Makes what signs tokens, with the keys of the configuration and those that the nodes share.
pub(super) fn service(
    config: &Config,
    common: &CommonParts,
    signing_keys: Arc<dyn SigningKeys>,
) -> SigningService {
    let signer = JwtSigner::new(config.signing.keys.clone(), common.random.clone());
    SigningService::new(
        signing_keys,
        Arc::new(signer),
        config.server.keys.clone(),
        (common.random.clone(), common.clock.clone()),
        config.signing_algorithms(),
        config.signing.rotate,
    )
}
