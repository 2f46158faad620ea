//! Taking what the page of a mini program says that a login's code opened: who scanned the code, and whether they let the
//! waiting client in.
//!
//! The code of `wx.login` that comes with each call says who it is. Nothing else proves it: everyone who saw the login's code has the
//! login's id, so the answer has no secret in it, and the person who scanned first is the only one whose answer counts.

use std::{net::IpAddr, sync::Arc};

use super::{
    ClientSubject, PhoneConfirmation, Policy, ScanReply, ScanService, ServiceError,
    answer_weighing::GivenAnswer,
    code_redeemer::{CodeKind, CodeRedeemer},
    identification::{CameBy, Identification, IdentifiedPerson},
    login_issuer::LoginIssuer,
    login_publisher::EXPIRED_KNOWN_FOR,
};
use crate::{
    account::IdentityId,
    login::{Channel, ClientInfo, Login, LoginId, ScenePurpose},
    ports::{
        Accounts, Clock, LoginCache, LoginRecord, Logins, MiniProgram, PhoneAnswer, Redemption, ScanRecord,
        ScanTaken,
    },
    wechat::{AppName, MiniProgramUser, Profile},
};

/// A call of the page that a login's code opened in a mini program.
#[derive(Clone, Debug)]
pub struct MiniProgramCall {
    /// The login: the scene of the code.
    pub login: LoginId,
    /// The mini program, where the cache has lost which one the login was started for.
    pub app: AppName,
    /// The code of `wx.login`.
    pub code: String,
    /// What the phone says; `None`: it wants to know what it is asked.
    pub answer: Option<PhoneAnswer>,
    /// The phone, as limits count it.
    pub client: ClientSubject,
    /// The phone's address.
    pub phone: IpAddr,
}

/// A login as the page of the mini program gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginInMiniProgram {
    /// How it stands.
    pub login: Login,
    /// The client that asked for it.
    pub client_info: ClientInfo,
    /// What the call led to.
    pub reply: ScanReply,
    /// Whether this call was the scan.
    pub is_scan: bool,
}

/// Takes what mini programs say whose pages were opened by codes of logins.
pub struct MiniProgramScan {
    pub(super) issuer: LoginIssuer,
    pub(super) code_redeemer: CodeRedeemer,
    pub(super) mini_program: Arc<dyn MiniProgram>,
    pub(super) identification: Identification,
    pub(super) scans: Arc<ScanService>,
    pub(super) confirmation: Arc<PhoneConfirmation>,
    pub(super) login_cache: Arc<dyn LoginCache>,
    pub(super) logins: Arc<dyn Logins>,
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policy: Arc<Policy>,
}

/// What the login was started with.
struct Opened {
    app: AppName,
    client_info: ClientInfo,
    purpose: ScenePurpose,
}

impl MiniProgramScan {
    /// Takes a call. The first one of a login is its scan, whatever it says besides; an answer counts as on the page of a phone
    /// that scanned the code of an official account, with the same rules about where the phone is.
    ///
    /// # Errors
    /// * [`ServiceError::LoginUnknown`] for a login of another channel, or one that is long over.
    /// * [`ServiceError::LoginState`] for one that was over before it was scanned, [`ServiceError::ScannedByAnother`] for one that
    ///   another person scanned; nothing happens to it.
    /// * [`ServiceError::CodeInvalid`] for a code that is unknown, too old or used; [`ServiceError::Wechat`]. The login stays as it
    ///   is, and the page comes again with another code.
    /// * [`ServiceError::RegistrationClosed`], [`ServiceError::RateLimited`], [`ServiceError::Store`].
    pub async fn take(&self, call: MiniProgramCall) -> Result<LoginInMiniProgram, ServiceError> {
        self.issuer.admit_phone(call.client).await?;
        let opened = self.opened(&call).await?;
        let hash = CodeKind::MiniProgram.hash(&opened.app, &call.code);
        if self.code_redeemer.redeem_for(call.login, hash).await? != Redemption::First {
            return Err(ServiceError::CodeInvalid);
        }
        let user =
            self.mini_program.exchange(&opened.app, &call.code).await.map_err(ServiceError::of_code)?;
        let app = opened.app.clone();
        let (openid, client_info) = (user.openid.clone(), opened.client_info.clone());
        let taken = self
            .identification
            .commit_exchanged(call.login, scanned(opened, user), self.policy.qr_ttl)
            .await?;
        let is_scan = matches!(taken, ScanTaken::First(_));
        match &taken {
            ScanTaken::First(record) | ScanTaken::Again(record) => {
                let ScanRecord { identity, client_info, login, .. } = record.clone();
                match call.answer {
                    None => {
                        let (login, reply) =
                            (login.at(self.clock.now()), self.scans.reply(taken, &app).await?);
                        Ok(LoginInMiniProgram { login, client_info, reply, is_scan })
                    }
                    Some(answer) => self.answered(&call, identity, answer, is_scan).await,
                }
            }
            ScanTaken::LinkRefused(login) => {
                let reply = ScanReply::LinkRefused;
                Ok(LoginInMiniProgram { login: login.clone(), client_info, reply, is_scan })
            }
            ScanTaken::RegistrationClosed(_) => Err(ServiceError::RegistrationClosed),
            ScanTaken::ByAnother => Err(ServiceError::ScannedByAnother),
            ScanTaken::Over(_) => {
                let person = self.accounts.identity_of(&app, &openid).await?.map(|person| person.id);
                self.over(call.login, person).await
            }
        }
    }

