//! Why an adapter could not be connected.

use saoma_domain::ports::StoreError;
use saoma_geo::PlaceFileError;
use saoma_relay::HttpRelayError;
use saoma_sms::ClientError;
use saoma_wechat::client::WechatClientError;

/// Why an adapter could not be connected.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Redis.
    #[cfg(feature = "redis")]
    #[error("store.url: {0}")]
    Store(#[from] saoma_redis::ConnectError),
    /// A store that this build does not know.
    #[error("store.url: this build knows memory:// alone; for Redis it needs the feature `redis`")]
    NoRedis,
    /// The database.
    #[error("database.url: {0}")]
    Database(#[from] saoma_db::ConnectError),
    /// The migrations of the database.
    #[error("database.url: the tables could not be brought up to date: {0}")]
    Migration(#[from] StoreError),
    /// The client for WeChat.
    #[error("wechat: {0}")]
    Wechat(#[from] WechatClientError),
    /// The SMS providers.
    #[error("sms: {0}")]
    Sms(#[from] ClientError),
    /// The webhooks.
    #[error("webhooks: {0}")]
    Webhook(#[source] HttpRelayError),
    /// The gate.
    #[error("gate.url: {0}")]
    Gate(#[source] HttpRelayError),
    /// The files that say where addresses are.
    #[error("geo.file: {0}")]
    Places(#[from] PlaceFileError),
    /// The application says that it sends SMS by itself, and brings no sender.
    #[error("`own_sms_sender` is said, and the environment has no `sms_sender`")]
    SmsSenderMissing,
    /// The systems behind the apps.
    #[error("wechat.apps.relay_url: {0}")]
    Relay(#[from] HttpRelayError),
}
