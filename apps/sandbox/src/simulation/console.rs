//! What an operator does in WeChat's console, and what only a simulation can do.

use std::time::Duration;

use super::Simulation;
use crate::apps::parse_callback_url;
use crate::error::SandboxError;

impl Simulation {
    /// Sets the URL that the events of an account go to from now on.
    pub(crate) fn set_callback_url(&self, account: &str, url: &str) -> Result<(), SandboxError> {
        let url = parse_callback_url(url)?;
        let name = self.shared.account(account)?.name.clone();
        self.shared.write(|state| state.callback_urls.insert(name, url));
        Ok(())
    }

    /// Checks the callback URL as the console does; `false` where none is set.
    pub(crate) async fn check_callback_url(&self, account: &str) -> Result<bool, SandboxError> {
        let account = self.shared.account(account)?;
        match self.shared.read(|state| state.callback_urls.get(&account.name).cloned()) {
            Some(url) => self.callbacks.check_url(&self.shared, account, &url).await,
            None => Ok(false),
        }
    }

    /// Makes all access tokens of an app useless; returns how many.
    pub(crate) fn kill_tokens(&self, app: &str) -> Result<usize, SandboxError> {
        let app = self.shared.app(app)?;
        Ok(self.shared.write(|state| state.access_tokens.kill(app.app_id)))
    }

    /// Binds an app to an open-platform account from now on, or to none.
    pub(crate) fn bind_open_account(
        &self,
        app: &str,
        open_account: Option<&str>,
    ) -> Result<(), SandboxError> {
        let name = self.shared.app(app)?.name.to_owned();
        self.shared.write(|state| match open_account {
            Some(open_account) => state.open_accounts.insert(name, open_account.to_owned()),
            None => state.open_accounts.remove(&name),
        });
        Ok(())
    }

    /// Moves WeChat's clock forward.
    pub(crate) fn advance_clock(&self, by: Duration) {
        self.shared.config.clock.advance(by);
        self.shared.touch();
    }
}
