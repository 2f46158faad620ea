//! Tries every part that a configuration names.

use std::{
    io::ErrorKind,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use saoma_domain::ports::{Clock, Random};
use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use url::Url;

use crate::{
    adapters::{self, StoreAdapters},
    config::{AppKind, Config},
    node::{OsRandom, SystemClock},
};

/// How long connecting to the SMS webhook, or to the system behind an app, may take.
const TIME_LIMIT: Duration = Duration::from_secs(3);

/// The result of trying one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The key of the configuration that names the part.
    pub key: String,
    /// What works, or what is wrong.
    pub outcome: Result<String, String>,
}

/// Tries every part that is configured. Changes nothing, except that a SQLite file is made where there is none.
pub async fn check(config: &Config) -> Vec<Finding> {
    let finding = |key: &str, outcome| Finding { key: key.to_owned(), outcome };
    let mut findings = vec![
        finding("server.listen", address(config.server.listen)),
        finding("server.admin_listen", address(config.server.admin_listen)),
        finding("store.url", store(config).await),
        finding("database.url", database(config).await),
    ];
    for provider in &config.sms.providers {
        if let Some(url) = provider.url() {
            findings.push(finding(&format!("sms.{}", provider.name()), reach(&url).await));
        }
    }
    for app in &config.wechat.apps {
        if let Some(relay) = &app.relay {
            let outcome = relay_target(&relay.url, &config.server.public_url).await;
            findings.push(finding(&format!("wechat.apps.{}.relay_url", app.name), outcome));
        }
    }
    findings.extend(wechat(config).await);
    findings
}

/// Connects to the site's own system without sending anything.
async fn relay_target(url: &Url, ours: &Url) -> Result<String, String> {
    if url.origin() == ours.origin() && url.path().starts_with("/wechat/") {
        return Err("it is this service itself: messages would go in a circle".to_owned());
    }
    reach(url).await
}

fn address(address: SocketAddr) -> Result<String, String> {
    match TcpListener::bind(address) {
        Ok(_) => Ok("it can be listened on".to_owned()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            Ok("it is in use, which is right if this service is running already".to_owned())
        }
        Err(error) => Err(format!("it cannot be listened on: {error}")),
    }
}

async fn store(config: &Config) -> Result<String, String> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(OsRandom::default());
    let store = StoreAdapters::connect(&config.store, &config.server.keys, &clock, &random);
    let store = store.await.map_err(|error| error.to_string())?;
    store.health.ping().await.map_err(|error| error.to_string())?;
    Ok("it answers".to_owned())
}

async fn database(config: &Config) -> Result<String, String> {
    let url = config.database.url.expose_secret();
    let database = saoma_db::connect(url).await.map_err(|error| error.to_string())?;
    let advice = saoma_db::advice(url).await.map_err(|error| error.to_string())?;
    let advice = advice.map_or_else(String::new, |advice| format!("; {advice}"));
    let pending = database.migrations_pending().await.map_err(|error| error.to_string())?.len();
    if pending > 0 {
        return Ok(format!("it answers; {pending} changes of its tables will be made at the start{advice}"));
    }
    database.ping().await.map_err(|error| error.to_string())?;
    Ok(format!("it answers, and its tables are up to date{advice}"))
}

/// Connects without sending anything: a message would go out to a phone, or to a system that answers people.
async fn reach(url: &Url) -> Result<String, String> {
    let address = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443));
    match tokio::time::timeout(TIME_LIMIT, TcpStream::connect(address)).await {
        Ok(Ok(_)) => Ok("it can be reached".to_owned()),
        Ok(Err(error)) => Err(format!("it cannot be reached: {error}")),
        Err(_) => Err("it cannot be reached within 3 s".to_owned()),
    }
}

async fn wechat(config: &Config) -> Vec<Finding> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(OsRandom::default());
    let client = match adapters::wechat(&config.wechat, &clock, &random, None) {
        Ok(client) => client,
        Err(error) => return vec![Finding { key: "wechat".to_owned(), outcome: Err(error.to_string()) }],
    };
    let mut findings = Vec::new();
    for app in &config.wechat.apps {
        let outcome = match app.kind {
            AppKind::OfficialAccount | AppKind::MiniProgram => match client.probe(&app.name).await {
                Ok(()) => Ok("WeChat takes its app id and secret".to_owned()),
                Err(error) => Err(format!("{error} (asked at wechat.api_base)")),
            },
            AppKind::Website => {
                Ok("configured; only a login shows whether WeChat takes its app id and secret".to_owned())
            }
        };
        findings.push(Finding { key: format!("wechat.apps.{}", app.name), outcome });
    }
    if findings.is_empty() {
        let outcome = Err("no app is configured, so no login is possible".to_owned());
        findings.push(Finding { key: "wechat.apps".to_owned(), outcome });
    }
    findings
}
