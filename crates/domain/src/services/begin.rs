//! Beginning a login: the steps that all ways in share.

use std::time::Duration;

use super::{FlowError, Flows, StartLogin};
use crate::{
    account::AccountId,
    login::{AuthenticatedLogin, LoginContext, LoginId, PollToken},
    ports::{Limit, PendingLink, Verdict},
};

impl Flows {
    /// Counts a wish to log in against the limits, and issues the login.
    pub(super) async fn begin(
        &self,
        start: &StartLogin,
        lifetime: Duration,
    ) -> Result<AuthenticatedLogin, FlowError> {
        let limits = self.policy.limits.logins(&start.client);
        // Limits that cannot be counted let logins pass, so that a lost store is not a lost service.
        if let Ok(Verdict::Refused { retry_after }) = self.take(&limits).await {
            return Err(FlowError::RateLimited { retry_after });
        }
        let token = PollToken::generate(&*self.ports.random);
        let id = LoginId::issue(&token, self.now().plus(lifetime), &self.keys);
        Ok(AuthenticatedLogin::issued(id, token))
    }

    /// Writes down that a login is to add an identity to an account, if it is; before anybody can use it.
    pub(super) async fn add_pending_link(
        &self,
        login: LoginId,
        link_to: Option<AccountId>,
    ) -> Result<(), FlowError> {
        if let Some(account) = link_to {
            self.ports.logins.add_pending_link(PendingLink { login, account, at: self.now() }).await?;
        }
        Ok(())
    }

    /// Puts a login on the cache; the cache reports its own failures, and the flows are right without it.
    pub(super) async fn cache_login(&self, id: LoginId, context: Option<LoginContext>) {
        let until = id.deadline().plus(self.policy.bind_ttl);
        let _ = self.ports.login_cache.open(id, context, until).await;
    }

    pub(super) async fn take(&self, limits: &[Limit]) -> Result<Verdict, FlowError> {
        if limits.is_empty() {
            return Ok(Verdict::Allowed);
        }
        Ok(self.ports.limits.take(limits, self.now()).await?)
    }
}
