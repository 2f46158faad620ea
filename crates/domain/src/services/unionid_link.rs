//! Linking a person to their account by the unionid that WeChat tells after the scan.

use std::sync::Arc;

use super::{
    Policy, ServiceError, login_publisher::LoginPublisher, session_invalidation::SessionInvalidation,
};
use crate::{
    account::IdentityId,
    login::LoginId,
    ports::{Accounts, Clock, Logins, OfficialAccount, UnionIdLink},
    wechat::{AppName, OpenId},
};

/// A scan by a person whose unionid is not known.
pub(super) struct ScanToLink {
    pub(super) login: LoginId,
    pub(super) identity: IdentityId,
    pub(super) app: AppName,
    pub(super) openid: OpenId,
}

/// Links persons to their accounts by their unionid.
pub(super) struct UnionIdLinking {
    pub(super) official_account: Arc<dyn OfficialAccount>,
    pub(super) logins: Arc<dyn Logins>,
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) publisher: LoginPublisher,
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policy: Arc<Policy>,
}

impl UnionIdLinking {
    /// Asks WeChat for the unionid of an identity, and logs the person in if that leads to an account.
    ///
    /// # Errors
    /// [`ServiceError::Wechat`] or [`ServiceError::Store`].
    pub(super) async fn link(&self, scan: ScanToLink) -> Result<(), ServiceError> {
        let follower = self.official_account.follower(&scan.app, &scan.openid).await?;
        let (at, window) = (self.clock.now(), self.policy.bind_ttl);
        let Some(union) = self.policy.union_id(&scan.app, follower.unionid) else { return Ok(()) };
        let link = UnionIdLink { login: scan.login, identity: scan.identity, union, at, window };
        match self.logins.link(link).await? {
            Some(login) => {
                self.invalidation.account_of_login_changed(&login).await;
                self.publisher.publish(&login).await;
            }
            None => self.identity_changed(scan.identity).await,
        }
        Ok(())
    }

    /// Invalidates the sessions of an identity's account: the link may have bound the identity, although its login
    /// was over, or shown a conflict.
    async fn identity_changed(&self, identity: IdentityId) {
        // Where the identity cannot be read, cached sessions show the account as it was until they expire.
        let Ok(Some(identity)) = self.accounts.identity(identity).await else { return };
        if let Some(account) = identity.account {
            self.invalidation.account_changed(account).await;
        }
    }
}
