//! What an operator does with accounts on the command line: the same services and the same JSON as the site API.

use std::sync::Arc;

use saoma_domain::{
    ports::{Person, PersonExport},
    services::{AccountMerge, PeopleService, ServiceError, Services},
    session::{Session, SessionPolicy},
};

use crate::{
    Adapters, ConnectError,
    config::{Config, hash_of},
    dto::{ExportBody, MergeBody, SiteAccount, SiteSession},
    problem::Problem,
};

/// The accounts of a configuration's database, for an operator.
pub struct Operator {
    people: Arc<PeopleService>,
    policy: SessionPolicy,
}

impl Operator {
    /// Connects what the configuration asks for.
    ///
    /// # Errors
    /// [`ConnectError`] naming the key.
    pub async fn connect(config: &Config) -> Result<Self, ConnectError> {
        let adapters = Adapters::connect(config).await?;
        let services = Services::new(adapters.ports, config.server.keys.clone(), config.policy());
        Ok(Self { people: services.people, policy: config.session })
    }

    /// Returns what finds, makes, changes and erases accounts.
    pub fn people(&self) -> &PeopleService {
        &self.people
    }

    /// Returns an account as the site API describes it.
    pub fn account_json(&self, person: &Person) -> String {
        written(&SiteAccount::of(person))
    }

    /// Returns a session as the site API describes it.
    pub fn session_json(&self, session: &Session) -> String {
        written(&SiteSession::new(session, &self.policy))
    }

    /// Returns a merge as the site API describes it.
    pub fn merge_json(&self, merge: &AccountMerge) -> String {
        written(&MergeBody::new(merge))
    }

    /// Returns all that is kept of a person as the site API describes it.
    pub fn export_json(&self, export: PersonExport) -> String {
        written(&ExportBody::new(export))
    }
}

/// Says why a service refused, in the words of the site API.
pub fn why_refused(error: ServiceError) -> String {
    Problem::from(error).to_string()
}

fn written(body: &impl serde::Serialize) -> String {
    // Fails only for maps whose keys are no texts, of which no body has any.
    serde_json::to_string(body).unwrap_or_default()
}

/// Returns the SHA-256 of a text in hex, by which the configuration knows a key of the site API.
pub fn sha256_hex(text: &str) -> String {
    hash_of(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
