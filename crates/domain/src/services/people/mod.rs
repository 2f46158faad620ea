//! Accounts as a site and its operators manage them: the same for the site API, the command line and embedders.

mod draft;
mod merging;

pub use draft::{ChangeDraft, IdentityDraft, PersonDraft, SearchDraft};
pub use merging::AccountMerge;

use std::sync::Arc;

use super::{
    ActedBy, Policy, ServiceError, SiteTrail,
    recent_login::{require_recent_login, require_scan_for_others},
    session_invalidation::SessionInvalidation,
};
use crate::{
    account::{AccountId, IdentityId},
    actor::Actor,
    ports::{
        Act, ActiveSession, Changed, Clock, Erased, KnownIdentity, KnownPerson, LoginCache, Made, Merges,
        OwnErased, OwnErasure, People, Person, PersonChange, PersonExport, PersonKey, Random, SessionKeys,
        Sessions,
    },
    session::{Session, SessionId},
    wechat::{AppName, OpenId, RawUnionId},
};
use draft::{malformed, read_attributes, read_avatar_url, read_external_id, read_nickname, read_phone};

/// Finds, makes, changes and erases accounts for their site and its operators.
pub struct PeopleService {
    pub(super) people: Arc<dyn People>,
    pub(super) merges: Arc<dyn Merges>,
    pub(super) sessions: Arc<dyn Sessions>,
    pub(super) session_keys: Arc<dyn SessionKeys>,
    pub(super) login_cache: Arc<dyn LoginCache>,
    pub(super) trail: Arc<SiteTrail>,
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) policy: Arc<Policy>,
}

impl PeopleService {
    /// Returns an account; that it was read is in the trail.
    ///
    /// # Errors
    /// [`ServiceError::AccountUnknown`], [`ServiceError::Store`].
    pub async fn person(&self, id: AccountId, by: &ActedBy) -> Result<Person, ServiceError> {
        let person = self.known_person(id).await?;
        self.trail.read(by, "account", &[id]).await?;
        Ok(person)
    }

    async fn known_person(&self, id: AccountId) -> Result<Person, ServiceError> {
        let found = self.people.find_people(PersonKey::Id(id)).await?;
        found.into_iter().next().ok_or(ServiceError::AccountUnknown)
    }

    /// Finds the accounts that have all of what is looked for; `None` where nothing is looked for. That they were read is in the
    /// trail.
    ///
    /// # Errors
    /// [`ServiceError::PhoneInvalid`], [`ServiceError::Malformed`], [`ServiceError::Store`].
    pub async fn find(
        &self,
        search: &SearchDraft,
        by: &ActedBy,
    ) -> Result<Option<Vec<Person>>, ServiceError> {
        let mut keys = self.keys_of(search)?.into_iter();
        let Some(first) = keys.next() else { return Ok(None) };
        let mut found = self.people.find_people(first).await?;
        for key in keys {
            let others = self.people.find_people(key).await?;
            found.retain(|person| others.iter().any(|other| other.account.id == person.account.id));
        }
        let what = format!("accounts by {}", search.names().join(" and "));
        self.trail.read(by, &what, &ids(&found)).await?;
        Ok(Some(found))
    }

    fn keys_of(&self, search: &SearchDraft) -> Result<Vec<PersonKey>, ServiceError> {
        let mut keys = Vec::new();
        if let Some(phone) = &search.phone {
            keys.push(PersonKey::Phone(read_phone(phone)?));
        }
        if let Some(id) = &search.external_id {
            keys.push(PersonKey::ExternalId(read_external_id(id)?));
        }
        if let Some(openid) = &search.openid {
            let openid = OpenId::parse(openid.as_str()).map_err(|_| malformed("openid", "is no openid"))?;
            keys.push(PersonKey::OpenId(self.apps(search.app.as_deref())?, openid));
        } else if search.app.is_some() {
            return Err(malformed("app", "goes with an openid only"));
        }
        if let Some(unionid) = &search.unionid {
            let union =
                RawUnionId::parse(unionid.as_str()).map_err(|_| malformed("unionid", "is no unionid"))?;
            keys.push(PersonKey::UnionId(union));
        }
        Ok(keys)
    }

    fn apps(&self, app: Option<&str>) -> Result<Vec<AppName>, ServiceError> {
        match app {
            Some(app) => {
                let app = AppName::parse(app).map_err(|_| malformed("app", "is no name of an app"))?;
                Ok(vec![app])
            }
            None => Ok(self.policy.apps.keys().cloned().collect()),
        }
    }

