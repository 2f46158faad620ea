//! Taking a scan that WeChat reported.

use std::sync::Arc;

use super::{
    Policy, ServiceError,
    gatekeeping::Gatekeeping,
    identification::{CameBy, Identification, IdentifiedPerson},
    unionid_link::{ScanToLink, UnionIdLinking},
    unionid_lookup::{EarlyUnionId, UnionIdLookup},
};
use crate::{
    account::IdentityId,
    journal::{JournalEntry, scan_outcomes},
    keys::KeyRing,
    login::{
        Channel, ClientInfo, ExpiryReason, Login, LoginScene, LoginState, PhoneLink, PhoneLinkKind,
        PhoneQuestion, WRONG_NUMBERS,
    },
    ports::{Background, LoginCache, ScanRecord, ScanTaken},
    time::Timestamp,
    wechat::{AppName, OpenId, Profile},
};

/// A scan as a verified callback reported it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScannedEvent {
    /// The app whose callback it came to.
    pub app: AppName,
    /// The person who scanned.
    pub openid: OpenId,
    /// The scene of the QR code, without WeChat's own prefix.
    pub scene: String,
}

/// What the person is told in the chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanReply {
    /// The person has an account: the client is logged in.
    LoggedIn {
        /// The client that started the login.
        client_info: ClientInfo,
        /// When the code was scanned.
        at: Timestamp,
        /// What else the person is to be told: that an identity came to their account by the number alone.
        notice: Option<String>,
        /// By which the person can say that they did not mean to log in.
        not_me: PhoneLink,
    },
    /// The phone is asked whether it lets the client in.
    Asked {
        /// The client that started the login.
        client_info: ClientInfo,
        /// When the code was scanned.
        at: Timestamp,
        /// By which the phone answers.
        link: PhoneLink,
        /// Whether it is asked for the number that the client shows, and may send it as a message.
        in_chat: bool,
        /// How many tries it has for that.
        tries_left: u8,
    },
    /// The phone refused, or sent too many wrong numbers.
    Refused,
    /// The phone is elsewhere than the client, and the site lets no client in then.
    Elsewhere,
    /// The person's identity was added to the account of the client, which is logged in.
    Linked {
        /// The client that started the login.
        client_info: ClientInfo,
        /// When the code was scanned.
        at: Timestamp,
        /// By which the person can say that they did not mean to log in.
        not_me: PhoneLink,
    },
    /// The person has no account: the client asks for a phone number.
    GoOn {
        /// The client that started the login.
        client_info: ClientInfo,
        /// When the code was scanned.
        at: Timestamp,
        /// By which the person can say that they did not mean to log in.
        not_me: PhoneLink,
    },
    /// The person has an account that an operator has disabled: the client is not logged in.
    Disabled,
    /// The site's gate does not admit the person: the client is not logged in.
    NotAdmitted {
        /// What the gate says to the person; may be empty.
        text: String,
    },
    /// Another person scanned the code before.
    ByAnother,
    /// The login was over before the code was scanned.
    Over(ExpiryReason),
    /// The login was to add the person's identity to an account, and cannot.
    LinkRefused,
    /// The person has no account, and new ones are not made.
    RegistrationClosed,
    /// The scene is not one that this service put into a QR code of this app.
    Foreign,
}

/// What a reply says of the client that started the login.
#[derive(Clone, Copy, Debug)]
pub struct ClientOfScan<'r> {
    /// The client.
    pub client_info: &'r ClientInfo,
    /// When the code was scanned.
    pub at: Timestamp,
    /// By which the person can say that they did not mean to log in.
    pub not_me: Option<&'r PhoneLink>,
    /// What else the person is to be told.
    pub notice: Option<&'r str>,
}

impl ScanReply {
    /// Returns what is said of the client; `None` where nothing is.
    pub fn client(&self) -> Option<ClientOfScan<'_>> {
        let (client_info, at, not_me, notice) = match self {
            Self::LoggedIn { client_info, at, notice, not_me } => {
                (client_info, *at, Some(not_me), notice.as_deref())
            }
            Self::Linked { client_info, at, not_me } | Self::GoOn { client_info, at, not_me } => {
                (client_info, *at, Some(not_me), None)
            }
            Self::Asked { client_info, at, .. } => (client_info, *at, None, None),
            Self::Refused
            | Self::Elsewhere
            | Self::Disabled
            | Self::NotAdmitted { .. }
            | Self::ByAnother
            | Self::Over(_)
            | Self::LinkRefused
            | Self::RegistrationClosed
            | Self::Foreign => return None,
        };
        Some(ClientOfScan { client_info, at, not_me, notice })
    }

    /// Returns what the scan led to, in one word of journal and metrics.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::LoggedIn { .. } => scan_outcomes::LOGGED_IN,
            Self::Linked { .. } => scan_outcomes::LINKED,
            Self::GoOn { .. } => scan_outcomes::PHONE_NEEDED,
            Self::Asked { .. } => scan_outcomes::ASKED,
            Self::Refused => "refused",
            Self::Elsewhere => "elsewhere",
            Self::Disabled => scan_outcomes::ACCOUNT_DISABLED,
            Self::NotAdmitted { .. } => "not_admitted",
            Self::ByAnother => scan_outcomes::SCANNED_BY_ANOTHER,
            Self::Over(_) => scan_outcomes::EXPIRED,
            Self::LinkRefused => scan_outcomes::LINK_REFUSED,
            Self::RegistrationClosed => scan_outcomes::REGISTRATION_CLOSED,
            Self::Foreign => "foreign",
        }
    }
}

