//! Linking a person to their account by a unionid that became known after the scan was committed.

use std::{sync::Arc, time::Duration};

use super::{
    Policy, ServiceError, login_publisher::LoginPublisher, session_invalidation::SessionInvalidation,
};
use crate::{
    account::IdentityId,
    login::LoginId,
    ports::{Accounts, Clock, Logins, OfficialAccount, UnionIdLink},
    wechat::{AppName, OpenId, RawUnionId},
};

/// How long WeChat may take to tell the unionid in the background: longer than any answer that still comes.
const ASK_WITHIN: Duration = Duration::from_secs(30);

/// A scan that was committed without the person's unionid.
pub(super) struct ScanToLink {
    pub(super) login: LoginId,
    pub(super) identity: IdentityId,
    pub(super) app: AppName,
    pub(super) openid: OpenId,
    /// The unionid, where WeChat told it in the meantime.
    pub(super) unionid: Option<RawUnionId>,
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
    /// Asks WeChat for the unionid where it is not known, and logs the person in if it leads to an account.
    ///
    /// # Errors
    /// [`ServiceError::Wechat`] or [`ServiceError::Store`].
    pub(super) async fn link(&self, scan: ScanToLink) -> Result<(), ServiceError> {
        let ScanToLink { login, identity, app, openid, unionid } = scan;
        let unionid = match unionid {
            Some(unionid) => Some(unionid),
            None => self.official_account.follower(&app, &openid, ASK_WITHIN).await?.unionid,
        };
        let (at, window) = (self.clock.now(), self.policy.bind_ttl);
        let Some(union) = self.policy.union_id(&app, unionid) else { return Ok(()) };
        match self.logins.link(UnionIdLink { login, identity, union, at, window }).await? {
            Some(login) => {
                self.invalidation.account_of_login_changed(&login).await;
                self.publisher.publish(&login).await;
            }
            None => self.identity_changed(identity).await,
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
