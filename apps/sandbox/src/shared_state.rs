//! The configuration, and the state behind one lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use saoma_domain::wechat::AppKind;
use tokio::sync::watch;

use crate::apps::{App, MiniProgram, OfficialAccount};
use crate::config::SandboxConfig;
use crate::error::SandboxError;
use crate::random::SeededRandom;
use crate::state::State;

/// The state that all calls share, and a revision number that watchers wait for.
#[derive(Debug)]
pub(crate) struct SharedState {
    pub(crate) config: SandboxConfig,
    pub(crate) random: SeededRandom,
    state: Mutex<State>,
    revision: watch::Sender<u64>,
}

impl SharedState {
    pub(crate) fn new(config: SandboxConfig, seed: &[u8; 32]) -> Result<Self, SandboxError> {
        let state = Mutex::new(State::new(&config)?);
        let (revision, _) = watch::channel(0);
        Ok(Self { config, random: SeededRandom::new(seed), state, revision })
    }

    /// Returns WeChat's time in Unix seconds.
    pub(crate) fn now(&self) -> i64 {
        self.config.clock.now()
    }

    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    /// Changes the state and notifies the watchers.
    pub(crate) fn write<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.touch();
        result
    }

    /// Notifies the watchers.
    pub(crate) fn touch(&self) {
        self.revision.send_modify(|revision| *revision += 1);
    }

    /// Returns the revision number, which grows with every change.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    /// Returns the official account of this name.
    pub(crate) fn account(&self, name: &str) -> Result<&OfficialAccount, SandboxError> {
        let found = self.config.accounts.iter().find(|account| account.name == name);
        found.ok_or_else(|| SandboxError::UnknownAccount(name.to_owned()))
    }

    /// Returns the app of this name, of whatever kind.
    pub(crate) fn app(&self, name: &str) -> Result<App<'_>, SandboxError> {
        let found = self.config.apps().find(|app| app.name == name);
        found.ok_or_else(|| SandboxError::UnknownApp(name.to_owned()))
    }

    /// Returns the mini program of this name.
    pub(crate) fn mini_program(&self, name: &str) -> Result<App<'_>, SandboxError> {
        self.app_of_kind(AppKind::MiniProgram, name)
    }

    /// Returns how the mini program of this name is configured.
    pub(crate) fn mini_program_config(&self, name: &str) -> Option<&MiniProgram> {
        self.config.mini_programs.iter().find(|program| program.name == name)
    }

    /// Returns the app of this kind and name.
    pub(crate) fn app_of_kind(&self, kind: AppKind, name: &str) -> Result<App<'_>, SandboxError> {
        let app = self.app(name)?;
        if app.kind == kind { Ok(app) } else { Err(SandboxError::UnknownApp(name.to_owned())) }
    }

    /// Returns the app of this app id.
    pub(crate) fn app_by_id(&self, app_id: &str) -> Option<App<'_>> {
        self.config.apps().find(|app| app.app_id == app_id)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
