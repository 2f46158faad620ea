//! Taking the news that a person follows an official account, or stops.

use std::{sync::Arc, time::Duration};

use super::{OnUnsubscribe, Policy, ServiceError, session_invalidation::SessionInvalidation};
use crate::{
    account::AccountId,
    ports::{Accounts, Clock, FollowChange, Sessions},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

/// WeChat tells the second of an event: a session that was opened in the same second counts as older.
const REST_OF_SECOND: Duration = Duration::from_millis(999);

/// Takes the news that persons follow official accounts, or stop.
pub struct FollowService {
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) sessions: Arc<dyn Sessions>,
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policy: Arc<Policy>,
}

impl FollowService {
    /// Marks the identity of a person who stopped following at `at`, if there is one. Where the policy says so, ends
    /// the sessions that its account had by then. A repetition changes nothing more, and ends no session that was
    /// opened since.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be committed; WeChat then has to send it again.
    pub async fn take_unsubscribe(
        &self,
        app: AppName,
        openid: OpenId,
        at: Timestamp,
    ) -> Result<(), ServiceError> {
        let Some(account) = self.record(app, openid, false, at).await? else { return Ok(()) };
        match self.policy.on_unsubscribe {
            OnUnsubscribe::EndSessions => {
                let now = self.clock.now();
                let until = at.plus(REST_OF_SECOND).min(now);
                let ended = self.sessions.end_until(account, until, now).await?;
                self.invalidation.invalidate(&ended).await;
                // The sessions that stay show the mark.
                self.invalidation.account_changed(account).await;
            }
            OnUnsubscribe::Keep => self.invalidation.account_changed(account).await,
        }
        Ok(())
    }

    /// Takes the mark from the identity of a person who follows again since `at`, unless it is younger; a scan does
    /// the same by itself.
    ///
    /// # Errors
    /// As [`FollowService::take_unsubscribe`].
    pub async fn take_subscribe(
        &self,
        app: AppName,
        openid: OpenId,
        at: Timestamp,
    ) -> Result<(), ServiceError> {
        if let Some(account) = self.record(app, openid, true, at).await? {
            self.invalidation.account_changed(account).await;
        }
        Ok(())
    }

    async fn record(
        &self,
        app: AppName,
        openid: OpenId,
        subscribed: bool,
        at: Timestamp,
    ) -> Result<Option<AccountId>, ServiceError> {
        // WeChat's clock may go before ours: a moment in the future counts as now.
        let change = FollowChange { app, openid, subscribed, at: at.min(self.clock.now()) };
        Ok(self.accounts.record_follow(change).await?)
    }
}
