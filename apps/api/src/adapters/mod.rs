//! Connects the adapters that a configuration asks for.

mod connect_error;
mod environment;
mod listeners;
mod relay;
mod sms;
mod store;
mod wechat;

pub use connect_error::ConnectError;
pub use environment::Environment;
pub(crate) use store::StoreAdapters;
use wechat::warm_up;
pub(crate) use wechat::wechat;

use std::sync::Arc;

use saoma_db::Database;
use saoma_domain::{
    event::ReceiverName,
    ports::{
        AuditTrail, ChatTexts, Events, Funnel, Health, Journal, MessageQueue, NoChatTexts, NoEvents,
        NoOnMessage, NoRelay, NoSteps, OnMessage, Outbox, Pruning, Relay, SigningKeys,
    },
    services::Ports,
};
use saoma_geo::PlaceFiles;
use saoma_wechat::client::SharedTokens;
use secrecy::ExposeSecret;

use crate::config::Config;
use sms::{captcha, sms};

/// Everything that the service works with; each part can be swapped for another implementation of its port.
#[derive(Clone)]
pub struct Adapters {
    /// What the services use.
    pub ports: Ports,
    /// The embedder's own code that hears people in the chat; it goes before the site's own systems.
    pub on_message: Arc<dyn OnMessage>,
    /// What chooses the words of the chat after a scan.
    pub chat_texts: Arc<dyn ChatTexts>,
    /// The site's own systems, which get what WeChat tells about no login.
    pub relay: Arc<dyn Relay>,
    /// The messages that they have not taken yet.
    pub messages: Arc<dyn MessageQueue>,
    /// The events that wait for those who hear them.
    pub outbox: Arc<dyn Outbox>,
    /// How many logins took which step.
    pub funnel: Arc<dyn Funnel>,
    /// The last change of the database's tables that this version knows.
    pub schema: &'static str,
    /// The audit trail.
    pub audit: Arc<dyn AuditTrail>,
    /// What WeChat told.
    pub journal: Arc<dyn Journal>,
    /// The keys for tokens that the nodes made.
    pub signing_keys: Arc<dyn SigningKeys>,
    /// What hears events in this process.
    pub events: Arc<dyn Events>,
    /// The webhooks, which hear events too, by their names.
    pub webhooks: Vec<(ReceiverName, Arc<dyn Events>)>,
    /// Whether the database answers.
    pub database: Arc<dyn Health>,
    /// Whether the store answers.
    pub store: Arc<dyn Health>,
    /// What has to be pruned now and then.
    pub pruning: Vec<Arc<dyn Pruning>>,
}

impl Adapters {
    /// Connects what the configuration asks for, and brings the database's tables up to date.
    ///
    /// # Errors
    /// [`ConnectError`] naming the key.
    pub async fn connect(config: &Config) -> Result<Self, ConnectError> {
        Self::connect_with(config, Environment::default()).await
    }

    /// Stands on ports that are there already, such as those of the fakes, and connects nothing. No system is behind any
    /// app; `database` is the one behind the ports, and the store is in this process.
    pub fn in_process<D>(ports: Ports, database: &Arc<D>) -> Self
    where
        D: MessageQueue + Outbox + AuditTrail + Funnel + Journal + SigningKeys + Pruning + Health + 'static,
    {
        Self {
            ports,
            on_message: Arc::new(NoOnMessage),
            chat_texts: Arc::new(NoChatTexts),
            webhooks: Vec::new(),
            events: Arc::new(NoEvents),
            outbox: database.clone(),
            audit: database.clone(),
            funnel: database.clone(),
            schema: saoma_db::latest_migration(),
            journal: database.clone(),
            signing_keys: database.clone(),
            relay: Arc::new(NoRelay),
            messages: database.clone(),
            database: database.clone(),
            store: database.clone(),
            pruning: vec![database.clone()],
        }
    }

