//! Authenticating the client of a login.

use std::sync::Arc;

use super::ServiceError;
use crate::{
    keys::KeyRing,
    login::{AuthenticatedLogin, LoginId},
};

/// Checks the poll tokens of clients.
pub struct LoginAuthenticator {
    pub(super) keys: Arc<KeyRing>,
}

impl LoginAuthenticator {
    /// Checks that a poll token belongs to a login of this service, without a look-up.
    ///
    /// # Errors
    /// [`ServiceError::LoginUnknown`] alike for a foreign id and for a foreign or malformed token.
    pub fn authenticate_login(&self, id: &str, poll_token: &str) -> Result<AuthenticatedLogin, ServiceError> {
        AuthenticatedLogin::verify(id, poll_token, &self.keys).ok_or(ServiceError::LoginUnknown)
    }

    /// Checks that a login that a link names is one of this service, without a look-up. It says nothing of who follows the link.
    ///
    /// # Errors
    /// [`ServiceError::LoginUnknown`].
    pub fn login_of_link(&self, id: &str) -> Result<LoginId, ServiceError> {
        LoginId::verify(id, &self.keys).ok_or(ServiceError::LoginUnknown)
    }
}
