//! Connects the adapters that a configuration asks for.

use std::sync::Arc;

use saoma_domain::{
    ports::{
        AccessTokens, Clock, Health, Limits, LoginCache, LoginNotifier, Pruning, Random, SessionCache,
        SessionKeys, SmsCodes, SmsSender, StoreError,
    },
    services::Ports,
};
use saoma_memory::{
    FallbackLoginCache, LoginCacheCapacity, MemoryLimits, MemoryLoginCache, MemorySessionKeys,
    MemorySmsCodes, NoSessionCache,
};
use saoma_redis::{RedisOptions, RedisStore};
use saoma_sms::{LogSender, WebhookConfig, WebhookError, WebhookSender};
use saoma_wechat::client::{
    InWechatScope, SharedTokens, WechatApp, WechatAppKind, WechatClient, WechatClientError, WechatEndpoints,
};
use secrecy::ExposeSecret;

use crate::{
    OsRandom, SystemClock, TokioBackground,
    config::{AppConfig, AppKind, Config, OAuthScope, SmsConfig, SmsProvider, StoreConfig, WechatConfig},
};

/// Everything that the service works with; each part can be swapped for another implementation of its port.
#[derive(Clone)]
pub struct Adapters {
    /// What the services use.
    pub ports: Ports,
    /// Whether the database answers.
    pub database: Arc<dyn Health>,
    /// Whether the store answers.
    pub store: Arc<dyn Health>,
    /// Whatever has to be relieved of what is over, now and then.
    pub pruning: Vec<Arc<dyn Pruning>>,
}

