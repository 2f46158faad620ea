//! Reading a login from the database.

use std::sync::Arc;

use super::{ServiceError, login_publisher::EXPIRED_KNOWN_FOR};
use crate::{
    login::{Login, LoginId},
    ports::{Clock, Logins},
};

/// Reads logins from the database.
#[derive(Clone)]
pub(super) struct LoginReader {
    pub(super) logins: Arc<dyn Logins>,
    pub(super) clock: Arc<dyn Clock>,
}

impl LoginReader {
    /// Returns a login as it was last written; its deadline is the reader's to judge. A login without a record was
    /// never scanned.
    ///
    /// # Errors
    /// [`ServiceError::LoginUnknown`] for a login without a record whose deadline is long over,
    /// [`ServiceError::Store`].
    pub(super) async fn read(&self, id: LoginId) -> Result<Login, ServiceError> {
        match self.logins.find(id).await? {
            Some(record) => Ok(record.login),
            None if self.clock.now() < id.deadline().plus(EXPIRED_KNOWN_FOR) => Ok(Login::new(id)),
            None => Err(ServiceError::LoginUnknown),
        }
    }

    /// Returns how a login stands now.
    ///
    /// # Errors
    /// As [`LoginReader::read`].
    pub(super) async fn read_now(&self, id: LoginId) -> Result<Login, ServiceError> {
        let login = self.read(id).await?;
        Ok(login.at(self.clock.now()))
    }
}
