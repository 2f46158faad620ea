//! What an operator does in WeChat's console, and what only a simulation can do.

use std::time::Duration;

use super::Simulation;
use crate::SandboxError;
use crate::account::parse_callback_url;

impl Simulation {
    /// Says where the events of an account go from now on.
    pub(crate) fn set_callback_url(&self, account: &str, url: &str) -> Result<(), SandboxError> {
        let url = parse_callback_url(url)?;
        let name = self.world.account(account)?.name.clone();
        self.world.write(|state| state.callback_urls.insert(name, url));
        Ok(())
    }

    /// Checks the callback URL as the console does; `false` where none is set.
    pub(crate) async fn check_callback_url(&self, account: &str) -> Result<bool, SandboxError> {
        let account = self.world.account(account)?;
        match self.world.read(|state| state.callback_urls.get(&account.name).cloned()) {
            Some(url) => self.courier.check_url(&self.world, account, &url).await,
            None => Ok(false),
        }
    }

    /// Makes all access tokens of an app useless; returns how many.
    pub(crate) fn kill_tokens(&self, app: &str) -> Result<usize, SandboxError> {
        let app = self.world.app(app)?;
        Ok(self.world.write(|state| state.tokens.kill(app.app_id)))
    }

    /// Binds an app to an open platform account from now on, or to none.
    pub(crate) fn bind_open_account(
        &self,
        app: &str,
        open_account: Option<&str>,
    ) -> Result<(), SandboxError> {
        let name = self.world.app(app)?.name.to_owned();
        self.world.write(|state| match open_account {
            Some(open_account) => state.open_accounts.insert(name, open_account.to_owned()),
            None => state.open_accounts.remove(&name),
        });
        Ok(())
    }

    /// Says whether WeChat's risk control keeps a person out of mini programs.
    pub(crate) fn set_high_risk(&self, person: &str, high_risk: bool) -> Result<(), SandboxError> {
        self.world.write(|state| {
            let record = state.people.get_mut(person);
            let record = record.ok_or_else(|| SandboxError::UnknownPerson(person.to_owned()))?;
            record.high_risk = high_risk;
            Ok(())
        })
    }

    /// Lets time pass.
    pub(crate) fn advance_clock(&self, by: Duration) {
        self.world.clock().advance(by);
        self.world.touch();
    }
}
