//! Giving a login up.

use super::{FlowError, Flows};
use crate::login::{AuthenticatedLogin, LoginEvent, LoginState};

impl Flows {
    /// Ends a login that nobody was logged in by; one that is over already stays as it is.
    ///
    /// # Errors
    /// [`FlowError::LoginState`] for a registered login, which is final.
    pub async fn cancel(&self, held: &AuthenticatedLogin) -> Result<(), FlowError> {
        let login = self.look(held).await?;
        let login = match login.state {
            LoginState::Expired { .. } => return Ok(()),
            LoginState::Loop { .. } | LoginState::Unregistered { .. } | LoginState::Registered { .. } => {
                self.ports.logins.end(held.id(), LoginEvent::Cancelled, self.now()).await?
            }
        };
        self.publish(&login).await;
        match login.state {
            LoginState::Expired { .. } => Ok(()),
            LoginState::Loop { .. } | LoginState::Unregistered { .. } | LoginState::Registered { .. } => {
                Err(FlowError::LoginState(login.state.name()))
            }
        }
    }
}
