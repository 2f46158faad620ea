//! Giving the parts to actix-web.

use std::{rc::Rc, sync::Arc};

use actix_web::web::{Data, ServiceConfig};

use super::{AppData, clients::ClientParts};
use crate::{
    middleware::{HotRoutes, RequestIds, ResponseParts, SecurityHeaders},
    node::RouteAnswers,
};

impl AppData {
    /// Gives the parts to the endpoints and the middleware of the public or of the operator's listener.
    pub(crate) fn register(&self, config: &mut ServiceConfig, is_public: bool) {
        let services = &self.services;
        #[cfg(feature = "oidc")]
        config.app_data(shared(&self.openid));
        self.common.register(config);
        self.auth.register(config);
        self.clients.register(config);
        self.signing.register(config);
        self.oauth_relay.register(config);
        config
            .app_data(shared(&services.cancellation))
            .app_data(shared(&services.consents))
            .app_data(shared(&services.phone_binding))
            .app_data(shared(&services.wechat_phone_binding))
            .app_data(shared(&services.sessions))
            .app_data(shared(&services.accounts))
            .app_data(shared(&services.app_access))
            .app_data(shared(&self.telling))
            .app_data(shared(&self.journal))
            .app_data(shared(&self.audit))
            .app_data(shared(&self.funnel))
            .app_data(shared(&self.counters))
            .app_data(shared(&self.status))
            .app_data(shared(&self.replays))
            .app_data(shared(&services.people))
            .app_data(shared(&services.profiles))
            .app_data(shared(&services.site_trail))
            .app_data(shared(&services.open_data))
            .app_data(shared(&services.ready_codes))
            .app_data(shared(&services.sms_watch))
            .app_data(shared(&self.session_reading))
            .app_data(shared(&self.forward_auth))
            .app_data(shared(&self.proxies))
            .app_data(shared(&self.readiness))
            .app_data(Rc::new(self.response_parts(is_public)));
    }

    /// Gives the guards of an embedder's routes what they use.
    pub(crate) fn register_for_guards(&self, config: &mut ServiceConfig) {
        config
            .app_data(shared(&self.guards))
            .app_data(shared(&self.proxies))
            .app_data(RequestIds::new(&*self.common.random));
    }

    /// Makes what the middleware of one worker uses.
    fn response_parts(&self, is_public: bool) -> ResponseParts {
        let hot = || {
            let ClientParts { reading, events, .. } = &self.clients;
            HotRoutes::new(
                reading.clone(),
                self.session_reading.clone(),
                self.forward_auth.clone(),
                events.clone(),
                &self.config,
            )
        };
        ResponseParts {
            metrics: self.common.metrics.clone(),
            login_page: self.common.login_page.clone(),
            mount: self.config.mount.clone(),
            ids: RequestIds::new(&*self.common.random),
            security_headers: SecurityHeaders { is_https: self.config.server.is_https() },
            hot: (is_public && self.config.server.allowed_origins.is_empty()).then(hot),
            unrouted: RouteAnswers::of("none"),
        }
    }
}

/// Returns a part as actix-web takes it.
pub(super) fn shared<T: ?Sized + 'static>(part: &Arc<T>) -> Data<T> {
    Data::from(Arc::clone(part))
}
