//! Taking the news that somebody does not follow an official account any more.

use super::{FlowError, Flows, OnUnsubscribe};
use crate::{
    ports::Subscription,
    wechat::{AppName, OpenId},
};

impl Flows {
    /// Marks the person's identity, if there is one, and ends the sessions of its account where the policy says
    /// so. The same news twice changes nothing more.
    ///
    /// # Errors
    /// [`FlowError::Store`] when it is not known to be committed; WeChat then has to send it again.
    pub async fn take_unsubscribe(&self, app: AppName, openid: OpenId) -> Result<(), FlowError> {
        let news = Subscription { app, openid, subscribed: false, at: self.now() };
        let account = self.ports.accounts.note_subscription(news).await?;
        let Some(account) = account else { return Ok(()) };
        match self.policy.on_unsubscribe {
            OnUnsubscribe::EndSessions => self.end_all_of(account).await?,
            OnUnsubscribe::Keep => self.account_changed(account).await,
        }
        Ok(())
    }
}
