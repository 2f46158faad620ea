//! The codes that people send to official accounts as messages, each of a login that waits.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    login::{LoginScene, MessageCode},
    time::Timestamp,
    wechat::AppName,
};

/// Keeps whose the codes are that people send to official accounts. A code may be lost at any moment: it finds nothing then, and
/// its client shows another one.
///
/// An implementation MUST be bounded. What it keeps outside of the process MUST NOT be believed unless it shows that this service
/// put it there, for this very app and code.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait MessageCodes: Send + Sync {
    /// Claims a code of an app for a login until `until`, and returns whether it was free.
    ///
    /// MUST be atomic: of any number of callers who claim a code at once it is claimed for one. A code is
    /// free again when its time is over.
    ///
    /// # Errors
    /// [`StoreError`] when the code is not known to be claimed.
    async fn claim(
        &self,
        app: &AppName,
        code: &MessageCode,
        login: &LoginScene,
        until: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Returns the login that a code of an app was claimed for, unless its time is over at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read.
    async fn find(
        &self,
        app: &AppName,
        code: &MessageCode,
        now: Timestamp,
    ) -> Result<Option<LoginScene>, StoreError>;
}
