//! The store does what every adapter has to do.

use saoma_contract::{Timed, login_cache::NodeAdapters};
use saoma_redis::RedisStore;

use crate::{
    URL,
    support::{RealTime, node_on, timed_node_on, timed_store_on},
};

async fn fresh() -> (Timed<RedisStore, RealTime>, ()) {
    timed_store_on(URL).await
}

async fn fresh_node() -> (Timed<NodeAdapters, RealTime>, ()) {
    timed_node_on(URL).await
}

async fn fresh_health() -> (RedisStore, ()) {
    (node_on(URL).await.clone(), ())
}

saoma_contract::access_tokens_suite!(fresh);
saoma_contract::login_cache_suite!(fresh_node);
saoma_contract::limits_suite!(fresh);
saoma_contract::session_cache_suite!(fresh);
saoma_contract::sms_codes_suite!(fresh);
saoma_contract::session_keys_suite!(fresh);
saoma_contract::message_codes_suite!(fresh);
saoma_contract::health_suite!(fresh_health);