/// Why an adapter could not be connected.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Redis.
    #[error("store.url: {0}")]
    Store(#[from] saoma_redis::ConnectError),
    /// The database.
    #[error("database.url: {0}")]
    Database(#[from] saoma_db::ConnectError),
    /// Bringing the database's tables up to date.
    #[error("database.url: the tables could not be brought up to date: {0}")]
    Migration(#[from] StoreError),
    /// The client for WeChat.
    #[error("wechat: {0}")]
    Wechat(#[from] WechatClientError),
    /// The SMS webhook.
    #[error("sms.url: {0}")]
    Sms(#[from] WebhookError),
}

impl Adapters {
    /// Connects what the configuration asks for, and brings the database's tables up to date.
    ///
    /// # Errors
    /// [`ConnectError`] naming the key.
    pub async fn connect(config: &Config) -> Result<Self, ConnectError> {
        let database = saoma_db::connect(config.database.url.expose_secret()).await?;
        database.migrate().await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let random: Arc<dyn Random> = Arc::new(OsRandom::default());
        let store = Store::connect(&config.store, &clock).await?;
        let shared = store.access_tokens.map(|tokens| {
            SharedTokens::new(tokens, config.server.keys.clone(), Arc::clone(&random), Arc::clone(&clock))
        });
        let wechat = Arc::new(wechat(&config.wechat, &clock, &random, shared.as_ref())?);
        let sms_sender = sms(&config.sms, &clock)?;
        let ports = Ports {
            login_cache: store.login_cache,
            notifier: store.notifier,
            limits: store.limits,
            sms_codes: store.sms_codes,
            sms_sender,
            clock,
            random,
            background: Arc::new(TokioBackground),
            logins: database.clone(),
            accounts: database.clone(),
            sessions: database.clone(),
            one_time_codes: database.clone(),
            session_cache: store.session_cache,
            session_keys: store.session_keys,
            official_account: wechat.clone(),
            oauth: wechat.clone(),
            mini_program: wechat,
        };
        let mut pruning = store.pruning;
        pruning.push(database.clone());
        Ok(Self { ports, database, store: store.health, pruning })
    }
}

/// What may vanish: in this process, or in a Redis that nodes share.
pub(crate) struct Store {
    login_cache: Arc<dyn LoginCache>,
    notifier: Arc<dyn LoginNotifier>,
    limits: Arc<dyn Limits>,
    sms_codes: Arc<dyn SmsCodes>,
    session_keys: Arc<dyn SessionKeys>,
    session_cache: Arc<dyn SessionCache>,
    /// None in this process, which keeps the tokens that it got anyway.
    access_tokens: Option<Arc<dyn AccessTokens>>,
    pub(crate) health: Arc<dyn Health>,
    pruning: Vec<Arc<dyn Pruning>>,
}

impl Store {
    pub(crate) async fn connect(config: &StoreConfig, clock: &Arc<dyn Clock>) -> Result<Self, ConnectError> {
        let own = Arc::new(MemoryLoginCache::new(Arc::clone(clock), LoginCacheCapacity::default()));
        if config.url.expose_secret() == "memory://" {
            return Ok(Self::in_process(own, clock));
        }
        let mut options = RedisOptions::new(Arc::clone(clock));
        options.key_prefix.clone_from(&config.key_prefix);
        let redis = RedisStore::connect(&config.url, options).await?;
        let login_cache = Arc::new(FallbackLoginCache::new(redis.clone(), own));
        let redis = Arc::new(redis);
        Ok(Self {
            login_cache: login_cache.clone(),
            notifier: login_cache.clone(),
            limits: redis.clone(),
            sms_codes: redis.clone(),
            session_keys: redis.clone(),
            session_cache: redis.clone(),
            access_tokens: Some(redis.clone()),
            health: redis,
            pruning: vec![login_cache],
        })
    }

    fn in_process(login_cache: Arc<MemoryLoginCache>, clock: &Arc<dyn Clock>) -> Self {
        let limits = Arc::new(MemoryLimits::new(MemoryLimits::DEFAULT_CAPACITY));
        let sms_codes = MemorySmsCodes::new(Arc::clone(clock), MemorySmsCodes::DEFAULT_CAPACITY);
        let sms_codes = Arc::new(sms_codes);
        let session_keys = MemorySessionKeys::new(Arc::clone(clock), MemorySessionKeys::DEFAULT_CAPACITY);
        let session_keys = Arc::new(session_keys);
        Self {
            login_cache: login_cache.clone(),
            notifier: login_cache.clone(),
            limits: limits.clone(),
            sms_codes: sms_codes.clone(),
            session_keys: session_keys.clone(),
            session_cache: Arc::new(NoSessionCache),
            access_tokens: None,
            health: login_cache.clone(),
            pruning: vec![login_cache, limits, sms_codes, session_keys],
        }
    }
}

pub(crate) fn wechat(
    config: &WechatConfig,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
    shared: Option<&SharedTokens>,
) -> Result<WechatClient, WechatClientError> {
    let endpoints = WechatEndpoints {
        api_base: config.api_base.to_string(),
        open_base: config.open_base.to_string(),
        mp_base: config.mp_base.to_string(),
        timeout: config.timeout,
    };
    let apps = config.apps.iter().map(|app| WechatApp {
        name: app.name.clone(),
        kind: kind(app),
        app_id: app.app_id.clone(),
        secret: app.secret.clone(),
    });
    WechatClient::new_sharing(&endpoints, apps.collect(), Arc::clone(clock), Arc::clone(random), shared)
}

fn kind(app: &AppConfig) -> WechatAppKind {
    match app.kind {
        AppKind::OfficialAccount => WechatAppKind::OfficialAccount {
            in_wechat_scope: match app.oauth_scope {
                OAuthScope::Base => InWechatScope::Base,
                OAuthScope::UserInfo => InWechatScope::UserInfo,
            },
        },
        AppKind::Website => WechatAppKind::Website,
        AppKind::MiniProgram => WechatAppKind::MiniProgram,
    }
}

fn sms(config: &SmsConfig, clock: &Arc<dyn Clock>) -> Result<Arc<dyn SmsSender>, WebhookError> {
    Ok(match &config.provider {
        SmsProvider::Log => Arc::new(LogSender),
        SmsProvider::Webhook { url, secret } => {
            let config = WebhookConfig { url: url.clone(), secret: secret.clone() };
            Arc::new(WebhookSender::new(config, Arc::clone(clock))?)
        }
    })
}

/// Brings the database's tables up to date and returns the names of the changes that were made.
///
/// # Errors
/// [`ConnectError`] naming the key.
pub async fn migrate(config: &Config) -> Result<Vec<String>, ConnectError> {
    let database = saoma_db::connect(config.database.url.expose_secret()).await?;
    Ok(database.migrate().await?)
}
