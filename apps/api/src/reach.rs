//! What an embedder reaches of the running service, besides its endpoints.

use std::{net::Ipv4Addr, sync::Arc};

use saoma_domain::{
    services::{ClientSubject, ServiceError, SessionService},
    session::SessionPolicy,
};

use crate::guard::LoggedIn;

/// The sessions of the service.
#[derive(Clone)]
pub struct SessionReach {
    pub(crate) sessions: Arc<SessionService>,
    pub(crate) policy: SessionPolicy,
}

impl SessionReach {
    /// Returns whose session a token is, for calls that do not come by HTTP, such as those of a queue or a `WebSocket`; the
    /// session's idle time begins anew. `None` for a token without a session.
    ///
    /// # Errors
    /// [`ServiceError::AccountDisabled`], [`ServiceError::Store`].
    pub async fn check(&self, token: &str) -> Result<Option<LoggedIn>, ServiceError> {
        // A caller within the process has no address, and limits on made-up tokens are for those who have one.
        let caller = || ClientSubject::new(Ipv4Addr::UNSPECIFIED.into());
        let checked = match self.sessions.verify_token(token, caller).await {
            Ok(token) => self.sessions.check(&token).await,
            Err(error) => Err(error),
        };
        match checked {
            Ok(active) => Ok(Some(LoggedIn::new(active, &self.policy))),
            Err(ServiceError::SessionInvalid | ServiceError::RateLimited { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Ends the session with a token; one that is over or unknown is ended already.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be committed.
    pub async fn end(&self, token: &str) -> Result<(), ServiceError> {
        let caller = || ClientSubject::new(Ipv4Addr::UNSPECIFIED.into());
        match self.sessions.verify_token(token, caller).await {
            Ok(token) => self.sessions.log_out(&token).await,
            Err(ServiceError::SessionInvalid | ServiceError::RateLimited { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
