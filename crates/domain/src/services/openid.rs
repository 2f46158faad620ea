//! Giving OpenID clients codes and tokens, and reading these.

use std::{sync::Arc, time::Duration};

use super::{
    ClientSubject, Policy, ServiceError,
    limits::{client_calls, grants_of, wrong_secrets},
    rate_limiter::RateLimiter,
};
use crate::{
    account::AccountId,
    keys::KeyRing,
    login::ClientInfo,
    oidc::{
        ACCESS_TOKEN_LIVES, AccessToken, AuthorizationCode, AuthorizationRequest, Client, ClientId,
        CodeVerifier, Grant, GrantId, RefreshToken, Scopes,
    },
    ports::{
        ActiveSession, Clock, CodeRedemption, Ending, GrantHolder, Grants, NewGrant, Random, Redeemed,
        Refresh, Refreshed,
    },
    time::Timestamp,
};

/// Why a client gets no tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenIdError {
    /// Its code or refresh token is not good, or not good any more.
    #[error("the code or refresh token is not good")]
    InvalidGrant,
    /// It wants more than was granted.
    #[error("more scopes are asked for than were granted")]
    InvalidScope,
    /// The service cannot do its work, or is asked too often.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// Tokens for a client.
#[derive(Clone, Debug)]
pub struct IssuedTokens {
    /// Whom they are about.
    pub holder: GrantHolder,
    /// What the access token is good for.
    pub scopes: Scopes,
    /// By what the client reads.
    pub access_token: AccessToken,
    /// By what it gets new tokens, should it have asked for that.
    pub refresh_token: Option<RefreshToken>,
    /// When they were issued.
    pub at: Timestamp,
    /// Whether they come of a code, so that the ID token repeats the client's nonce.
    pub by_code: bool,
}

/// Which kind a token is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InspectedKind {
    /// An access token.
    Access,
    /// A refresh token.
    Refresh,
}

/// A token that is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectedToken {
    /// Which kind it is of.
    pub kind: InspectedKind,
    /// What it is good for.
    pub scopes: Scopes,
    /// When it expires.
    pub expires_at: Timestamp,
    /// Whom it is about.
    pub holder: GrantHolder,
}

/// Gives OpenID clients codes and tokens, and reads these. Which client calls is proven before.
pub struct OpenIdService {
    pub(super) grants: Arc<dyn Grants>,
    pub(super) limiter: RateLimiter,
    pub(super) keys: Arc<KeyRing>,
    pub(super) random: Arc<dyn Random>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policy: Arc<Policy>,
}

