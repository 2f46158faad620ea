//! Taking the news that somebody follows an official account, or does not any more.

use super::{FlowError, Flows, OnUnsubscribe};
use crate::{
    account::AccountId,
    ports::Subscription,
    wechat::{AppName, OpenId},
};

impl Flows {
    /// Marks the identity of somebody who does not follow any more, if there is one, and ends the sessions of its
    /// account where the policy says so. The same news twice changes nothing more.
    ///
    /// # Errors
    /// [`FlowError::Store`] when it is not known to be committed; WeChat then has to send it again.
    pub async fn take_unsubscribe(&self, app: AppName, openid: OpenId) -> Result<(), FlowError> {
        let Some(account) = self.note(app, openid, false).await? else { return Ok(()) };
        match self.policy.on_unsubscribe {
            OnUnsubscribe::EndSessions => self.end_all_of(account).await?,
            OnUnsubscribe::Keep => self.account_changed(account).await,
        }
        Ok(())
    }

    /// Takes the mark from the identity of somebody who follows again; a scan does the same by itself.
    ///
    /// # Errors
    /// As [`Flows::take_unsubscribe`].
    pub async fn take_subscribe(&self, app: AppName, openid: OpenId) -> Result<(), FlowError> {
        if let Some(account) = self.note(app, openid, true).await? {
            self.account_changed(account).await;
        }
        Ok(())
    }

    async fn note(
        &self,
        app: AppName,
        openid: OpenId,
        subscribed: bool,
    ) -> Result<Option<AccountId>, FlowError> {
        let news = Subscription { app, openid, subscribed, at: self.now() };
        Ok(self.ports.accounts.note_subscription(news).await?)
    }
}
