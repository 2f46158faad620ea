//! The parts of the OpenID provider.

use std::sync::Arc;

use saoma_domain::services::{Services, SigningService};

use super::{auth::AuthParts, common::CommonParts};
use crate::{
    config::Config,
    oidc::{Clients, Forms, OpenIdProvider, Pages},
};

/// Makes the OpenID provider.
pub(super) fn provider(
    config: &Config,
    common: &CommonParts,
    auth: &AuthParts,
    services: &Services,
    signing: &Arc<SigningService>,
) -> OpenIdProvider {
    OpenIdProvider {
        issuer: config.issuer(),
        mount: config.mount.clone(),
        clients: Clients::new(config.oidc.clone()),
        service: services.openid.clone(),
        sessions: services.sessions.clone(),
        signing: signing.clone(),
        credentials: auth.session_credentials.clone(),
        cookies: common.cookies.clone(),
        login_page: common.login_page.clone(),
        forms: Forms(config.server.keys.clone()),
        pages: Pages::new(),
        clock: common.clock.clone(),
    }
}
