//! Telling an account's persons in the chat that an identity came to it by the number alone.

use std::sync::Arc;

use super::{Policy, ServiceError};
use crate::{
    account::AccountId,
    ports::{Accounts, Clock, OfficialAccount},
    wechat::{AppName, OpenId},
};

/// Tells an account's persons in the chat that an identity came to it by the number alone.
pub struct NoticeService {
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) official_account: Arc<dyn OfficialAccount>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policy: Arc<Policy>,
}

impl NoticeService {
    /// Returns what to tell a person who has just written to an official account. It counts as told then.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn take(&self, app: &AppName, openid: &OpenId) -> Result<Option<String>, ServiceError> {
        let Some(text) = self.policy.notices.get(app) else { return Ok(None) };
        let now = self.clock.now();
        let Some(identity) = self.accounts.notice_of(app, openid, now).await? else { return Ok(None) };
        self.accounts.note_told(identity, now).await?;
        Ok(Some(text.clone()))
    }

    /// Sends the notices that wait for an account's persons. WeChat takes a message to those who did something in the
    /// chat in the last 48 hours; the notices of the others wait.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub(super) async fn send(&self, account: AccountId) -> Result<(), ServiceError> {
        let now = self.clock.now();
        for person in self.accounts.notices_of_account(account, now).await? {
            let Some(text) = self.policy.notices.get(&person.app) else { continue };
            // A refusal is logged by the adapter, and the notice waits.
            if self.official_account.send_text(&person.app, &person.openid, text).await.is_ok() {
                self.accounts.note_told(person.id, now).await?;
            }
        }
        Ok(())
    }
}
