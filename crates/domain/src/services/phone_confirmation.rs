//! What the phone that scanned says: whether it lets the client in, and later that its person did not mean to log in.

use std::sync::Arc;

use super::{
    ConfirmBy, Policy, ScanReply, ScanService, ScannedEvent, ServiceError, Suspicions,
    identification::Identification, login_publisher::LoginPublisher, refused_addresses::RefusedAddresses,
    session_invalidation::SessionInvalidation, unionid_lookup::EarlyUnionId,
};
use crate::{
    account::IdentityId,
    keys::KeyRing,
    login::{
        ClientInfo, ConfirmNumber, ExpiryReason, Login, LoginId, LoginState, PhoneLink, PhoneLinkKind,
        PhoneQuestion,
    },
    ports::{
        Accounts, Answered, Clock, Confirmation, Disowned, LoginRecord, LoginStep, Logins, NotMe,
        PhoneAnswer, ScanRecord, ScanTaken,
    },
    time::Timestamp,
    wechat::{AppName, OpenId},
};

/// A login as the phone that scanned it sees it.
#[derive(Clone, Debug)]
pub struct LoginOnPhone {
    /// How it stands.
    pub login: Login,
    /// The client that asked for it.
    pub client_info: ClientInfo,
    /// When its code was scanned.
    pub scanned_at: Timestamp,
}

impl LoginOnPhone {
    /// Returns what the phone is asked at this moment.
    pub fn question(&self) -> Option<PhoneQuestion> {
        match self.login.state {
            LoginState::Scanned { question, .. } => Some(question),
            LoginState::Loop { .. }
            | LoginState::Unregistered { .. }
            | LoginState::Registered { .. }
            | LoginState::Expired { .. } => None,
        }
    }
}

/// Takes what phones say.
pub struct PhoneConfirmation {
    pub(super) logins: Arc<dyn Logins>,
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) scans: Arc<ScanService>,
    pub(super) identification: Identification,
    pub(super) publisher: LoginPublisher,
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) refused_addresses: RefusedAddresses,
    pub(super) suspicions: Suspicions,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keys: Arc<KeyRing>,
    pub(super) policy: Arc<Policy>,
}

impl PhoneConfirmation {
    /// Returns the login of a link of this kind; changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::LoginUnknown`] for a link that this service did not issue or whose login is long over,
    /// [`ServiceError::Store`].
    pub async fn look(&self, kind: PhoneLinkKind, link: &str) -> Result<LoginOnPhone, ServiceError> {
        let link = self.verify(kind, link)?;
        let record =
            self.logins.find(link.login).await?.filter(|found| found.identity == Some(link.identity));
        let Some(LoginRecord { login, scan: Some((client_info, scanned_at)), .. }) = record else {
            return Err(ServiceError::LoginUnknown);
        };
        Ok(LoginOnPhone { login: login.at(self.clock.now()), client_info, scanned_at })
    }

    /// Takes the answer of the phone that a link was sent to, then notifies the waiting client. A repetition is answered
    /// as the first one was.
    ///
    /// # Errors
    /// As [`PhoneConfirmation::look`].
    pub async fn answer(
        &self,
        link: &str,
        answer: PhoneAnswer,
    ) -> Result<(LoginId, ScanReply), ServiceError> {
        let link = self.verify(PhoneLinkKind::Confirm, link)?;
        Ok((link.login, self.take(link.login, link.identity, answer).await?))
    }

