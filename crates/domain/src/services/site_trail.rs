//! What a site's systems and its operators read and do that changes no account, in the trail.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::ServiceError;
use crate::{
    account::AccountId,
    actor::Actor,
    login::ClientInfo,
    ports::{AuditKind, AuditNote, AuditTrail, Clock},
    time::Timestamp,
};

/// For so long the introspections of one account by one key are one entry.
const INTROSPECTIONS_NOTED_EVERY: Duration = Duration::from_secs(60 * 60);

/// How many keys and accounts are remembered for that.
const REMEMBERED: usize = 10_000;

/// How many accounts an entry names at the most.
const NAMED: usize = 8;

/// Who acts, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActedBy {
    /// Who.
    pub actor: Actor,
    /// From where, where that is known.
    pub client: ClientInfo,
}

impl ActedBy {
    /// Returns an operator on the command line, or an embedder's own code.
    pub fn operator() -> Self {
        Self { actor: Actor::Operator, client: ClientInfo::default() }
    }
}

/// Writes into the trail what is read of persons, and what is done that changes no account. A list is one entry. What cannot be
/// written is not answered.
pub struct SiteTrail {
    pub(super) audit: Arc<dyn AuditTrail>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) introspections: Mutex<HashMap<(String, AccountId), Timestamp>>,
}

impl SiteTrail {
    /// Notes that personal data were read: what, and about whom. An entry about one account is in its trail; what is read of
    /// several, or of none, is in the trail of no account.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when it is not known to be written.
    pub async fn read(&self, by: &ActedBy, what: &str, about: &[AccountId]) -> Result<(), ServiceError> {
        let (account, detail) = match about {
            [one] => (Some(*one), what.to_owned()),
            [] => (None, what.to_owned()),
            several => (None, format!("{} {what}: {}", several.len(), names(several))),
        };
        let outcome = about.is_empty().then(|| "none".to_owned());
        self.write(AuditNote { account, outcome, ..self.note(AuditKind::PersonalDataRead, by, detail) }).await
    }

    /// Notes that personal data were read which belong to no single account, such as a page of the journal.
    ///
    /// # Errors
    /// As [`SiteTrail::read`].
    pub async fn read_of_many(&self, by: &ActedBy, what: &str) -> Result<(), ServiceError> {
        self.write(self.note(AuditKind::PersonalDataRead, by, what.to_owned())).await
    }

    /// Notes that a session was introspected; those of one account by one key once an hour for each node.
    ///
    /// # Errors
    /// As [`SiteTrail::read`].
    pub async fn introspected(&self, by: &ActedBy, account: AccountId) -> Result<(), ServiceError> {
        let (key, now) = ((by.actor.to_text(), account), self.clock.now());
        if self.was_noted(&key, now) {
            return Ok(());
        }
        self.read(by, "introspection of a session", &[account]).await?;
        let mut noted = self.introspections.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() >= REMEMBERED {
            noted.retain(|_, at| now < at.plus(INTROSPECTIONS_NOTED_EVERY));
        }
        if noted.len() >= REMEMBERED {
            noted.clear();
        }
        noted.insert(key, now);
        Ok(())
    }

    /// Notes what was done that changes no account, such as that an event was replayed.
    ///
    /// # Errors
    /// As [`SiteTrail::read`].
    pub async fn did(&self, by: &ActedBy, what: String) -> Result<(), ServiceError> {
        self.write(self.note(AuditKind::SiteCall, by, what)).await
    }

    fn was_noted(&self, key: &(String, AccountId), now: Timestamp) -> bool {
        let noted = self.introspections.lock().unwrap_or_else(PoisonError::into_inner);
        noted.get(key).is_some_and(|at| now < at.plus(INTROSPECTIONS_NOTED_EVERY))
    }

    fn note(&self, kind: AuditKind, by: &ActedBy, detail: String) -> AuditNote {
        let (actor, client) = (Some(by.actor.clone()), by.client.clone());
        AuditNote { actor, client, detail: Some(detail), ..AuditNote::new(kind, self.clock.now()) }
    }

    async fn write(&self, note: AuditNote) -> Result<(), ServiceError> {
        Ok(self.audit.write_note(note).await?)
    }
}

/// Names accounts: all of a few, the first and the last of many, which are listed by their ids.
fn names(accounts: &[AccountId]) -> String {
    if accounts.len() <= NAMED {
        return accounts.iter().map(AccountId::to_string).collect::<Vec<_>>().join(" ");
    }
    let ends = accounts.first().zip(accounts.last());
    ends.map(|(first, last)| format!("{first} to {last}")).unwrap_or_default()
}
