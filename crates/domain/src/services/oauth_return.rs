//! Taking a browser that WeChat sends back.

use std::sync::Arc;

use super::{
    AppProfileService, Policy, ServiceError, Waiting,
    app_profiles::Authorized,
    code_redeemer::{CodeKind, CodeRedeemer, OUTCOME_WITHIN},
    identification::{CameBy, Identification, IdentifiedPerson},
    login_publisher::LoginPublisher,
};
use crate::{
    login::{
        AuthenticatedLogin, Channel, ClientInfo, ExpiryReason, Login, LoginEvent, LoginState, ScenePurpose,
    },
    ports::{Clock, CodeHash, LoginRecord, Logins, OAuth, Redemption, ScanTaken},
    wechat::AppName,
};

/// The return of a browser from WeChat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthReturn {
    /// The WeChat app that the browser was sent to.
    pub app: AppName,
    /// The way in.
    pub channel: Channel,
    /// The client that started the login.
    pub client_info: ClientInfo,
    /// WeChat's code; `None` if the person refused.
    pub code: Option<String>,
}

/// Takes the returns of browsers.
pub struct OAuthReturns {
    pub(super) logins: Arc<dyn Logins>,
    pub(super) code_redeemer: CodeRedeemer,
    pub(super) oauth: Arc<dyn OAuth>,
    pub(super) identification: Identification,
    pub(super) profiles: Arc<AppProfileService>,
    pub(super) waiting: Arc<Waiting>,
    pub(super) publisher: LoginPublisher,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policy: Arc<Policy>,
}

impl OAuthReturns {
    /// Takes the return to a login and exchanges its code. A login is returned to once, and a code is sent once at the
    /// most.
    ///
    /// Returns the login after the return: unregistered or registered, or denied where the person refused or the
    /// identity cannot be added to the account that it was to be added to. A repetition, also with another code, gets the
    /// same answer without another call to WeChat, and waits for the first return while that is under way. Nothing of this relies on a
    /// cache.
    ///
    /// # Errors
    /// None of them logs a person in.
    /// * [`ServiceError::OAuthState`] for a login that is over.
    /// * [`ServiceError::CodeInvalid`] for a code that WeChat does not know (any more), that another login used, or
    ///   of which the outcome was lost; the login is over.
    /// * [`ServiceError::SnapshotUser`]; the login is over.
    /// * [`ServiceError::Wechat`] when WeChat did not tell who it is; the login is over.
    /// * [`ServiceError::Store`]: before the exchange everything is as it was, and the same return goes on; after it
    ///   the login is over.
    pub async fn finish(&self, auth: &AuthenticatedLogin, back: OAuthReturn) -> Result<Login, ServiceError> {
        let record = self.logins.find(auth.id()).await?;
        let login = record.map_or_else(|| Login::new(auth.id()), |record| record.login).at(self.clock.now());
        match &back.code {
            Some(code) => self.returned(auth, &back, code, login).await,
            None => self.refused(auth, login).await,
        }
    }

    /// Takes a return without a code.
    async fn refused(&self, auth: &AuthenticatedLogin, mut login: Login) -> Result<Login, ServiceError> {
        if let LoginState::Loop { .. } = login.state {
            let refusal = CodeHash::of("oauth-refusal", &[auth.id().as_bytes()]);
            if self.code_redeemer.redeem(state_of(auth), refusal).await? == Redemption::ByAnother {
                return Err(ServiceError::OAuthState);
            }
            login = self.logins.end(auth.id(), LoginEvent::Denied, self.clock.now()).await?;
            self.publisher.publish(&login).await;
        }
        match login.state {
            LoginState::Expired { reason: ExpiryReason::Denied, .. } => Ok(login),
            LoginState::Loop { .. }
            | LoginState::Scanned { .. }
            | LoginState::Unregistered { .. }
            | LoginState::Registered { .. }
            | LoginState::Expired { .. } => Err(ServiceError::OAuthState),
        }
    }

    /// Takes a return with a code.
    async fn returned(
        &self,
        auth: &AuthenticatedLogin,
        back: &OAuthReturn,
        code: &str,
        login: Login,
    ) -> Result<Login, ServiceError> {
        if let LoginState::Expired { reason: ExpiryReason::Timeout, .. } = login.state {
            return Err(ServiceError::OAuthState);
        }
        let hash = CodeKind::OAuth.hash(&back.app, code);
        // The state comes first, so that a login redeems two codes at the most, however many returns come to it.
        let state = self.code_redeemer.redeem(state_of(auth), hash).await?;
        match (state, &login.state) {
            (Redemption::ByAnother, _) => self.outcome_of_another(auth, login).await,
            (Redemption::First | Redemption::Again, LoginState::Loop { .. }) => {
                self.exchange_once(auth, back, code, login.version).await
            }
            (
                Redemption::First,
                LoginState::Scanned { .. }
                | LoginState::Unregistered { .. }
                | LoginState::Registered { .. }
                | LoginState::Expired { .. },
            ) => Err(ServiceError::OAuthState),
            (
                Redemption::Again,
                LoginState::Scanned { .. }
                | LoginState::Unregistered { .. }
                | LoginState::Registered { .. }
                | LoginState::Expired { .. },
            ) => self.outcome(login).await,
        }
    }

