//! The parts that many others are made of.

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use saoma_domain::{
    ports::{Clock, Random},
    services::Ports,
};

use super::shared;
use crate::{
    auth::Cookies,
    config::Config,
    login_watch::LoginWatch,
    node::{MeasureSources, Metrics, Shutdown, Slots},
    pages::{LoginPage, ReturnAddresses},
    wechat_apps::WechatApps,
};

/// The parts that many others are made of.
pub(super) struct CommonParts {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) apps: Arc<WechatApps>,
    pub(super) cookies: Arc<Cookies>,
    pub(super) return_addresses: Arc<ReturnAddresses>,
    pub(super) login_page: Arc<LoginPage>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) watch: Arc<LoginWatch>,
    pub(super) slots: Slots,
    pub(super) shutdown: Shutdown,
}

impl CommonParts {
    pub(super) fn new(config: &Config, ports: &Ports, sources: MeasureSources) -> Self {
        let metrics = Arc::new(Metrics::new(sources));
        let (cache, clock) = (ports.login_cache.clone(), ports.clock.clone());
        Self {
            watch: Arc::new(LoginWatch::new(config, cache, metrics.clone(), clock)),
            clock: Arc::clone(&ports.clock),
            random: Arc::clone(&ports.random),
            apps: Arc::new(WechatApps::new(config)),
            cookies: Arc::new(Cookies::new(config)),
            return_addresses: Arc::new(ReturnAddresses::new(config)),
            login_page: Arc::new(LoginPage::new(config.login_page())),
            metrics,
            slots: Slots::new(config.waits),
            shutdown: Shutdown::new(),
        }
    }

    pub(super) fn register(&self, config: &mut ServiceConfig) {
        config
            .app_data(shared(&self.clock))
            .app_data(shared(&self.cookies))
            .app_data(shared(&self.metrics))
            .app_data(shared(&self.watch))
            .app_data(actix_web::web::Data::new(self.slots.clone()));
    }
}
