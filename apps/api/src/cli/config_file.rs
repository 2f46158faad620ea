//! The configuration that a command reads.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use saoma_api::config::Config;

use super::command_error::CommandError;

#[derive(clap::Args)]
pub(super) struct ConfigFile {
    /// The configuration; without it `saoma.toml` if there is one, and the environment (`SAOMA__SECTION__KEY`)
    #[arg(long, global = true)]
    config: Option<PathBuf>,
}

impl ConfigFile {
    /// Returns the file to read: the one that the arguments name, or `saoma.toml` if there is one.
    pub(super) fn path(&self) -> Option<&Path> {
        let default = Path::new("saoma.toml");
        self.config.as_deref().or_else(|| default.exists().then_some(default))
    }

    /// Reads the configuration from the file and the environment.
    ///
    /// # Errors
    /// [`CommandError::Misused`] with everything that is wrong.
    pub(super) fn load(&self) -> Result<Config, CommandError> {
        let config = Config::load(self.path(), environment());
        config.map_err(|error| match self.path() {
            Some(_) => CommandError::from(error),
            None => CommandError::Misused(format!(
                "{error}\nthere is no saoma.toml here; to try saoma without one: saoma demo"
            )),
        })
    }
}

/// Returns the environment, without what no key could be.
pub(super) fn environment() -> impl Iterator<Item = (String, String)> {
    let utf8 =
        |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
    std::env::vars_os().filter_map(utf8)
}