    /// Returns the outcome of the return that came first. WeChat's browser sometimes comes back twice, with a code of its own
    /// each time; the second one is not used.
    async fn outcome_of_another(
        &self,
        auth: &AuthenticatedLogin,
        mut login: Login,
    ) -> Result<Login, ServiceError> {
        if let LoginState::Loop { .. } = login.state {
            login = self.waiting.wait(auth, login.version, OUTCOME_WITHIN).await?;
        }
        match login.state {
            LoginState::Unregistered { .. } | LoginState::Registered { .. } => Ok(login),
            LoginState::Loop { .. } | LoginState::Scanned { .. } | LoginState::Expired { .. } => {
                Err(ServiceError::OAuthState)
            }
        }
    }

    /// Takes the code for a login that still waits. The request that redeems the code exchanges it, also where an earlier
    /// one has redeemed the state and got no further.
    async fn exchange_once(
        &self,
        auth: &AuthenticatedLogin,
        back: &OAuthReturn,
        code: &str,
        seen: u32,
    ) -> Result<Login, ServiceError> {
        let hash = CodeKind::OAuth.hash(&back.app, code);
        match self.code_redeemer.redeem_for(auth.id(), hash).await? {
            Redemption::First => self.conclude(auth, exchange(&*self.oauth, back, code).await).await,
            Redemption::Again => self.outcome(self.waiting.wait(auth, seen, OUTCOME_WITHIN).await?).await,
            Redemption::ByAnother => self.conclude(auth, Err(ServiceError::CodeInvalid)).await,
        }
    }

    /// Commits the person; or ends the login, since its state and the code are used up.
    async fn conclude(
        &self,
        auth: &AuthenticatedLogin,
        user: Result<(IdentifiedPerson, Authorized), ServiceError>,
    ) -> Result<Login, ServiceError> {
        let taken = match user {
            Ok((person, told)) => {
                let app = person.app.clone();
                let taken =
                    self.identification.commit_exchanged(auth.id(), person, self.policy.oauth_ttl).await;
                if let Ok(ScanTaken::First(record)) = &taken {
                    self.profiles.keep_authorization(record.identity, &app, told).await;
                }
                taken
            }
            Err(error) => Err(error),
        };
        match taken {
            Ok(ScanTaken::First(record) | ScanTaken::Again(record)) => Ok(record.login),
            Ok(ScanTaken::LinkRefused(login)) => Ok(login),
            Ok(ScanTaken::RegistrationClosed(_)) => Err(ServiceError::RegistrationClosed),
            Ok(ScanTaken::ByAnother | ScanTaken::Over(_)) => Err(ServiceError::OAuthState),
            Err(error) => {
                let denied = error == ServiceError::SnapshotUser;
                let event = if denied { LoginEvent::Denied } else { LoginEvent::Cancelled };
                // Where this fails too, the login ends at its deadline, and nothing can happen to it until then.
                if let Ok(login) = self.logins.end(auth.id(), event, self.clock.now()).await {
                    self.publisher.publish(&login).await;
                }
                Err(error)
            }
        }
    }

    /// Returns the outcome of a return with a code that was taken before.
    async fn outcome(&self, login: Login) -> Result<Login, ServiceError> {
        match login.state {
            LoginState::Unregistered { .. } | LoginState::Registered { .. } => Ok(login),
            LoginState::Expired { reason: ExpiryReason::Denied, .. } => {
                // The person did not refuse, since there is a code: the link was refused, or the person is virtual.
                let record = self.logins.find(login.id).await?;
                match record {
                    Some(LoginRecord { registration_closed: true, .. }) => {
                        Err(ServiceError::RegistrationClosed)
                    }
                    Some(LoginRecord { link_refused: true, .. }) => Ok(login),
                    Some(_) | None => Err(ServiceError::SnapshotUser),
                }
            }
            LoginState::Loop { .. }
            | LoginState::Scanned { .. }
            | LoginState::Expired { reason: ExpiryReason::Cancelled, .. } => Err(ServiceError::CodeInvalid),
            LoginState::Expired { reason: ExpiryReason::Timeout, .. } => Err(ServiceError::OAuthState),
        }
    }
}

/// Exchanges the code of a return for who authorized, and for what came with it.
pub(super) async fn exchange(
    oauth: &dyn OAuth,
    back: &OAuthReturn,
    code: &str,
) -> Result<(IdentifiedPerson, Authorized), ServiceError> {
    let user = oauth.exchange(&back.app, code).await.map_err(ServiceError::of_code)?;
    if user.is_snapshot {
        return Err(ServiceError::SnapshotUser);
    }
    let told = Authorized::from(&user);
    let person = IdentifiedPerson {
        app: back.app.clone(),
        channel: back.channel,
        came_by: CameBy::Itself,
        openid: user.openid,
        unionid: user.unionid,
        profile: user.profile,
        client_info: back.client_info.clone(),
        purpose: ScenePurpose::default(),
        entry: None,
    };
    Ok((person, told))
}

/// Returns the one-time code of a return to a login: WeChat's `state` is the login's id.
fn state_of(auth: &AuthenticatedLogin) -> CodeHash {
    CodeHash::of("oauth-state", &[auth.id().as_bytes()])
}