    /// Lists accounts by their id, those behind `after`, at most `limit`. That they were read is one entry in the trail.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn list(
        &self,
        after: Option<AccountId>,
        limit: u32,
        by: &ActedBy,
    ) -> Result<Vec<Person>, ServiceError> {
        let people = self.people.list_people(after, limit).await?;
        self.trail.read(by, "accounts of the list", &ids(&people)).await?;
        Ok(people)
    }

    /// Makes an account for a person whom the site knows, and returns it, and whether it is new.
    ///
    /// # Errors
    /// [`ServiceError::PhoneInvalid`], [`ServiceError::Malformed`], [`ServiceError::BelongsToOthers`], and
    /// [`ServiceError::Store`] when it is not known to be committed.
    pub async fn make(&self, draft: &PersonDraft, actor: Actor) -> Result<(Person, bool), ServiceError> {
        let made = self.make_all(std::slice::from_ref(draft), &actor).await?.pop();
        let (id, is_new) = match made.unwrap_or(Err(ServiceError::AccountUnknown))? {
            Made::New(id) => (id, true),
            Made::Same(id) => (id, false),
            Made::Taken(belongings) => return Err(ServiceError::BelongsToOthers(belongings)),
        };
        Ok((self.known_person(id).await?, is_new))
    }

    /// Makes the accounts of many persons in one transaction, and says of each what it led to. One that cannot be read
    /// is refused alone.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be committed; nothing was made then, or all of it.
    pub async fn make_all(
        &self,
        drafts: &[PersonDraft],
        actor: &Actor,
    ) -> Result<Vec<Result<Made, ServiceError>>, ServiceError> {
        let read: Vec<_> = drafts.iter().map(|draft| self.known(draft, actor)).collect();
        let known: Vec<KnownPerson> = read.iter().filter_map(|read| read.as_ref().ok().cloned()).collect();
        let mut made =
            if known.is_empty() { Vec::new() } else { self.people.make_people(known).await? }.into_iter();
        let missing = || ServiceError::AccountUnknown;
        Ok(read.into_iter().map(|read| read.and_then(|_| made.next().ok_or_else(missing))).collect())
    }

    fn known(&self, draft: &PersonDraft, actor: &Actor) -> Result<KnownPerson, ServiceError> {
        let read = draft.read(&self.policy.apps)?;
        let (at, random) = (self.clock.now(), &*self.random);
        let identities = read.identities.into_iter().map(|identity| KnownIdentity {
            new_id: IdentityId::generate(at, random),
            union: self.policy.union_id(&identity.app, identity.unionid),
            app: identity.app,
            channel: identity.channel,
            openid: identity.openid,
            profile: identity.profile,
        });
        Ok(KnownPerson {
            new_id: AccountId::generate(at, random),
            phone: read.phone,
            external_id: read.external_id,
            attributes: read.attributes,
            profile: read.profile,
            identities: identities.collect(),
            since: draft.since.unwrap_or(at).min(at),
            at,
            actor: actor.clone(),
        })
    }

    /// Changes an account and returns it as it is then. All nodes refuse the sessions of one that is shut within a second.
    ///
    /// # Errors
    /// [`ServiceError::AccountUnknown`], [`ServiceError::PhoneInvalid`], [`ServiceError::Malformed`],
    /// [`ServiceError::BelongsToOthers`], and [`ServiceError::Store`] when it is not known to be committed.
    pub async fn change(
        &self,
        id: AccountId,
        draft: &ChangeDraft,
        actor: Actor,
    ) -> Result<Person, ServiceError> {
        let change = PersonChange {
            phone: read(&draft.phone, read_phone)?,
            disabled: draft.disabled,
            reason: draft.reason.as_deref().map(read_reason).transpose()?,
            external_id: read(&draft.external_id, read_external_id)?,
            attributes: read(&draft.attributes, read_attributes)?,
            nickname: read(&draft.nickname, read_nickname)?,
            avatar_url: read(&draft.avatar_url, read_avatar_url)?,
            ..PersonChange::of(id, actor, self.clock.now())
        };
        match self.people.change_person(change).await? {
            Changed::Done { ended } => {
                self.invalidation.invalidate(&ended).await;
                self.invalidation.account_changed(id).await;
                self.known_person(id).await
            }
            Changed::Taken(belongings) => Err(ServiceError::BelongsToOthers(belongings)),
            Changed::Unknown => Err(ServiceError::AccountUnknown),
        }
    }

    /// Lists the sessions of an account that are good, the newest first. That they were read is in the trail.
    ///
    /// # Errors
    /// [`ServiceError::AccountUnknown`], [`ServiceError::Store`].
    pub async fn sessions(&self, id: AccountId, by: &ActedBy) -> Result<Vec<Session>, ServiceError> {
        self.known_person(id).await?;
        self.trail.read(by, "sessions", &[id]).await?;
        let (mut sessions, now) = (self.sessions.list(id).await?, self.clock.now());
        sessions.retain(|session| !session.is_over(&self.policy.session, now));
        Ok(sessions)
    }

    /// Ends all sessions of an account, and returns how many there were.
    ///
    /// # Errors
    /// [`ServiceError::AccountUnknown`], and [`ServiceError::Store`] when it is not known to be committed.
    pub async fn end_sessions(&self, id: AccountId, actor: Actor) -> Result<usize, ServiceError> {
        let ended = self.people.end_sessions_of(self.act(id, actor)).await?;
        let ended = ended.ok_or(ServiceError::AccountUnknown)?;
        self.invalidation.invalidate(&ended).await;
        Ok(ended.len())
    }

    /// Ends one session of an account, and returns whether there was such a one to end.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be committed.
    pub async fn end_session(
        &self,
        id: AccountId,
        session: SessionId,
        actor: Actor,
    ) -> Result<bool, ServiceError> {
        let ended = self.people.end_session_of(self.act(id, actor), session).await?;
        self.invalidation.invalidate(ended.as_slice()).await;
        Ok(ended.is_some())
    }

    /// Unlinks an identity from an account, also the last one, and ends the sessions that came from it.
    ///
    /// # Errors
    /// [`ServiceError::IdentityUnknown`], and [`ServiceError::Store`] when it is not known to be committed.
    pub async fn unlink(
        &self,
        id: AccountId,
        identity: IdentityId,
        actor: Actor,
    ) -> Result<(), ServiceError> {
        let ended = self.people.unlink_identity_of(self.act(id, actor), identity).await?;
        self.invalidation.invalidate(&ended.ok_or(ServiceError::IdentityUnknown)?).await;
        self.invalidation.account_changed(id).await;
        Ok(())
    }

    /// Erases an account and everything that says whose it was. What is cached of it is forgotten at once where the
    /// store answers, and within a minute in any case.
    ///
    /// # Errors
    /// [`ServiceError::AccountUnknown`], and [`ServiceError::Store`] when it is not known to be committed.
    pub async fn erase(&self, id: AccountId, actor: Actor) -> Result<(), ServiceError> {
        let erased = self.people.erase_person(self.act(id, actor)).await?;
        self.forget(erased.ok_or(ServiceError::AccountUnknown)?).await;
        Ok(())
    }

    /// Erases the account of a session for its owner.
    ///
    /// # Errors
    /// [`ServiceError::RecentLoginRequired`], [`ServiceError::ScanRequired`], [`ServiceError::IdentityTooNew`], else as
    /// [`PeopleService::erase`].
    pub async fn erase_own(&self, active: &ActiveSession) -> Result<(), ServiceError> {
        let at = self.clock.now();
        require_recent_login(&active.session, at)?;
        require_scan_for_others(active)?;
        let (account, asked_by) = (active.account.id, active.session.login);
        match self.people.erase_own(OwnErasure { account, asked_by, at }).await? {
            OwnErased::Done(erased) => {
                self.forget(erased).await;
                Ok(())
            }
            OwnErased::OnProbation => Err(ServiceError::IdentityTooNew),
            OwnErased::Unknown => Err(ServiceError::AccountUnknown),
        }
    }

    /// Forgets what is cached of an account that was erased.
    async fn forget(&self, erased: Erased) {
        self.invalidation.invalidate(&erased.sessions).await;
        for login in erased.logins {
            // What cannot be forgotten now is sealed, and expires.
            let _ = self.session_keys.forget(login).await;
            let _ = self.login_cache.forget(login).await;
        }
    }

    /// Returns all that is kept of an account's person; that it was read is in the trail.
    ///
    /// # Errors
    /// [`ServiceError::AccountUnknown`], and [`ServiceError::Store`].
    pub async fn export(&self, id: AccountId, actor: Actor) -> Result<PersonExport, ServiceError> {
        self.people.export_person(self.act(id, actor)).await?.ok_or(ServiceError::AccountUnknown)
    }

    fn act(&self, account: AccountId, actor: Actor) -> Act {
        Act { account, at: self.clock.now(), actor }
    }
}

fn ids(people: &[Person]) -> Vec<AccountId> {
    people.iter().map(|person| person.account.id).collect()
}

/// Reads what is to change, where it is to change.
fn read<T>(
    wanted: &Option<Option<String>>,
    read: impl Fn(&str) -> Result<T, ServiceError>,
) -> Result<Option<Option<T>>, ServiceError> {
    match wanted {
        None => Ok(None),
        Some(None) => Ok(Some(None)),
        Some(Some(text)) => read(text).map(|value| Some(Some(value))),
    }
}

fn read_reason(text: &str) -> Result<String, ServiceError> {
    let fits = text.chars().count() <= 256 && !text.contains(|c: char| c.is_control());
    if fits { Ok(text.to_owned()) } else { Err(malformed("reason", "expected at most 256 characters")) }
}
