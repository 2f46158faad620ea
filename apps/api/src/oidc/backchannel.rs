//! Telling clients that a session is over (OpenID Connect Back-Channel Logout), by the outbox: at least once, for a day.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use saoma_domain::{
    event::{Event, EventId, EventKind, EventKinds, ReceiverName},
    oidc::ClientId,
    ports::{Clock, EventError, Events},
    services::SigningService,
    signing::{SigningAlgorithm, TokenKind},
};
use saoma_relay::LogoutSender;
use serde_json::json;

use super::claims::secs;
use crate::config::Config;

const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// How long a logout token is valid.
const LIVES: Duration = Duration::from_secs(120);

/// Tells one client.
struct Backchannel {
    client: ClientId,
    algorithm: SigningAlgorithm,
    issuer: String,
    sender: LogoutSender,
    signing: Arc<SigningService>,
    clock: Arc<dyn Clock>,
}

/// Returns those clients that want to hear of logouts, with what tells them.
pub(crate) fn receivers(
    config: &Config,
    signing: &Arc<SigningService>,
    clock: &Arc<dyn Clock>,
) -> Vec<(ReceiverName, Arc<dyn Events>)> {
    let mut receivers: Vec<(ReceiverName, Arc<dyn Events>)> = Vec::new();
    for client in &config.oidc {
        let Some(url) = client.backchannel_logout_uri.clone() else { continue };
        let id = client.client.id.clone();
        match LogoutSender::new(url) {
            Ok(sender) => {
                let (algorithm, issuer) = (client.algorithm, config.issuer());
                let (signing, clock, name) = (signing.clone(), clock.clone(), ReceiverName::of_client(&id));
                let ear = Backchannel { client: id, algorithm, issuer, sender, signing, clock };
                receivers.push((name, Arc::new(ear)));
            }
            Err(error) => tracing::error!(%error, "{id} is not told of logouts: {error}"),
        }
    }
    receivers
}

#[async_trait]
impl Events for Backchannel {
    fn kinds(&self) -> EventKinds {
        EventKinds::NONE.with(EventKind::OidcLogout)
    }

    fn address(&self) -> String {
        self.sender.address()
    }

    async fn hear(&self, id: EventId, event: &Event) -> Result<(), EventError> {
        let (Some(account), Some(session)) = (event.account, event.session) else { return Ok(()) };
        let now = self.clock.now();
        let claims = json!({
            "iss": self.issuer,
            "aud": self.client.as_str(),
            "iat": secs(now),
            "exp": secs(now.plus(LIVES)),
            // The same when it is told again.
            "jti": format!("{}-{id}", session),
            "sub": account.to_string(),
            "sid": session.to_string(),
            "events": { LOGOUT_EVENT: {} },
        });
        let signed = self.signing.sign(self.algorithm, TokenKind::Logout, &claims.to_string()).await;
        let token = signed.map_err(|error| EventError::passing(error.to_string()))?;
        self.sender.send(&token).await.map_err(EventError::passing)
    }
}
