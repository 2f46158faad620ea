//! The adapters that tell the site's own systems: webhooks, and the gate.

use std::sync::Arc;

use saoma_domain::{
    event::ReceiverName,
    ports::{Events, Gate, OpenGate},
    services::Ports,
};
use saoma_relay::{HttpGate, HttpWebhook};

use super::ConnectError;
use crate::config::Config;

/// Who is told, by name.
type Receivers = Vec<(ReceiverName, Arc<dyn Events>)>;

/// Makes the webhooks.
pub(super) fn webhooks(config: &Config, ports: &Ports) -> Result<Receivers, ConnectError> {
    let mut webhooks = Receivers::new();
    for webhook in &config.webhooks {
        let (accounts, clock) = (ports.accounts.clone(), ports.clock.clone());
        let made =
            HttpWebhook::new(webhook.target.clone(), accounts, clock).map_err(ConnectError::Webhook)?;
        webhooks.push((webhook.name.clone(), Arc::new(made)));
    }
    Ok(webhooks)
}

/// Makes the gate; without one every person is admitted.
pub(super) fn gate(config: &Config) -> Result<Arc<dyn Gate>, ConnectError> {
    Ok(match &config.gate {
        Some(target) => Arc::new(HttpGate::new(target.clone()).map_err(ConnectError::Gate)?),
        None => Arc::new(OpenGate),
    })
}
