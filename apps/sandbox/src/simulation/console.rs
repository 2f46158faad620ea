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

    /// Makes all tokens of an account useless; returns how many.
    pub(crate) fn kill_tokens(&self, account: &str) -> Result<usize, SandboxError> {
        let account = self.world.account(account)?;
        Ok(self.world.write(|state| state.tokens.kill(&account.app_id)))
    }

    /// Lets time pass.
    pub(crate) fn advance_clock(&self, by: Duration) {
        self.world.clock().advance(by);
        self.world.touch();
    }
}
