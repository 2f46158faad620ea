//! Tries every part that a configuration names.

use std::sync::Arc;

use saoma_db::Database;
use saoma_domain::ports::{Clock, Health, Random};
use secrecy::ExposeSecret;

use crate::{OsRandom, SystemClock, adapters, config::Config};

/// What came of trying one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The key of the configuration that names the part.
    pub key: String,
    /// What is fine about it, or what is wrong with it.
    pub outcome: Result<String, String>,
}

/// Tries the database and WeChat as they are configured. Changes nothing, but that a SQLite file is made where
/// there is none.
pub async fn check(config: &Config) -> Vec<Finding> {
    let mut findings = vec![Finding { key: "database.url".to_owned(), outcome: database(config).await }];
    findings.extend(wechat(config).await);
    findings
}

async fn database(config: &Config) -> Result<String, String> {
    let database =
        Database::connect(config.database.url.expose_secret()).await.map_err(|error| error.to_string())?;
    database.ping().await.map_err(|error| error.to_string())?;
    match database.migrations_pending().await.map_err(|error| error.to_string())?.len() {
        0 => Ok("it answers, and its tables are up to date".to_owned()),
        pending => Ok(format!("it answers; {pending} changes of its tables will be made at the start")),
    }
}

async fn wechat(config: &Config) -> Vec<Finding> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(OsRandom::default());
    let client = match adapters::wechat(&config.wechat, &clock, &random) {
        Ok(client) => client,
        Err(error) => return vec![Finding { key: "wechat".to_owned(), outcome: Err(error.to_string()) }],
    };
    let mut findings = Vec::new();
    for app in config.wechat.official_accounts() {
        let outcome = match client.probe(&app.name).await {
            Ok(()) => Ok("WeChat takes its app id and secret".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        findings.push(Finding { key: format!("wechat.apps.{}", app.name), outcome });
    }
    if findings.is_empty() {
        let outcome = Err("no official account is configured, so nobody can log in".to_owned());
        findings.push(Finding { key: "wechat.apps".to_owned(), outcome });
    }
    findings
}
