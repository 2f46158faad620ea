//! The networks that logged in before: part of the day's QR codes is kept for them.
//!
//! What lies in the store is a keyed hash of the network, for as long as it is known. A network may be forgotten early,
//! with the store or the key, and counts as a stranger until its next login.

use std::{net::IpAddr, sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::ClientSubject;
use crate::{
    keys::{KeyRing, Purpose},
    login::ClientInfo,
    ports::{Clock, Limit, Limits, Rate},
};

const KNOWN_FOR: Duration = Duration::from_secs(30 * 24 * 3600);

/// Knows the networks that logged in before.
#[derive(Clone)]
pub(super) struct KnownNetworks {
    pub(super) limits: Arc<dyn Limits>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keys: Arc<KeyRing>,
}

impl KnownNetworks {
    /// Remembers the network of a client that logged in.
    pub(super) async fn note(&self, client: &ClientInfo) {
        let Ok(address) = client.ip.parse::<IpAddr>() else { return };
        let rate = Rate::Window { max: u32::MAX, lasts: KNOWN_FOR };
        let limit = Limit { key: self.key(ClientSubject::new(address)), rate };
        // One that cannot be remembered stays a stranger.
        let _ = self.limits.take(&[limit], self.clock.now()).await;
    }

    /// Returns whether a client's network logged in before.
    pub(super) async fn know(&self, client: ClientSubject) -> bool {
        self.limits.is_counted(&self.key(client), self.clock.now()).await.unwrap_or(false)
    }

    fn key(&self, client: ClientSubject) -> String {
        let hash = self.keys.current().derive(Purpose::KnownNetwork, &[client.network().as_bytes()]);
        format!("known-network:{}", URL_SAFE_NO_PAD.encode(hash))
    }
}
