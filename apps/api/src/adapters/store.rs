//! The adapters of what may vanish: in this process, or in a Redis that nodes share.

use std::sync::Arc;

use saoma_domain::{
    keys::KeyRing,
    ports::{
        AccessTokens, Clock, Health, Limits, LoginCache, LoginNotifier, MessageCodes, Pruning, Random,
        SessionCache, SessionKeys, SmsCodes,
    },
};
#[cfg(feature = "redis")]
use saoma_memory::{CopiedSessionCache, FallbackLoginCache, GuardedSmsCodes, LoginCopies, SessionCopies};
use saoma_memory::{
    LoginCacheCapacity, MemoryLimits, MemoryLoginCache, MemoryMessageCodes, MemorySessionCache,
    MemorySessionKeys, MemorySmsCodes,
};
#[cfg(feature = "redis")]
use saoma_redis::{RedisOptions, RedisStore};
use secrecy::ExposeSecret;

use super::ConnectError;
use crate::config::StoreConfig;

/// The adapters of what may vanish.
pub(crate) struct StoreAdapters {
    pub(super) login_cache: Arc<dyn LoginCache>,
    pub(super) notifier: Arc<dyn LoginNotifier>,
    pub(super) message_codes: Arc<dyn MessageCodes>,
    pub(super) limits: Arc<dyn Limits>,
    pub(super) sms_codes: Arc<dyn SmsCodes>,
    pub(super) session_keys: Arc<dyn SessionKeys>,
    pub(super) session_cache: Arc<dyn SessionCache>,
    /// Where nodes share WeChat's access tokens; `None` for a single node, which keeps its own.
    pub(super) access_tokens: Option<Arc<dyn AccessTokens>>,
    pub(crate) health: Arc<dyn Health>,
    /// Where it is a Redis.
    #[cfg(feature = "redis")]
    pub(crate) redis: Option<Arc<RedisStore>>,
    pub(super) pruning: Vec<Arc<dyn Pruning>>,
}

impl StoreAdapters {
    /// Connects what the configuration asks for; `keys` seal what lies in Redis.
    pub(crate) async fn connect(
        config: &StoreConfig,
        keys: &KeyRing,
        clock: &Arc<dyn Clock>,
        random: &Arc<dyn Random>,
    ) -> Result<Self, ConnectError> {
        let own = Arc::new(MemoryLoginCache::new(Arc::clone(clock), LoginCacheCapacity::default()));
        if config.url.expose_secret() == "memory://" {
            return Ok(Self::in_process(own, clock));
        }
        #[cfg(feature = "redis")]
        return Self::in_redis(config, keys, own, clock, random).await;
        #[cfg(not(feature = "redis"))]
        {
            let _ = (keys, random, &config.key_prefix);
            Err(ConnectError::NoRedis)
        }
    }

    #[cfg(feature = "redis")]
    async fn in_redis(
        config: &StoreConfig,
        keys: &KeyRing,
        own: Arc<MemoryLoginCache>,
        clock: &Arc<dyn Clock>,
        random: &Arc<dyn Random>,
    ) -> Result<Self, ConnectError> {
        let subscribers = Arc::new(own.subscribers().clone());
        let copies = Arc::new(LoginCopies::new(Arc::clone(clock), own.subscribers().clone()));
        let session_copies = SessionCopies::new(Arc::clone(clock), SessionCopies::DEFAULT_CAPACITY);
        let session_copies = Arc::new(session_copies);
        let mut options =
            RedisOptions::new(keys.clone(), Arc::clone(random), Arc::clone(clock), copies.clone());
        options.key_prefix.clone_from(&config.key_prefix);
        options.session_copies = Some(session_copies.clone());
        let redis = RedisStore::connect(&config.url, options).await?;
        let login_cache = FallbackLoginCache::new(redis.clone(), Arc::clone(&own), copies.clone());
        let session_cache = CopiedSessionCache::new(redis.clone(), session_copies.clone());
        let sms_codes = Arc::new(GuardedSmsCodes::new(redis.clone()));
        let redis = Arc::new(redis);
        Ok(Self {
            login_cache: Arc::new(login_cache),
            notifier: subscribers,
            message_codes: redis.clone(),
            limits: redis.clone(),
            sms_codes,
            session_keys: redis.clone(),
            session_cache: Arc::new(session_cache),
            access_tokens: Some(redis.clone()),
            health: redis.clone(),
            redis: Some(redis),
            pruning: vec![own, copies, session_copies],
        })
    }

    fn in_process(login_cache: Arc<MemoryLoginCache>, clock: &Arc<dyn Clock>) -> Self {
        let limits = Arc::new(MemoryLimits::new(MemoryLimits::DEFAULT_CAPACITY));
        let codes = MemoryMessageCodes::new(Arc::clone(clock), MemoryMessageCodes::DEFAULT_CAPACITY);
        let message_codes = Arc::new(codes);
        let sms_codes = MemorySmsCodes::new(Arc::clone(clock), MemorySmsCodes::DEFAULT_CAPACITY);
        let sms_codes = Arc::new(sms_codes);
        let session_keys = MemorySessionKeys::new(Arc::clone(clock), MemorySessionKeys::DEFAULT_CAPACITY);
        let session_keys = Arc::new(session_keys);
        let (sessions, alone) = (MemorySessionCache::DEFAULT_CAPACITY, MemorySessionCache::ALONE);
        let session_cache = Arc::new(MemorySessionCache::new(Arc::clone(clock), sessions, alone));
        Self {
            login_cache: login_cache.clone(),
            notifier: login_cache.clone(),
            message_codes: message_codes.clone(),
            limits: limits.clone(),
            sms_codes: sms_codes.clone(),
            session_keys: session_keys.clone(),
            session_cache: session_cache.clone(),
            access_tokens: None,
            health: login_cache.clone(),
            #[cfg(feature = "redis")]
            redis: None,
            pruning: vec![login_cache, message_codes, limits, sms_codes, session_keys, session_cache],
        }
    }
}
