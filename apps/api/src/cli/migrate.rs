//! `saoma migrate`

use super::{command_error::CommandError, config_file::ConfigFile, output::say};

/// Brings the database's tables up to date.
pub(super) async fn migrate(file: &ConfigFile) -> Result<(), CommandError> {
    let config = file.load()?;
    let applied =
        saoma_api::migrate(&config).await.map_err(|error| CommandError::from(error).in_file(file.path()))?;
    if applied.is_empty() {
        say("the tables are up to date");
    }
    for change in applied {
        say(&format!("applied {change}"));
    }
    Ok(())
}
