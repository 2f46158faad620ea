//! What all handlers share.

use std::{collections::BTreeMap, sync::Arc};

use saoma_domain::{
    flows::Flows,
    ports::{Health, Pruning, Random, random_bytes},
    wechat::AppName,
};
use saoma_wechat::callback::{CallbackCodec, CallbackConfig};

use crate::{
    Adapters,
    config::{AppConfig, AppKind, Config, ConfigError, Problem},
    http::{cookies::Cookies, waits::Waits},
    metrics::Metrics,
    shutdown::Shutdown,
};

/// An official account that WeChat may call.
pub(crate) struct CallbackApp {
    pub(crate) config: AppConfig,
    pub(crate) codec: CallbackCodec,
}

/// What all handlers share.
pub(crate) struct State {
    pub(crate) config: Config,
    pub(crate) flows: Flows,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) callbacks: BTreeMap<AppName, CallbackApp>,
    pub(crate) cookies: Cookies,
    pub(crate) waits: Waits,
    pub(crate) metrics: Metrics,
    pub(crate) database: Arc<dyn Health>,
    pub(crate) store: Arc<dyn Health>,
    pub(crate) pruning: Vec<Arc<dyn Pruning>>,
    pub(crate) shutdown: Shutdown,
}

impl State {
    pub(crate) fn new(config: Config, adapters: Adapters) -> Result<Self, ConfigError> {
        let callbacks = callbacks(&config)?;
        let random = Arc::clone(&adapters.ports.random);
        let flows = Flows::new(adapters.ports, config.server.keys.clone(), config.policy());
        Ok(Self {
            cookies: Cookies::new(&config),
            waits: Waits::new(config.waits),
            metrics: Metrics::new(),
            database: adapters.database,
            store: adapters.store,
            pruning: adapters.pruning,
            shutdown: Shutdown::new(),
            config,
            flows,
            random,
            callbacks,
        })
    }

    /// Returns the official account of this name, or the first one.
    pub(crate) fn official_account(&self, name: Option<&str>) -> Option<&AppConfig> {
        let mut accounts = self.config.wechat.apps.iter().filter(|app| app.kind == AppKind::OfficialAccount);
        match name {
            Some(name) => accounts.find(|app| app.name.as_str() == name),
            None => accounts.next(),
        }
    }

    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        random_bytes(&*self.random)
    }
}

fn callbacks(config: &Config) -> Result<BTreeMap<AppName, CallbackApp>, ConfigError> {
    let mut callbacks = BTreeMap::new();
    for app in &config.wechat.apps {
        let Some(secrets) = &app.callback else { continue };
        let codec = CallbackCodec::new(&CallbackConfig {
            app_id: app.app_id.clone(),
            token: secrets.token.clone(),
            encoding_aes_key: secrets.encoding_aes_key.clone(),
            previous_encoding_aes_key: None,
            mode: secrets.mode,
        });
        let codec = codec.map_err(|error| ConfigError {
            source: "wechat.apps".to_owned(),
            problems: vec![Problem::new(format!("wechat.apps.{}", app.name), error.to_string())],
        })?;
        callbacks.insert(app.name.clone(), CallbackApp { config: app.clone(), codec });
    }
    Ok(callbacks)
}
