//! What the phone that scanned says: whether it lets the client in, and later that its person did not mean to log in.

use std::{net::IpAddr, sync::Arc};

use super::{
    Policy, ScanReply, ScanService, ScannedEvent, ServiceError, Suspicions,
    answer_weighing::{AnswerWeighing, GivenAnswer},
    identification::Identification,
    login_publisher::LoginPublisher,
    refused_addresses::RefusedAddresses,
    session_invalidation::SessionInvalidation,
    unionid_lookup::EarlyUnionId,
};
use crate::{
    account::IdentityId,
    keys::KeyRing,
    login::{
        ClientInfo, ConfirmNumber, ExpiryReason, Login, LoginId, LoginState, PhoneLink, PhoneLinkKind,
        PhoneQuestion,
    },
    ports::{
        Accounts, Answered, AskedLogin, Clock, Confirmation, Disowned, LoginRecord, LoginStep, Logins, NotMe,
        PhoneAnswer, Random, ScanRecord, ScanTaken,
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
    /// The link by which its person says that they did not mean it.
    pub not_me: PhoneLink,
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

/// What is taken back of a login that its person did not mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenBack {
    /// The login and its session.
    Login,
    /// That, and the link of their identity to an account.
    LoginAndLink,
}

/// Takes what phones say.
pub struct PhoneConfirmation {
    pub(super) logins: Arc<dyn Logins>,
    pub(super) accounts: Arc<dyn Accounts>,
    pub(super) scans: Arc<ScanService>,
    pub(super) identification: Identification,
    pub(super) weighing: AnswerWeighing,
    pub(super) publisher: LoginPublisher,
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) refused_addresses: RefusedAddresses,
    pub(super) suspicions: Suspicions,
    pub(super) random: Arc<dyn Random>,
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
        let not_me = PhoneLink::issue(PhoneLinkKind::NotMe, login.id, link.identity, &self.keys);
        Ok(LoginOnPhone { login: login.at(self.clock.now()), client_info, scanned_at, not_me })
    }

    /// Takes the answer of the phone that a link was sent to, then notifies the waiting client. A repetition is answered
    /// as the first one was. `phone` is the phone's address, by which the site may ask for more ([`Policy::elsewhere`]).
    ///
    /// # Errors
    /// As [`PhoneConfirmation::look`].
    pub async fn answer(
        &self,
        link: &str,
        answer: PhoneAnswer,
        phone: Option<IpAddr>,
    ) -> Result<(LoginId, ScanReply), ServiceError> {
        let PhoneLink { login, identity, .. } = self.verify(PhoneLinkKind::Confirm, link)?;
        Ok((login, self.take(GivenAnswer { login, identity, answer, phone }).await?))
    }

    /// Takes a text of the chat, if it is a number that the person's phone is asked for at this moment, and says for which
    /// login; `None`: it is not. Where it matters where the phone is, the person is asked to answer on the page.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn answer_in_chat(
        &self,
        app: &AppName,
        openid: &OpenId,
        text: &str,
    ) -> Result<Option<(LoginId, ScanReply)>, ServiceError> {
        let Some(number) = ConfirmNumber::parse(text.trim()) else { return Ok(None) };
        let Some(asked) = self.logins.asked_of(app, openid, self.clock.now()).await? else {
            return Ok(None);
        };
        let AskedLogin { login, identity, client_info, scanned_at, .. } = asked;
        let LoginState::Scanned { question: PhoneQuestion::Number { .. }, .. } = login.state else {
            return Ok(None);
        };
        if self.policy.refuses_elsewhere(app) {
            let asked = self.scans.asked(&login, (identity, app), client_info, scanned_at);
            return Ok(asked.map(|reply| (login.id, reply)));
        }
        let (login, answer) = (login.id, PhoneAnswer::Number(Some(number)));
        let given = GivenAnswer { login, identity, answer, phone: None };
        Ok(Some((login, self.take(given).await?)))
    }

    /// Ends the login of a link and its session, on every node, and refuses its client's address new codes for a while. What the
    /// login linked is taken back ([`Logins::disown`]).
    ///
    /// # Errors
    /// [`ServiceError::LoginUnknown`] also once a day has passed, [`ServiceError::Store`].
    pub async fn not_me(&self, link: &str) -> Result<TakenBack, ServiceError> {
        let link = self.verify(PhoneLinkKind::NotMe, link)?;
        let not_me = NotMe { login: link.login, identity: link.identity, at: self.clock.now() };
        match self.logins.disown(not_me).await? {
            Disowned::Over { login, ended, unlinked_from, client_info } => {
                self.refused_addresses.note(&client_info).await;
                self.suspicions.refused(login.id, link.identity, client_info);
                self.invalidation.invalidate(&ended).await;
                if let Some(account) = unlinked_from {
                    self.invalidation.account_changed(account).await;
                }
                self.publisher.count(login.id, &[LoginStep::Denied]).await;
                self.publisher.publish(&login).await;
                Ok(if unlinked_from.is_some() { TakenBack::LoginAndLink } else { TakenBack::Login })
            }
            Disowned::TooLate | Disowned::NotTheirs => Err(ServiceError::LoginUnknown),
        }
    }

    fn verify(&self, kind: PhoneLinkKind, link: &str) -> Result<PhoneLink, ServiceError> {
        PhoneLink::verify(kind, link, &self.keys).ok_or(ServiceError::LoginUnknown)
    }

    /// Takes an answer as [`PhoneConfirmation::answer`] does, of a phone whose person is known.
    pub(super) async fn take(&self, given: GivenAnswer) -> Result<ScanReply, ServiceError> {
        let GivenAnswer { login, identity, answer, .. } = given;
        let weight = self.weighing.weigh(given, self.identification.newcomers()).await?;
        let confirmation = Confirmation {
            login,
            identity,
            answer,
            at: self.clock.now(),
            window: self.policy.bind_ttl,
            newcomers: weight.newcomers,
            terms: self.policy.terms.clone(),
            demand: weight.demand,
            new_number: ConfirmNumber::generate(&*self.random),
        };
        match self.logins.confirm(confirmation).await? {
            Answered::LetIn(record) => {
                self.count(&record).await;
                self.let_in(ScanTaken::First(record), identity).await
            }
            Answered::LetInBefore(record) => self.let_in(ScanTaken::Again(record), identity).await,
            Answered::LinkRefused(login) => self.let_in(ScanTaken::LinkRefused(login), identity).await,
            Answered::RegistrationClosed(login) => {
                let reply = self.let_in(ScanTaken::RegistrationClosed(login), identity).await?;
                Ok(weight.refusal.map_or(reply, |refusal| ScanReply::NotAdmitted { text: refusal.chat }))
            }
            Answered::WrongNumber(login) if login.state.is_final() => self.refused(&login, identity).await,
            Answered::WrongNumber(login) | Answered::NumberNeeded(login) => {
                self.publisher.publish(&login).await;
                self.asked_again(login, identity).await
            }
            Answered::Refused(login) => self.refused(&login, identity).await,
            Answered::Elsewhere(login) => {
                self.denied(&login).await;
                Ok(ScanReply::Elsewhere)
            }
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

    async fn asked_again(&self, login: Login, identity: IdentityId) -> Result<ScanReply, ServiceError> {
        let record = self.logins.find(login.id).await?;
        let person = self.accounts.identity(identity).await?;
        let (Some(LoginRecord { scan: Some((client_info, at)), .. }), Some(person)) = (record, person) else {
            return Err(ServiceError::LoginUnknown);
        };
        let asked = self.scans.asked(&login, (identity, &person.app), client_info, at);
        Ok(asked.unwrap_or_else(|| over(&login)))
    }

    /// Makes known that a phone refused: its client's address gets no new codes for a while.
    async fn refused(&self, login: &Login, identity: IdentityId) -> Result<ScanReply, ServiceError> {
        self.denied(login).await;
        if let Some(LoginRecord { scan: Some((client_info, _)), .. }) = self.logins.find(login.id).await? {
            self.refused_addresses.note(&client_info).await;
            self.suspicions.refused(login.id, identity, client_info);
        }
        Ok(ScanReply::Refused)
    }

    async fn denied(&self, login: &Login) {
        self.publisher.publish(login).await;
        self.publisher.count(login.id, &[LoginStep::Denied]).await;
    }
}

/// Says that a login is over.
pub(super) fn over(login: &Login) -> ScanReply {
    match login.state {
        LoginState::Expired { reason, .. } => ScanReply::Over(reason),
        LoginState::Loop { .. }
        | LoginState::Scanned { .. }
        | LoginState::Unregistered { .. }
        | LoginState::Registered { .. } => ScanReply::Over(ExpiryReason::Timeout),
    }
}
