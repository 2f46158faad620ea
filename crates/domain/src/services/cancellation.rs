//! Cancelling a login.

use std::sync::Arc;

use super::{ServiceError, Waiting, login_publisher::LoginPublisher};
use crate::{
    login::{AuthenticatedLogin, LoginEvent, LoginState},
    ports::{Clock, LoginStep, Logins},
};

/// Cancels logins.
pub struct Cancellation {
    pub(super) waiting: Arc<Waiting>,
    pub(super) logins: Arc<dyn Logins>,
    pub(super) publisher: LoginPublisher,
    pub(super) clock: Arc<dyn Clock>,
}

impl Cancellation {
    /// Ends a login that is not registered; one that is over already stays as it is.
    ///
    /// # Errors
    /// [`ServiceError::LoginState`] for a registered login, which is final.
    pub async fn cancel(&self, auth: &AuthenticatedLogin) -> Result<(), ServiceError> {
        let login = self.waiting.look(auth).await?;
        let login = match login.state {
            LoginState::Expired { .. } => return Ok(()),
            LoginState::Loop { .. }
            | LoginState::Scanned { .. }
            | LoginState::Unregistered { .. }
            | LoginState::Registered { .. } => {
                self.logins.end(auth.id(), LoginEvent::Cancelled, self.clock.now()).await?
            }
        };
        if matches!(login.state, LoginState::Expired { .. }) {
            self.publisher.count(login.id, &[LoginStep::Cancelled]).await;
        }
        self.publisher.publish(&login).await;
        match login.state {
            LoginState::Expired { .. } => Ok(()),
            LoginState::Loop { .. }
            | LoginState::Scanned { .. }
            | LoginState::Unregistered { .. }
            | LoginState::Registered { .. } => Err(ServiceError::LoginState(login.state.name())),
        }
    }
}
