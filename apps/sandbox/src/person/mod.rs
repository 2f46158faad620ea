//! A person as a handle of the library.

mod authorize;
mod mini_page;
mod mini_program;
mod mobile_app;
mod wechat;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use crate::apps::DEFAULT_OPEN_ACCOUNT;
use crate::error::SandboxError;
use crate::simulation::Simulation;
use crate::state::{ChatMessage, Sms, openid, unionid};

/// A person with a phone; a clone is the same person.
///
/// What a person does returns when all deliveries of its event have ended.
#[derive(Clone, Debug)]
pub struct Person {
    simulation: Arc<Simulation>,
    name: String,
    phone: String,
}

impl Person {
    pub(crate) fn new(
        simulation: &Arc<Simulation>,
        name: &str,
        phone: Option<&str>,
    ) -> Result<Self, SandboxError> {
        let phone = simulation.shared.write(|state| state.people.add(name, phone))?.phone;
        Ok(Self { simulation: Arc::clone(simulation), name: name.to_owned(), phone })
    }

    /// Returns the person of this name, who has to be there.
    pub(crate) fn find(simulation: &Arc<Simulation>, name: &str) -> Result<Self, SandboxError> {
        let phone = simulation.shared.read(|state| state.people.get(name).map(|one| one.phone.clone()))?;
        Ok(Self { simulation: Arc::clone(simulation), name: name.to_owned(), phone })
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the phone number, such as `+8613800138000`.
    pub fn phone(&self) -> &str {
        &self.phone
    }

    /// Returns the id by which this app of any kind knows the person, the same in every run.
    ///
    /// # Errors
    /// [`SandboxError::UnknownApp`].
    pub fn openid(&self, app: &str) -> Result<String, SandboxError> {
        Ok(openid(self.simulation.shared.app(app)?.app_id, &self.name))
    }

    /// Returns the id that links the person's openids in [`DEFAULT_OPEN_ACCOUNT`], the same in every run.
    pub fn unionid(&self) -> String {
        unionid(DEFAULT_OPEN_ACCOUNT, &self.name)
    }

    /// Returns the unionid that this app is told now: that of the open-platform account that it is bound to;
    /// `None` while it is bound to none.
    ///
    /// # Errors
    /// [`SandboxError::UnknownApp`].
    pub fn unionid_in(&self, app: &str) -> Result<Option<String>, SandboxError> {
        let app = self.simulation.shared.app(app)?;
        Ok(self.simulation.shared.read(|state| state.unionid(app.name, &self.name)))
    }

    /// Says whether the person follows the account.
    pub fn follows(&self, account: &str) -> bool {
        self.simulation.shared.read(|state| state.people.follows(&self.name, account))
    }

    /// Returns the chat with an account, oldest message first.
    pub fn chat(&self, account: &str) -> Vec<ChatMessage> {
        self.simulation.shared.read(|state| state.chats.of(&self.name, account))
    }

    /// Returns the SMS to the person's number, oldest first.
    pub fn sms(&self) -> Vec<Sms> {
        self.simulation.shared.read(|state| state.sms.to(&self.phone))
    }

    /// Waits for the first SMS with an id over `after` (0 for any); `None` when `within` is over before.
    pub async fn next_sms(&self, after: u64, within: Duration) -> Option<Sms> {
        let mut revision = self.simulation.shared.watch();
        let arrival = async {
            loop {
                revision.mark_unchanged();
                if let Some(sms) = self.sms().into_iter().find(|sms| sms.id > after) {
                    return Some(sms);
                }
                revision.changed().await.ok()?;
            }
        };
        timeout(within, arrival).await.ok().flatten()
    }
}