/// The result of a scan that the journal is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldScan {
    /// What the person is told in the chat.
    pub reply: ScanReply,
    /// Whether the entry of the journal was committed with the scan; else the caller writes it.
    pub is_written: bool,
}

/// Takes scans.
pub struct ScanService {
    pub(super) login_cache: Arc<dyn LoginCache>,
    pub(super) lookup: UnionIdLookup,
    pub(super) identification: Identification,
    pub(super) linking: Arc<UnionIdLinking>,
    pub(super) gatekeeping: Gatekeeping,
    pub(super) background: Arc<dyn Background>,
    pub(super) keys: Arc<KeyRing>,
    pub(super) policy: Arc<Policy>,
}

impl ScanService {
    /// Takes a scan: commits what it means, then notifies the waiting clients. A repeated event gets the same reply.
    ///
    /// Where the person's unionid may lead to an account, WeChat is asked for it first, for a short time. Without an
    /// answer the person goes on as a new one; WeChat is then asked again in the background, and the login moves once
    /// it answers.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be committed: WeChat has to send it again.
    pub async fn take_scan(&self, event: ScannedEvent) -> Result<ScanReply, ServiceError> {
        self.take_told_scan(event, None).await.map(|told| told.reply)
    }

    /// Takes a scan as [`ScanService::take_scan`] does, and has the entry of the journal about it committed with it, so that
    /// it costs no transaction of its own. The entry's outcome is that of the scan.
    ///
    /// # Errors
    /// As [`ScanService::take_scan`].
    pub async fn take_told_scan(
        &self,
        event: ScannedEvent,
        entry: Option<JournalEntry>,
    ) -> Result<ToldScan, ServiceError> {
        // What a gate says after the commit changes what the scan led to.
        let entry = entry.filter(|_| !self.gatekeeping.is_closed()).map(Arc::new);
        let is_given = entry.is_some();
        let reply = self.take(event, entry).await?;
        let is_written = is_given && !matches!(reply, ScanReply::Foreign);
        Ok(ToldScan { reply, is_written })
    }

    async fn take(
        &self,
        event: ScannedEvent,
        entry: Option<Arc<JournalEntry>>,
    ) -> Result<ScanReply, ServiceError> {
        let Some(scene) = LoginScene::verify(&event.scene, &self.keys) else { return Ok(ScanReply::Foreign) };
        let context = self.login_cache.context(scene.id).await.ok().flatten();
        if context.as_ref().is_some_and(|context| context.app != event.app) {
            return Ok(ScanReply::Foreign);
        }
        let lifetime = self.policy.qr_ttl;
        let time_left = self.identification.time_left(scene.id, lifetime);
        let early = self.lookup.find(&event.app, &event.openid, time_left).await?;
        let person = IdentifiedPerson {
            app: event.app.clone(),
            channel: Channel::OfficialAccount,
            came_by: CameBy::Code,
            openid: event.openid.clone(),
            unionid: early.told().cloned(),
            profile: Profile::default(),
            client_info: context.map(|context| context.client_info).unwrap_or_default(),
            purpose: scene.purpose.clone(),
            entry,
        };
        let taken = match self.identification.commit(scene.id, person, lifetime).await {
            Err(ServiceError::Refused(refusal)) => return Ok(ScanReply::NotAdmitted { text: refusal.chat }),
            taken => taken?,
        };
        let app = event.app.clone();
        self.link_in_background(&taken, early, event);
        self.reply(taken, &app).await
    }

    /// Returns what the person is told of what was committed.
    pub(super) async fn reply(&self, taken: ScanTaken, app: &AppName) -> Result<ScanReply, ServiceError> {
        match self.not_admitted(&taken).await? {
            Some(refused) => Ok(refused),
            None => Ok(self.told(taken, app)),
        }
    }

