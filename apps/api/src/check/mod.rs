//! `saoma check`: tries every part that a configuration names, and says what to do where one does not work.

mod address;
mod apps;
mod callback;
mod certificate;
mod finding;
mod oidc;
mod page;
mod places;
mod server;
mod signing;
mod sms;
mod stores;

pub use finding::{Finding, Level, Text};

use crate::config::Config;

/// Tries every part that is configured. Changes nothing, except that a SQLite file is made where there is none, and that WeChat
/// makes one QR code of a minute for each official account.
pub async fn check(config: &Config) -> Vec<Finding> {
    let mut findings = server::look(config);
    findings.extend(page::look(config));
    findings.extend(oidc::look(config));
    findings.extend(signing::look(config));
    findings.extend(stores::look(config).await);
    findings.extend(sms::look(config).await);
    findings.extend(address::look(config).await);
    findings.extend(places::look(config));
    findings.extend(apps::look(config).await);
    findings.extend(callback::look(config).await);
    findings
}
