//! `saoma errcode`

use saoma_api::errcodes;

use super::{command_error::CommandError, language::LanguageOption, output::say};

#[derive(clap::Args)]
pub(super) struct Options {
    /// The code, such as 40164; all codes as a page in Markdown when left out
    #[arg(allow_negative_numbers = true)]
    code: Option<String>,
    #[command(flatten)]
    language: LanguageOption,
}

/// Says what a code means, and what to do.
pub(super) fn errcode(options: &Options) -> Result<(), CommandError> {
    let language = options.language.language();
    let Some(code) = &options.code else {
        say(errcodes::page(language).trim_end());
        return Ok(());
    };
    match errcodes::explain(code, language) {
        Some(text) => say(&text),
        None => return Err(CommandError::Failed(errcodes::unknown(code, language))),
    }
    Ok(())
}
