//! The addresses whose codes were refused on a phone: for a while they get no new ones.
//!
//! What lies in the store is a keyed hash of the address. An address may be forgotten early, with the store or the key.

use std::{net::IpAddr, sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{ClientSubject, ServiceError};
use crate::{
    keys::{KeyRing, Purpose},
    login::ClientInfo,
    ports::{Clock, Limit, Limits, Rate},
};

/// How long an address gets no new codes after a person said that they did not mean to log in there.
const REFUSED_FOR: Duration = Duration::from_secs(600);

/// Knows the addresses whose codes were refused.
#[derive(Clone)]
pub(super) struct RefusedAddresses {
    pub(super) limits: Arc<dyn Limits>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keys: Arc<KeyRing>,
}

impl RefusedAddresses {
    /// Refuses the address of a client for a while. Where that cannot be kept, the refusal of the login stands all the same.
    pub(super) async fn note(&self, client: &ClientInfo) {
        let Ok(address) = client.ip.parse::<IpAddr>() else { return };
        let rate = Rate::Window { max: u32::MAX, lasts: REFUSED_FOR };
        let limit = Limit { key: self.key(ClientSubject::new(address)), rate };
        let _ = self.limits.take(&[limit], self.clock.now()).await;
    }

    /// Lets a client pass unless its address is refused at the moment.
    ///
    /// # Errors
    /// [`ServiceError::RateLimited`].
    pub(super) async fn admit(&self, client: ClientSubject) -> Result<(), ServiceError> {
        // A store that cannot tell refuses none: a lost store is not a lost service.
        match self.limits.is_counted(&self.key(client), self.clock.now()).await {
            Ok(true) => Err(ServiceError::RateLimited { retry_after: REFUSED_FOR }),
            Ok(false) | Err(_) => Ok(()),
        }
    }

    fn key(&self, client: ClientSubject) -> String {
        let hash = self.keys.current().derive(Purpose::RefusedAddress, &[client.address().as_bytes()]);
        format!("refused-address:{}", URL_SAFE_NO_PAD.encode(hash))
    }
}