    /// Connects what the configuration asks for and the environment does not bring, and brings the database's tables up to
    /// date.
    ///
    /// # Errors
    /// [`ConnectError`] naming the key.
    pub async fn connect_with(config: &Config, environment: Environment) -> Result<Self, ConnectError> {
        let Environment {
            clock,
            random,
            background,
            database,
            sms_sender,
            places,
            gate,
            events,
            on_message,
            chat_texts,
        } = environment;
        let gate = match gate {
            Some(gate) => gate,
            None => listeners::gate(config)?,
        };
        let places = match places {
            Some(places) => places,
            None => Arc::new(PlaceFiles::open(&config.geo.files)?),
        };
        let database = match database {
            Some(database) => database,
            None => open(config).await?,
        };
        database.migrate().await?;
        let store = StoreAdapters::connect(&config.store, &config.server.keys, &clock, &random).await?;
        let shared = store.access_tokens.map(|tokens| {
            SharedTokens::new(tokens, config.server.keys.clone(), Arc::clone(&random), Arc::clone(&clock))
        });
        let wechat = Arc::new(wechat(&config.wechat, &clock, &random, shared.as_ref())?);
        tokio::spawn(warm_up(Arc::clone(&wechat), config.wechat.clone()));
        let sms_sender = match sms_sender {
            Some(sender) => sender,
            None if config.brings_sms_sender => return Err(ConnectError::SmsSenderMissing),
            None => sms(&config.sms, &clock, &random)?,
        };
        let ports = Ports {
            login_cache: store.login_cache,
            notifier: store.notifier,
            limits: store.limits,
            message_codes: store.message_codes,
            sms_codes: store.sms_codes,
            sms_sender,
            background,
            logins: database.clone(),
            accounts: database.clone(),
            audit: database.clone(),
            people: database.clone(),
            merges: database.clone(),
            app_profiles: database.clone(),
            grants: database.clone(),
            sessions: database.clone(),
            one_time_codes: database.clone(),
            session_cache: store.session_cache,
            session_keys: store.session_keys,
            steps: Arc::new(NoSteps),
            captcha: captcha(config, &clock, &random)?,
            gate,
            places,
            clock,
            random,
            official_account: wechat.clone(),
            app_api: wechat.clone(),
            oauth: wechat.clone(),
            mini_program: wechat,
        };
        let mut pruning = store.pruning;
        pruning.push(database.clone());
        Ok(Self {
            webhooks: listeners::webhooks(config, &ports)?,
            events,
            outbox: database.clone(),
            audit: database.clone(),
            funnel: database.clone(),
            schema: saoma_db::latest_migration(),
            journal: database.clone(),
            signing_keys: database.clone(),
            relay: relay::relay(&config.wechat)?,
            messages: database.clone(),
            ports,
            on_message,
            chat_texts,
            database,
            store: store.health,
            pruning,
        })
    }
}

/// Opens the database that the configuration names.
async fn open(config: &Config) -> Result<Arc<dyn Database>, ConnectError> {
    let url = config.database.url.expose_secret();
    let database = saoma_db::connect(url).await?;
    if let Some(advice) = saoma_db::advice(url).await? {
        tracing::warn!("database.url: {advice}");
    }
    Ok(database)
}

/// Brings the database's tables up to date and returns the names of the changes that were made.
///
/// # Errors
/// [`ConnectError`] naming the key.
pub async fn migrate(config: &Config) -> Result<Vec<String>, ConnectError> {
    let database = saoma_db::connect(config.database.url.expose_secret()).await?;
    Ok(database.migrate().await?)
}

/// Opens the audit trail of a database, which is left as it is.
///
/// # Errors
/// [`ConnectError`] naming the key.
pub async fn open_audit_trail(config: &Config) -> Result<Arc<dyn AuditTrail>, ConnectError> {
    Ok(saoma_db::connect(config.database.url.expose_secret()).await?)
}