    /// Finds what the login was started with. A login that is long over costs no call to WeChat.
    async fn opened(&self, call: &MiniProgramCall) -> Result<Opened, ServiceError> {
        if call.login.deadline().plus(EXPIRED_KNOWN_FOR) <= self.clock.now()
            && self.logins.find(call.login).await?.is_none()
        {
            return Err(ServiceError::LoginUnknown);
        }
        match self.login_cache.context(call.login).await.ok().flatten() {
            Some(context) if context.channel != Channel::MiniProgramCode => Err(ServiceError::LoginUnknown),
            Some(context) => {
                let (client_info, purpose) = (context.client_info, context.purpose);
                Ok(Opened { app: context.app, client_info, purpose })
            }
            None => {
                let (client_info, purpose) = Default::default();
                Ok(Opened { app: self.app_of(call).await?, client_info, purpose })
            }
        }
    }

    /// Returns the mini program of a login of which the cache has lost it: the one whose user scanned, or else the one that the
    /// call names.
    async fn app_of(&self, call: &MiniProgramCall) -> Result<AppName, ServiceError> {
        let identity = self.logins.find(call.login).await?.and_then(|record| record.identity);
        let person = match identity {
            Some(identity) => self.accounts.identity(identity).await?,
            None => None,
        };
        let app = person.map_or_else(|| call.app.clone(), |person| person.app);
        let is_mini_program = self.policy.apps.get(&app) == Some(&Channel::MiniProgram);
        is_mini_program.then_some(app).ok_or(ServiceError::LoginUnknown)
    }

    async fn answered(
        &self,
        call: &MiniProgramCall,
        identity: IdentityId,
        answer: PhoneAnswer,
        is_scan: bool,
    ) -> Result<LoginInMiniProgram, ServiceError> {
        let given = GivenAnswer { login: call.login, identity, answer, phone: Some(call.phone) };
        let reply = self.confirmation.take(given).await?;
        let seen = self.seen(call.login, Some(identity), reply).await?;
        Ok(LoginInMiniProgram { is_scan, ..seen })
    }

    /// Says how a login stands that is over, to the person who scanned it.
    async fn over(
        &self,
        login: LoginId,
        person: Option<IdentityId>,
    ) -> Result<LoginInMiniProgram, ServiceError> {
        let seen = self.seen(login, person, ScanReply::ByAnother).await?;
        let reply = super::phone_confirmation::over(&seen.login);
        Ok(LoginInMiniProgram { reply, ..seen })
    }

    /// Reads a login for the person who scanned it.
    async fn seen(
        &self,
        login: LoginId,
        person: Option<IdentityId>,
        reply: ScanReply,
    ) -> Result<LoginInMiniProgram, ServiceError> {
        let is_theirs = |record: &LoginRecord| person.is_some() && record.identity == person;
        match self.logins.find(login).await?.filter(is_theirs) {
            Some(LoginRecord { login, scan: Some((client_info, _)), .. }) => {
                let login = login.at(self.clock.now());
                Ok(LoginInMiniProgram { login, client_info, reply, is_scan: false })
            }
            Some(_) | None => Err(ServiceError::LoginState("expired")),
        }
    }
}

/// Returns the person whom the page's code identified.
fn scanned(opened: Opened, user: MiniProgramUser) -> IdentifiedPerson {
    IdentifiedPerson {
        app: opened.app,
        channel: Channel::MiniProgram,
        came_by: CameBy::MiniProgramCode,
        openid: user.openid,
        unionid: user.unionid,
        profile: Profile::default(),
        client_info: opened.client_info,
        purpose: opened.purpose,
        entry: None,
    }
}
