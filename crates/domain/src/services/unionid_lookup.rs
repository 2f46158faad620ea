//! Learning a person's unionid before their scan is committed, so that a person whom it leads to an account is logged
//! in at once.

use std::{sync::Arc, time::Duration};

use super::{Policy, ServiceError};
use crate::{
    ports::{Accounts, OfficialAccount},
    wechat::{AppName, OpenId, RawUnionId},
};

/// How long WeChat may take to tell the unionid before the scan is committed without it. WeChat waits 5 s for the
/// answer to its event; the rest of that is for the transaction and the answer's way back.
const ASK_WITHIN: Duration = Duration::from_millis(1500);

/// What is known of a person's unionid before their scan is committed.
pub(super) enum EarlyUnionId {
    /// WeChat told it, now or earlier; `None` where the person has none.
    Told(Option<RawUnionId>),
    /// It makes no difference, or WeChat did not tell it in time.
    Unknown,
}

impl EarlyUnionId {
    /// Returns the unionid, where WeChat told one.
    pub(super) const fn told(&self) -> Option<&RawUnionId> {
        match self {
            Self::Told(unionid) => unionid.as_ref(),
            Self::Unknown => None,
        }
    }
}

/// Looks up unionids before a commit.
pub(super) struct UnionIdLookup {
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) official_account: Arc<dyn OfficialAccount>,
    pub(super) policy: Arc<Policy>,
}

impl UnionIdLookup {
    /// Looks up the unionid of a person whose scan may still be committed for `time_left`.
    ///
    /// WeChat is asked only where its answer may lead to an account: for a person without one, in an app that can be
    /// linked to others. So the scan of a known person costs no call to WeChat.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub(super) async fn find(
        &self,
        app: &AppName,
        openid: &OpenId,
        time_left: Duration,
    ) -> Result<EarlyUnionId, ServiceError> {
        if time_left.is_zero() || !self.policy.links_to_other_apps(app) {
            return Ok(EarlyUnionId::Unknown);
        }
        if let Some(identity) = self.accounts.identity_of(app, openid).await? {
            if identity.account.is_some() {
                return Ok(EarlyUnionId::Unknown);
            }
            let linking_account = self.policy.linking_account(app);
            if let Some(union) = identity.union.filter(|union| Some(&union.open_account) == linking_account) {
                return Ok(EarlyUnionId::Told(Some(union.unionid)));
            }
        }
        // At most half of the time that is left, so that the question never makes a scan late.
        let within = ASK_WITHIN.min(time_left / 2);
        match self.official_account.follower(app, openid, within).await {
            Ok(follower) => Ok(EarlyUnionId::Told(follower.unionid)),
            // WeChat is asked again in the background, and a failure is reported there.
            Err(_) => Ok(EarlyUnionId::Unknown),
        }
    }
}
