//! Beginning a login: the steps that all ways in share.

use std::time::Duration;

use super::{FlowError, Flows, StartLogin};
use crate::{
    account::AccountId,
    login::{HeldLogin, LoginContext, LoginId, PollToken},
    ports::{Joining, Limit, Verdict},
};

impl Flows {
    /// Counts a wish to log in against the limits, and issues the login.
    pub(super) async fn begin(&self, start: &StartLogin, lifetime: Duration) -> Result<HeldLogin, FlowError> {
        let limits = self.policy.limits.logins(&start.client);
        // Limits that cannot be counted let logins pass, so that a lost store is not a lost service.
        if let Ok(Verdict::Refused { retry_after }) = self.take(&limits).await {
            return Err(FlowError::RateLimited { retry_after });
        }
        let token = PollToken::generate(&*self.ports.random);
        let id = LoginId::issue(&token, self.now().plus(lifetime), &self.keys);
        Ok(HeldLogin::issued(id, token))
    }

    /// Writes down that a login is to add an identity to an account, if it is; before anybody can use it.
    pub(super) async fn expect(&self, login: LoginId, joins: Option<AccountId>) -> Result<(), FlowError> {
        if let Some(account) = joins {
            self.ports.logins.expect(Joining { login, account }).await?;
        }
        Ok(())
    }

    /// Puts a login on the board; the board reports its own failures, and the flows are right without it.
    pub(super) async fn put_up(&self, id: LoginId, context: Option<LoginContext>) {
        let until = id.deadline().plus(self.policy.bind_ttl);
        let _ = self.ports.board.open(id, context, until).await;
    }

    pub(super) async fn take(&self, limits: &[Limit]) -> Result<Verdict, FlowError> {
        if limits.is_empty() {
            return Ok(Verdict::Allowed);
        }
        Ok(self.ports.limits.take(limits, self.now()).await?)
    }
}
