//! Accounts as a site and its operators manage them.

use async_trait::async_trait;

use super::{AuditEntry, StoreError};
use crate::{
    account::{Account, AccountId, Attributes, ExternalId, Identity, IdentityId, PhoneNumber},
    actor::Actor,
    consent::Consent,
    login::{Channel, LoginId},
    session::{Session, SessionId, SessionTokenHash},
    time::Timestamp,
    wechat::{AppName, AppProfile, OpenId, Profile, RawUnionId, UnionId},
};

/// An account with everything that its site may know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub account: Account,
    /// When its person logged in last, give or take a day.
    pub last_seen_at: Timestamp,
    /// Why an operator has shut it; only then.
    pub disabled_reason: Option<String>,
    /// Its identities, the first seen first, each with the moment since when it is linked.
    pub identities: Vec<(Identity, Option<Timestamp>)>,
    /// What the apps know of those persons, as far as they know anything.
    pub app_profiles: Vec<(IdentityId, AppProfile)>,
    /// What its person agreed to, the first time first; also what the persons of the accounts did that were merged into it.
    pub consents: Vec<Consent>,
}

/// By what an account is looked for; each is found by an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonKey {
    /// Its id.
    Id(AccountId),
    /// Its phone number.
    Phone(PhoneNumber),
    /// The site's own id.
    ExternalId(ExternalId),
    /// A person within one of these apps.
    OpenId(Vec<AppName>, OpenId),
    /// A person within any open-platform account.
    UnionId(RawUnionId),
}

/// A WeChat user whom the site knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownIdentity {
    /// The id for the identity, should it be new.
    pub new_id: IdentityId,
    /// The app.
    pub app: AppName,
    /// The way in that the app stands for.
    pub channel: Channel,
    /// The person within the app.
    pub openid: OpenId,
    /// The person within the open-platform account.
    pub union: Option<UnionId>,
    /// Name and picture.
    pub profile: Profile,
}

/// A person whom the site knows, for whom an account is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPerson {
    /// The id for the account, should it be new.
    pub new_id: AccountId,
    /// The phone number, for which the site vouches.
    pub phone: Option<PhoneNumber>,
    /// The site's own id.
    pub external_id: Option<ExternalId>,
    /// What the site keeps with the account.
    pub attributes: Option<Attributes>,
    /// Name and picture.
    pub profile: Profile,
    /// The WeChat users that lead to it.
    pub identities: Vec<KnownIdentity>,
    /// Since when the site knows the person.
    pub since: Timestamp,
    /// When the account is made.
    pub at: Timestamp,
    /// Who makes it.
    pub actor: Actor,
}

/// What belongs to an account already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belonging {
    /// What it is: `phone`, `external_id` or `openid`.
    pub what: &'static str,
    /// Whose it is.
    pub account: AccountId,
}

/// The result of making an account for a known person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// It was made.
    New(AccountId),
    /// There is one, and it has all of this.
    Same(AccountId),
    /// Some of it belongs to an account, or to several, that do not have the rest.
    Taken(Vec<Belonging>),
}

/// A change of an account by its site or an operator; what is `None` stays, and what is `Some(None)` is taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonChange {
    /// The account.
    pub account: AccountId,
    /// Its phone number, for which the site vouches.
    pub phone: Option<Option<PhoneNumber>>,
    /// Whether it is shut.
    pub disabled: Option<bool>,
    /// Why it is shut.
    pub reason: Option<String>,
    /// The site's own id.
    pub external_id: Option<Option<ExternalId>>,
    /// What the site keeps with it.
    pub attributes: Option<Option<Attributes>>,
    /// The name that the person shows.
    pub nickname: Option<Option<String>>,
    /// Where the picture is that the person shows.
    pub avatar_url: Option<Option<String>>,
    /// When it is changed.
    pub at: Timestamp,
    /// Who changes it.
    pub actor: Actor,
}

impl PersonChange {
    /// Makes a change that changes nothing yet.
    pub fn of(account: AccountId, actor: Actor, at: Timestamp) -> Self {
        Self {
            account,
            phone: None,
            disabled: None,
            reason: None,
            external_id: None,
            attributes: None,
            nickname: None,
            avatar_url: None,
            at,
            actor,
        }
    }
}