    /// Takes a text of the chat, if it is a number that the person's phone is asked for at this moment, and says for which
    /// login; `None`: it is not.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn answer_in_chat(
        &self,
        app: &AppName,
        openid: &OpenId,
        text: &str,
    ) -> Result<Option<(LoginId, ScanReply)>, ServiceError> {
        if self.policy.confirm.get(app) != Some(&ConfirmBy::Number) {
            return Ok(None);
        }
        let Some(number) = ConfirmNumber::parse(text.trim()) else { return Ok(None) };
        let Some(asked) = self.logins.asked_of(app, openid, self.clock.now()).await? else {
            return Ok(None);
        };
        let answer = PhoneAnswer::Number(Some(number));
        let login = asked.login.id;
        Ok(Some((login, self.take(login, asked.identity, answer).await?)))
    }

    /// Ends the login of a link and its session, on every node, and refuses its client's address new codes for a while.
    ///
    /// # Errors
    /// [`ServiceError::LoginUnknown`] also once a day has passed, [`ServiceError::Store`].
    pub async fn not_me(&self, link: &str) -> Result<(), ServiceError> {
        let link = self.verify(PhoneLinkKind::NotMe, link)?;
        let not_me = NotMe { login: link.login, identity: link.identity, at: self.clock.now() };
        match self.logins.disown(not_me).await? {
            Disowned::Over { login, ended, client_info } => {
                self.refused_addresses.note(&client_info).await;
                self.suspicions.refused(login.id, link.identity, client_info);
                self.invalidation.invalidate(&ended).await;
                self.publisher.count(login.id, &[LoginStep::Denied]).await;
                self.publisher.publish(&login).await;
                Ok(())
            }
            Disowned::TooLate | Disowned::NotTheirs => Err(ServiceError::LoginUnknown),
        }
    }

    fn verify(&self, kind: PhoneLinkKind, link: &str) -> Result<PhoneLink, ServiceError> {
        PhoneLink::verify(kind, link, &self.keys).ok_or(ServiceError::LoginUnknown)
    }

    async fn take(
        &self,
        login: LoginId,
        identity: IdentityId,
        answer: PhoneAnswer,
    ) -> Result<ScanReply, ServiceError> {
        let confirmation = Confirmation {
            login,
            identity,
            answer,
            at: self.clock.now(),
            window: self.policy.bind_ttl,
            newcomers: self.identification.newcomers(),
            terms: self.policy.terms.clone(),
        };
        match self.logins.confirm(confirmation).await? {
            Answered::LetIn(record) => {
                self.count(&record).await;
                self.let_in(ScanTaken::First(record), identity).await
            }
            Answered::LetInBefore(record) => self.let_in(ScanTaken::Again(record), identity).await,
            Answered::LinkRefused(login) => self.let_in(ScanTaken::LinkRefused(login), identity).await,
            Answered::RegistrationClosed(login) => {
                self.let_in(ScanTaken::RegistrationClosed(login), identity).await
            }
            Answered::WrongNumber(login) if !login.state.is_final() => {
                self.publisher.publish(&login).await;
                self.asked_again(login).await
            }
            Answered::NumberNeeded(login) => self.asked_again(login).await,
            Answered::WrongNumber(login) | Answered::Refused(login) => self.refused(&login, identity).await,
            Answered::Over(login) => Ok(over(&login)),
            Answered::NotTheirs => Err(ServiceError::LoginUnknown),
        }
    }

    async fn count(&self, record: &ScanRecord) {
        let steps = match record.login.state {
            LoginState::Registered { .. } => &[LoginStep::Confirmed, LoginStep::Registered][..],
            LoginState::Loop { .. }
            | LoginState::Scanned { .. }
            | LoginState::Unregistered { .. }
            | LoginState::Expired { .. } => &[LoginStep::Confirmed],
        };
        self.publisher.count(record.login.id, steps).await;
    }

    /// Makes known what an answer led to, and starts the work that a scan would have left.
    async fn let_in(&self, taken: ScanTaken, identity: IdentityId) -> Result<ScanReply, ServiceError> {
        self.identification.publish(&taken).await;
        let identity = self.accounts.identity(identity).await?.ok_or(ServiceError::LoginUnknown)?;
        let event = ScannedEvent { app: identity.app.clone(), openid: identity.openid, scene: String::new() };
        self.scans.link_in_background(&taken, EarlyUnionId::Unknown, event);
        self.scans.reply(taken, &identity.app).await
    }

    async fn asked_again(&self, login: Login) -> Result<ScanReply, ServiceError> {
        let record = self.logins.find(login.id).await?.ok_or(ServiceError::LoginUnknown)?;
        let (Some((client_info, at)), Some(identity)) = (record.scan, record.identity) else {
            return Err(ServiceError::LoginUnknown);
        };
        Ok(self.scans.asked(&login, identity, client_info, at).unwrap_or_else(|| over(&login)))
    }

    /// Makes known that a phone refused: its client's address gets no new codes for a while.
    async fn refused(&self, login: &Login, identity: IdentityId) -> Result<ScanReply, ServiceError> {
        self.publisher.publish(login).await;
        self.publisher.count(login.id, &[LoginStep::Denied]).await;
        if let Some(LoginRecord { scan: Some((client_info, _)), .. }) = self.logins.find(login.id).await? {
            self.refused_addresses.note(&client_info).await;
            self.suspicions.refused(login.id, identity, client_info);
        }
        Ok(ScanReply::Refused)
    }
}

fn over(login: &Login) -> ScanReply {
    match login.state {
        LoginState::Expired { reason: ExpiryReason::Denied, .. } => ScanReply::Refused,
        LoginState::Expired { reason, .. } => ScanReply::Over(reason),
        LoginState::Loop { .. }
        | LoginState::Scanned { .. }
        | LoginState::Unregistered { .. }
        | LoginState::Registered { .. } => ScanReply::Over(ExpiryReason::Timeout),
    }
}