impl OpenIdService {
    /// Returns whether a person has to be asked before a client gets what it wants.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn needs_consent(
        &self,
        client: &Client,
        account: AccountId,
        request: &AuthorizationRequest,
    ) -> Result<bool, ServiceError> {
        if request.prompt.consent {
            return Ok(true);
        }
        if client.trusted {
            return Ok(false);
        }
        // What was agreed to for one program is not agreed to for another one that calls itself so (RFC 8252, section 8.6).
        if client.could_be_another_at(&request.redirect_uri) {
            return Ok(true);
        }
        Ok(!self.grants.consent(account, &client.id).await?.has_all(request.scopes))
    }

    /// Grants what a request asks for in the name of a session, and returns the code; `None` where the session has ended.
    ///
    /// # Errors
    /// [`ServiceError::Store`], [`ServiceError::RateLimited`].
    pub async fn grant(
        &self,
        request: &AuthorizationRequest,
        active: &ActiveSession,
        consented: bool,
        client_info: ClientInfo,
    ) -> Result<Option<AuthorizationCode>, ServiceError> {
        self.limiter.take(&[grants_of(active.account.id)]).await?;
        let at = self.clock.now();
        let grant = Grant {
            id: GrantId::generate(at, &*self.random),
            client: request.client.clone(),
            account: active.account.id,
            session: active.session.id,
            scopes: request.scopes,
            redirect_uri: request.redirect_uri.clone(),
            nonce: request.nonce.clone(),
            challenge: request.challenge.clone(),
            at,
        };
        let code = AuthorizationCode::generate(grant.id, self.keys.current(), &*self.random);
        let new = NewGrant { grant, code: code.hash(), consented, client_info };
        Ok(self.grants.make_grant(new).await?.then_some(code))
    }

    /// Redeems a code.
    ///
    /// # Errors
    /// [`OpenIdError`].
    pub async fn redeem_code(
        &self,
        client: &ClientId,
        code: &str,
        redirect_uri: Option<&str>,
        verifier: Option<CodeVerifier>,
    ) -> Result<IssuedTokens, OpenIdError> {
        let code = AuthorizationCode::verify(code, &self.keys).ok_or(OpenIdError::InvalidGrant)?;
        let refresh_token = code.refresh_token(self.keys.current());
        let redemption = CodeRedemption {
            grant: code.grant(),
            code: code.hash(),
            client: client.clone(),
            redirect_uri: redirect_uri.map(str::to_owned),
            verifier,
            refresh_token: refresh_token.hash(),
            lives: self.policy.session.absolute,
            at: self.clock.now(),
        };
        let at = redemption.at;
        match self.grants.redeem_code(redemption).await.map_err(ServiceError::from)? {
            Redeemed::Done(holder) => {
                let refresh_token = holder.refresh.is_some().then_some(refresh_token);
                let scopes = holder.grant.scopes;
                Ok(IssuedTokens { by_code: true, ..self.issued(*holder, scopes, refresh_token, at) })
            }
            Redeemed::Reused | Redeemed::Refused => Err(OpenIdError::InvalidGrant),
        }
    }

    /// Uses a refresh token.
    ///
    /// # Errors
    /// [`OpenIdError`].
    pub async fn refresh(
        &self,
        client: &ClientId,
        token: &str,
        scopes: Option<Scopes>,
    ) -> Result<IssuedTokens, OpenIdError> {
        let token = RefreshToken::verify(token, &self.keys).ok_or(OpenIdError::InvalidGrant)?;
        let refresh = Refresh {
            grant: token.grant(),
            generation: token.generation(),
            token: token.hash(),
            successor: token.successor(self.keys.current()).hash(),
            client: client.clone(),
            scopes,
            lives: self.policy.session.absolute,
            at: self.clock.now(),
        };
        let holder = match self.grants.refresh(refresh).await.map_err(ServiceError::from)? {
            Refreshed::Done(holder) | Refreshed::Again(holder) => holder,
            Refreshed::TooMuch => return Err(OpenIdError::InvalidScope),
            Refreshed::Reused | Refreshed::Refused => return Err(OpenIdError::InvalidGrant),
        };
        let state = holder.refresh.ok_or(OpenIdError::InvalidGrant)?;
        // A repetition may come after the keys were rotated: the answer is the one of before.
        let successors = self.keys.all().map(|key| token.successor(key));
        let successor = successors.into_iter().find(|token| token.hash() == state.current);
        let successor = successor.ok_or(OpenIdError::InvalidGrant)?;
        let scopes = scopes.unwrap_or(holder.grant.scopes);
        Ok(self.issued(*holder, scopes, Some(successor), state.since))
    }

    /// Reads a token for the client that it was issued to; `None` where it is not good, or another client's.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn inspect(
        &self,
        client: &ClientId,
        token: &str,
    ) -> Result<Option<InspectedToken>, ServiceError> {
        let found = match RefreshToken::verify(token, &self.keys) {
            Some(token) => self.inspect_refresh(&token).await?,
            None => self.read_by(token).await?,
        };
        Ok(found.filter(|found| found.holder.grant.client == *client))
    }

    /// Reads the access token by which a client reads; `None` where it is not good.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn read_by(&self, token: &str) -> Result<Option<InspectedToken>, ServiceError> {
        let Some(token) = AccessToken::verify(token, &self.keys) else { return Ok(None) };
        if token.expires_at() <= self.clock.now() {
            return Ok(None);
        }
        let Some(holder) = self.holder(token.grant()).await? else { return Ok(None) };
        let scopes = token.scopes().and(holder.grant.scopes);
        let (kind, expires_at) = (InspectedKind::Access, token.expires_at().min(self.ends_at(&holder)));
        Ok(Some(InspectedToken { kind, scopes, expires_at, holder }))
    }

    async fn inspect_refresh(&self, token: &RefreshToken) -> Result<Option<InspectedToken>, ServiceError> {
        let Some(holder) = self.holder(token.grant()).await? else { return Ok(None) };
        let is_good = holder.refresh.is_some_and(|state| state.current == token.hash());
        let (scopes, expires_at) = (holder.grant.scopes, self.ends_at(&holder));
        Ok(is_good.then_some(InspectedToken { kind: InspectedKind::Refresh, scopes, expires_at, holder }))
    }

    /// Ends a token, and all others of its grant, as its client wishes. One that is not good is ended already.
    ///
    /// # Errors
    /// [`OpenIdError::InvalidGrant`] for a token of another client.
    pub async fn revoke(&self, client: &ClientId, token: &str) -> Result<(), OpenIdError> {
        let refresh = RefreshToken::verify(token, &self.keys).map(|token| token.grant());
        let grant = refresh.or_else(|| AccessToken::verify(token, &self.keys).map(|token| token.grant()));
        let Some(grant) = grant else { return Ok(()) };
        match self.grants.end_grant(grant, client, self.clock.now()).await.map_err(ServiceError::from)? {
            Ending::Ended | Ending::Unknown => Ok(()),
            Ending::OfAnother => Err(OpenIdError::InvalidGrant),
        }
    }

    /// Counts a call of a client that has proven who it is; one without a secret is counted by where it calls from.
    ///
    /// # Errors
    /// [`ServiceError::RateLimited`], [`ServiceError::Store`].
    pub async fn count_call(&self, client: &Client, from: ClientSubject) -> Result<(), ServiceError> {
        let from = client.is_public().then_some(from);
        self.limiter.take(&[client_calls(&client.id, from)]).await
    }

    /// Counts a call that does not prove which client it is. The right secret counts against no such limit, so a stranger
    /// locks no client out.
    ///
    /// # Errors
    /// [`ServiceError::RateLimited`], [`ServiceError::Store`].
    pub async fn count_unproven(&self, from: ClientSubject) -> Result<(), ServiceError> {
        self.limiter.take(&[wrong_secrets(from)]).await
    }

    async fn holder(&self, grant: GrantId) -> Result<Option<GrantHolder>, ServiceError> {
        let holder = self.grants.holder(grant).await?;
        let now = self.clock.now();
        Ok(holder.filter(|holder| now < self.ends_at(holder)))
    }

    /// Returns when the session of a grant is over, however often it is used.
    fn ends_at(&self, holder: &GrantHolder) -> Timestamp {
        holder.session.created_at.plus(self.policy.session.absolute)
    }

    fn issued(
        &self,
        holder: GrantHolder,
        scopes: Scopes,
        refresh_token: Option<RefreshToken>,
        at: Timestamp,
    ) -> IssuedTokens {
        let until = at.plus(Self::ACCESS_TOKEN_LIVES);
        let access_token = AccessToken::make(self.keys.current(), holder.grant.id, scopes, until);
        IssuedTokens { holder, scopes, access_token, refresh_token, at, by_code: false }
    }

    /// How long an access token is good.
    pub const ACCESS_TOKEN_LIVES: Duration = ACCESS_TOKEN_LIVES;
}