    fn told(&self, taken: ScanTaken, app: &AppName) -> ScanReply {
        match taken {
            ScanTaken::First(record) | ScanTaken::Again(record) => {
                let ScanRecord { login, identity, known, linked, client_info, at, has_notice, .. } = record;
                if let Some(asked) = self.asked(&login, (identity, app), client_info.clone(), at) {
                    return asked;
                }
                let not_me = PhoneLink::issue(PhoneLinkKind::NotMe, login.id, identity, &self.keys);
                let notice = || self.policy.notices.get(app).filter(|_| has_notice).cloned();
                match (linked, known) {
                    (true, _) => ScanReply::Linked { client_info, at, not_me },
                    (false, true) => ScanReply::LoggedIn { client_info, at, notice: notice(), not_me },
                    (false, false) => ScanReply::GoOn { client_info, at, not_me },
                }
            }
            ScanTaken::ByAnother => ScanReply::ByAnother,
            ScanTaken::Over(reason) => ScanReply::Over(reason),
            ScanTaken::LinkRefused(_) => ScanReply::LinkRefused,
            ScanTaken::RegistrationClosed(_) => ScanReply::RegistrationClosed,
        }
    }

    /// Asks the phone of a person, or asks it again; `None` of a login that does not wait for its answer.
    pub(super) fn asked(
        &self,
        login: &Login,
        (identity, app): (IdentityId, &AppName),
        client_info: ClientInfo,
        at: Timestamp,
    ) -> Option<ScanReply> {
        let LoginState::Scanned { question, .. } = login.state else { return None };
        let (by_number, wrong) = match question {
            PhoneQuestion::YesOrNo => (false, 0),
            PhoneQuestion::Number { wrong, .. } => (true, wrong),
        };
        let in_chat = by_number && !self.policy.refuses_elsewhere(app);
        let link = PhoneLink::issue(PhoneLinkKind::Confirm, login.id, identity, &self.keys);
        let tries_left = WRONG_NUMBERS.saturating_sub(wrong);
        Some(ScanReply::Asked { client_info, at, link, in_chat, tries_left })
    }

    /// Returns what the person is told whom the session of a registered login will be refused.
    async fn not_admitted(&self, taken: &ScanTaken) -> Result<Option<ScanReply>, ServiceError> {
        let (ScanTaken::First(record) | ScanTaken::Again(record)) = taken else { return Ok(None) };
        let LoginState::Registered { account, .. } = record.login.state else { return Ok(None) };
        if record.is_disabled {
            return Ok(Some(ScanReply::Disabled));
        }
        let refusal = self.gatekeeping.refusal_of_scan(record.login.id, account, record.identity).await?;
        Ok(refusal.map(|refusal| ScanReply::NotAdmitted { text: refusal.chat }))
    }

    /// Starts the work that is left where the scan was committed without the person's unionid.
    pub(super) fn link_in_background(&self, taken: &ScanTaken, early: EarlyUnionId, event: ScannedEvent) {
        let (record, is_repeated) = match taken {
            ScanTaken::First(record) => (record, false),
            // The node that took the first event may have died before it asked.
            ScanTaken::Again(record) => (record, true),
            ScanTaken::ByAnother
            | ScanTaken::Over(_)
            | ScanTaken::LinkRefused(_)
            | ScanTaken::RegistrationClosed(_) => return,
        };
        let unionid = match early {
            EarlyUnionId::Unknown if self.wants_unionid(record, &event.app) => None,
            EarlyUnionId::Told(Some(unionid)) if is_repeated && !record.has_union => Some(unionid),
            EarlyUnionId::Unknown | EarlyUnionId::Told(_) => return,
        };
        let ScannedEvent { app, openid, .. } = event;
        let scan = ScanToLink { login: record.login.id, identity: record.identity, app, openid, unionid };
        let linking = Arc::clone(&self.linking);
        let work = async move { Ok(linking.link(scan).await?) };
        self.background.spawn("linking an identity by its unionid", Box::pin(work));
    }

    /// Returns whether the person's unionid makes a difference: for a person without an account, and for one who may
    /// be known to another app and is not linked to that yet. Only of an official account it can be asked for.
    fn wants_unionid(&self, record: &ScanRecord, app: &AppName) -> bool {
        if self.policy.apps.get(app) != Some(&Channel::OfficialAccount) {
            return false;
        }
        match record.login.state {
            LoginState::Unregistered { .. } => self.policy.linking_account(app).is_some(),
            LoginState::Registered { .. } => !record.has_union && self.policy.links_to_other_apps(app),
            LoginState::Loop { .. } | LoginState::Scanned { .. } | LoginState::Expired { .. } => false,
        }
    }
}
