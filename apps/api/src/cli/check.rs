//! `saoma check`

use super::{command_error::CommandError, config_file::ConfigFile, output::say};

/// Reads the configuration, tries every part, and says which of them do not work.
pub(super) async fn check(file: &ConfigFile) -> Result<(), CommandError> {
    let config = file.load()?;
    say("ok    every key of the configuration");
    let findings = saoma_api::check(&config).await;
    let mut wrong = 0;
    for finding in &findings {
        match &finding.outcome {
            Ok(fine) => say(&format!("ok    {}: {fine}", finding.key)),
            Err(problem) => {
                wrong += 1;
                say(&format!("wrong {}: {problem}", finding.key));
            }
        }
    }
    match wrong {
        0 => Ok(()),
        1 => Err(CommandError::Failed("one part does not work".to_owned())),
        parts => Err(CommandError::Failed(format!("{parts} parts do not work"))),
    }
}