/// The result of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// The account is as it was asked for.
    Done {
        /// The hashes of the tokens of the sessions that ended with it.
        ended: Vec<SessionTokenHash>,
    },
    /// Some of it belongs to another account; nothing was changed.
    Taken(Vec<Belonging>),
    /// There is no such account.
    Unknown,
}

/// Something that is done to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// The account.
    pub account: AccountId,
    /// When it is done.
    pub at: Timestamp,
    /// Who does it.
    pub actor: Actor,
}

/// What an erasure leaves to be forgotten elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// The hashes of the tokens of the sessions that are gone.
    pub sessions: Vec<SessionTokenHash>,
    /// The logins that are gone.
    pub logins: Vec<LoginId>,
}

/// An account that its person wants erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnErasure {
    /// The account.
    pub account: AccountId,
    /// The login of the session that asks for it.
    pub asked_by: LoginId,
    /// When it is erased.
    pub at: Timestamp,
}

/// The result of an erasure by the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnErased {
    /// It is gone.
    Done(Erased),
    /// It stays: nothing but its number says that the identity that asks is its owner's, who is left
    /// [`PROBATION`](crate::rules::PROBATION) to hear of it.
    OnProbation,
    /// There is no such account.
    Unknown,
}

/// All that is kept of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonExport {
    /// The account.
    pub person: Person,
    /// Its sessions, ended or not, each with the moment at which it was ended.
    pub sessions: Vec<(Session, Option<Timestamp>)>,
    /// What happened to it, with who did it where that was another one than the owner or the service.
    pub trail: Vec<(AuditEntry, Option<Actor>)>,
}

/// Finds, makes, changes and erases accounts for their site and its operators.
///
/// Each change is one transaction, is in the trail with who made it, and is durable once it answers.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait People: Send + Sync {
    /// Finds the accounts that have a key, the longest linked first; one at the most but for unionids.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn find_people(&self, key: PersonKey) -> Result<Vec<Person>, StoreError>;

    /// Returns the login that an identity scanned last, as long as logins are remembered.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn last_login_of(&self, identity: IdentityId) -> Result<Option<LoginId>, StoreError>;

    /// Lists accounts by their id, those behind `after`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn list_people(&self, after: Option<AccountId>, limit: u32) -> Result<Vec<Person>, StoreError>;

    /// Makes the accounts of known persons, one after the other in one transaction. One that is there with the same
    /// content stays as it is, and one of which something belongs to another account is not made.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn make_people(&self, people: Vec<KnownPerson>) -> Result<Vec<Made>, StoreError>;

    /// Changes an account. One that is shut has no session any more, and none is issued.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn change_person(&self, change: PersonChange) -> Result<Changed, StoreError>;

    /// Ends all sessions of an account; returns `None` without the account.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn end_sessions_of(&self, act: Act) -> Result<Option<Vec<SessionTokenHash>>, StoreError>;

    /// Ends one session of an account; returns `None` without one to end.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn end_session_of(&self, act: Act, id: SessionId) -> Result<Option<SessionTokenHash>, StoreError>;

    /// Unlinks an identity from an account, also the last one, and ends the sessions that came from it; returns `None`
    /// without such an identity.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn unlink_identity_of(
        &self,
        act: Act,
        identity: IdentityId,
    ) -> Result<Option<Vec<SessionTokenHash>>, StoreError>;

    /// Erases an account with everything that says whose it was: its identities, sessions, logins and messages. The
    /// trail keeps what happened, under the account's id, which leads nowhere any more. Returns `None` without the
    /// account.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn erase_person(&self, act: Act) -> Result<Option<Erased>, StoreError>;

    /// Erases an account for its person, as [`People::erase_person`] does.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn erase_own(&self, erasure: OwnErasure) -> Result<OwnErased, StoreError>;

    /// Returns all that is kept of an account's person, and writes into the trail that it was read.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn export_person(&self, act: Act) -> Result<Option<PersonExport>, StoreError>;
}
