//! Issuing a login: the steps that all ways in share.

use std::{sync::Arc, time::Duration};

use super::{
    Agreement, ClientSubject, ConsentService, Policy, ServiceError, StartLogin, Suspicions,
    known_networks::KnownNetworks, login_publisher::LoginPublisher, rate_limiter::RateLimiter,
    refused_addresses::RefusedAddresses,
};
use crate::{
    keys::KeyRing,
    login::{AuthenticatedLogin, ClientInfo, Login, LoginId, PollToken},
    ports::{Clock, Limit, Logins, NumberLogin, PendingLink, Random},
    wechat::AppName,
};

/// Issues logins, by whichever way in.
#[derive(Clone)]
pub(super) struct LoginIssuer {
    pub(super) limiter: RateLimiter,
    pub(super) known_networks: KnownNetworks,
    pub(super) refused_addresses: RefusedAddresses,
    pub(super) suspicions: Suspicions,
    pub(super) publisher: LoginPublisher,
    pub(super) logins: Arc<dyn Logins>,
    pub(super) consents: ConsentService,
    pub(super) random: Arc<dyn Random>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keys: Arc<KeyRing>,
    pub(super) policy: Arc<Policy>,
}

impl LoginIssuer {
    /// Counts a request against the limits, and issues the login.
    pub(super) async fn issue(
        &self,
        request: &StartLogin,
        lifetime: Duration,
    ) -> Result<AuthenticatedLogin, ServiceError> {
        self.admit(request).await?;
        Ok(self.issued(lifetime))
    }

    /// Checks a request, and counts one that needs no new code against the limits of its client.
    pub(super) async fn admit(&self, request: &StartLogin) -> Result<(), ServiceError> {
        self.admit_address(request).await?;
        self.consents.check(request.consent.as_deref())?;
        self.count(&self.policy.limits.logins(request.client)).await
    }

    /// Refuses a code to an address whose codes were refused.
    async fn admit_address(&self, request: &StartLogin) -> Result<(), ServiceError> {
        let admitted = self.refused_addresses.admit(request.client).await;
        if admitted.is_err() {
            self.suspicions.tried_again(request.context.client_info.clone());
        }
        admitted
    }

    /// Issues a login with a QR code, as [`LoginIssuer::issue`] does: it counts against those of its app, too; against them
    /// alone where the request was admitted before. Once the rest of the day's codes is kept for networks that logged in
    /// before, others are refused.
    pub(super) async fn issue_with_qr(
        &self,
        request: &StartLogin,
        is_admitted: bool,
        lifetime: Duration,
    ) -> Result<AuthenticatedLogin, ServiceError> {
        self.consents.check(request.consent.as_deref())?;
        if !is_admitted {
            self.admit_address(request).await?;
        }
        let (policy, app) = (&self.policy.limits, &request.context.app);
        let limits = |is_known| match is_admitted {
            true => policy.qr_codes(app, is_known).into_iter().collect(),
            false => policy.qr_logins(request.client, app, is_known),
        };
        if let Err(refused) = self.count(&limits(false)).await {
            // Only where it matters, so that a login costs one call to the store.
            if !self.known_networks.know(request.client).await {
                return Err(refused);
            }
            self.count(&limits(true)).await?;
        }
        Ok(self.issued(lifetime))
    }

    /// Counts a phone that opens the login of another client.
    pub(super) async fn admit_phone(&self, client: ClientSubject) -> Result<(), ServiceError> {
        self.count(&self.policy.limits.logins(client)).await
    }

    /// Issues the id under which a browser goes to WeChat and comes back for the login of another client. No login begins.
    pub(super) async fn issue_for_link(
        &self,
        client: ClientSubject,
    ) -> Result<AuthenticatedLogin, ServiceError> {
        self.admit_phone(client).await?;
        Ok(self.issued(self.policy.oauth_ttl))
    }

    /// Issues a login that has no client yet, for a QR code that is made in advance. A `spare` one is not issued where it
    /// cannot be counted: it can wait.
    pub(super) async fn issue_in_advance(
        &self,
        app: &AppName,
        spare: bool,
        lifetime: Duration,
    ) -> Result<AuthenticatedLogin, ServiceError> {
        let limits = self.policy.limits.qr_codes_in_advance(app, spare);
        match spare {
            true => self.limiter.take(&limits).await?,
            false => self.count(&limits).await?,
        }
        Ok(self.issued(lifetime))
    }

    /// Limits that cannot be counted let logins pass, so that a lost store is not a lost service.
    async fn count(&self, limits: &[Limit]) -> Result<(), ServiceError> {
        match self.limiter.take(limits).await {
            Err(refused @ ServiceError::RateLimited { .. }) => Err(refused),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn issued(&self, lifetime: Duration) -> AuthenticatedLogin {
        let token = PollToken::generate(&*self.random);
        let id = LoginId::issue(&token, self.clock.now().plus(lifetime), &self.keys);
        AuthenticatedLogin::issued(id, token)
    }

    /// Commits what the database has to know of a new login, if anything: that it is to add an identity to an account, and that
    /// its person agreed to the terms. Before the login can be used.
    pub(super) async fn prepare(&self, login: LoginId, request: &StartLogin) -> Result<(), ServiceError> {
        if let Some(account) = request.link_to {
            self.logins.add_pending_link(PendingLink { login, account, at: self.clock.now() }).await?;
        }
        let agreement =
            Agreement { version: request.consent.as_deref(), ip: &request.context.client_info.ip };
        self.consents.take(login, agreement).await
    }

    /// Makes a login usable whose code or address the client is about to get.
    pub(super) async fn open(&self, login: LoginId, request: StartLogin) -> Result<(), ServiceError> {
        self.prepare(login, &request).await?;
        self.publisher.open(login, Some(request.context)).await;
        Ok(())
    }

    /// Has a new login wait for a phone number.
    pub(super) async fn ask_for_number(
        &self,
        login: LoginId,
        client_info: ClientInfo,
    ) -> Result<Login, ServiceError> {
        let (at, window) = (self.clock.now(), self.policy.bind_ttl);
        let login = self.logins.ask_for_number(NumberLogin { login, client_info, at, window }).await?;
        self.publisher.publish(&login).await;
        Ok(login)
    }
}
