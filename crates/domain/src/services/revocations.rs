//! Taking the news that a person took back in WeChat what they allowed an app to know.

use std::{sync::Arc, time::Duration};

use super::{ServiceError, session_invalidation::SessionInvalidation};
use crate::{
    ports::{Accounts, Clock, Revocation},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

/// WeChat tells the second of an event: a link that was made in the same second counts as older.
const REST_OF_SECOND: Duration = Duration::from_millis(999);

/// Takes the news that persons revoked an authorization, or that WeChat knows them by another profile.
pub struct RevocationService {
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) clock: Arc<dyn Clock>,
}

impl RevocationService {
    /// Forgets what an app was told of a person at `at`. Unless only the profile changed, their identity leaves its
    /// account, and the sessions that came from it end. A repetition changes nothing more.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be committed; WeChat then has to send it again.
    pub async fn take(
        &self,
        app: AppName,
        openid: OpenId,
        profile_only: bool,
        at: Timestamp,
    ) -> Result<(), ServiceError> {
        // WeChat's clock may go before ours: a moment in the future counts as now.
        let at = at.plus(REST_OF_SECOND).min(self.clock.now());
        let revoked =
            self.accounts.revoke_authorization(Revocation { app, openid, profile_only, at }).await?;
        let Some(revoked) = revoked else { return Ok(()) };
        self.invalidation.invalidate(&revoked.ended).await;
        if let Some(account) = revoked.account {
            // The sessions that stay show the profile.
            self.invalidation.account_changed(account).await;
        }
        Ok(())
    }
}
