//! Taking the news that somebody follows an official account, or does not any more.

use std::time::Duration;

use super::{FlowError, Flows, OnUnsubscribe};
use crate::{
    account::AccountId,
    ports::FollowChange,
    time::Timestamp,
    wechat::{AppName, OpenId},
};

/// WeChat tells the second of an event: whatever happened in it counts as before.
const REST_OF_SECOND: Duration = Duration::from_millis(999);

impl Flows {
    /// Marks the identity of somebody who does not follow any more since `at`, if there is one, and ends the
    /// sessions that its account has had since before, where the policy says so. WeChat may send the same news
    /// several times: that changes nothing more, and ends nothing that was opened since.
    ///
    /// # Errors
    /// [`FlowError::Store`] when it is not known to be committed; WeChat then has to send it again.
    pub async fn take_unsubscribe(
        &self,
        app: AppName,
        openid: OpenId,
        at: Timestamp,
    ) -> Result<(), FlowError> {
        let Some(account) = self.note(app, openid, false, at).await? else { return Ok(()) };
        match self.policy.on_unsubscribe {
            OnUnsubscribe::EndSessions => {
                let until = at.plus(REST_OF_SECOND).min(self.now());
                let ended = self.ports.sessions.end_until(account, until, self.now()).await?;
                self.invalidate(&ended).await;
                // Also those that stay show the mark.
                self.account_changed(account).await;
            }
            OnUnsubscribe::Keep => self.account_changed(account).await,
        }
        Ok(())
    }

    /// Takes the mark from the identity of somebody who follows again since `at`, unless it is younger; a scan does
    /// the same by itself.
    ///
    /// # Errors
    /// As [`Flows::take_unsubscribe`].
    pub async fn take_subscribe(&self, app: AppName, openid: OpenId, at: Timestamp) -> Result<(), FlowError> {
        if let Some(account) = self.note(app, openid, true, at).await? {
            self.account_changed(account).await;
        }
        Ok(())
    }

    async fn note(
        &self,
        app: AppName,
        openid: OpenId,
        subscribed: bool,
        at: Timestamp,
    ) -> Result<Option<AccountId>, FlowError> {
        // WeChat's clock may go before ours, and nothing is known of the future.
        let news = FollowChange { app, openid, subscribed, at: at.min(self.now()) };
        Ok(self.ports.accounts.record_follow(news).await?)
    }
}
