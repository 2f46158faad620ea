//! What all handlers share.

use std::sync::Arc;

use saoma_domain::{
    ports::{Clock, Health, Pruning, Random, random_bytes},
    services::Services,
    time::Timestamp,
};

use crate::{
    Adapters,
    config::{AppConfig, AppKind, Config},
    http::{cookies::Cookies, waits::Waits},
    metrics::Metrics,
    shutdown::Shutdown,
};

/// What all handlers share.
pub(crate) struct State {
    pub(crate) config: Config,
    pub(crate) services: Services,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) cookies: Cookies,
    pub(crate) waits: Waits,
    pub(crate) metrics: Metrics,
    pub(crate) database: Arc<dyn Health>,
    pub(crate) store: Arc<dyn Health>,
    pub(crate) pruning: Vec<Arc<dyn Pruning>>,
    pub(crate) shutdown: Shutdown,
}

impl State {
    pub(crate) fn new(config: Config, adapters: Adapters) -> Self {
        let (clock, random) = (Arc::clone(&adapters.ports.clock), Arc::clone(&adapters.ports.random));
        let services = Services::new(adapters.ports, config.server.keys.clone(), config.policy());
        Self {
            cookies: Cookies::new(&config),
            waits: Waits::new(config.waits),
            metrics: Metrics::new(),
            database: adapters.database,
            store: adapters.store,
            pruning: adapters.pruning,
            shutdown: Shutdown::new(),
            config,
            services,
            clock,
            random,
        }
    }

    /// Returns the app of a kind with this name, or the first one of the kind.
    pub(crate) fn app(&self, kind: AppKind, name: Option<&str>) -> Option<&AppConfig> {
        self.config.wechat.apps_of(kind).find(|app| name.is_none_or(|name| app.name.as_str() == name))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        random_bytes(&*self.random)
    }
}
