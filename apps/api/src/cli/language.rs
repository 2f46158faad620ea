//! The language in which a command speaks.

use saoma_api::config::Language;

#[derive(clap::Args)]
pub(super) struct LanguageOption {
    /// The language; by the environment (`LC_ALL`, `LC_MESSAGES`, `LANG`) when left out
    #[arg(long, value_parser = parse)]
    lang: Option<Language>,
}

impl LanguageOption {
    /// Returns the language that was asked for, or that of the terminal.
    pub(super) fn language(&self) -> Language {
        self.lang.unwrap_or_else(of_environment)
    }
}

fn parse(text: &str) -> Result<Language, String> {
    match text {
        "zh" => Ok(Language::Chinese),
        "en" => Ok(Language::English),
        other => Err(format!("`{other}` is none of zh, en")),
    }
}

fn of_environment() -> Language {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set).unwrap_or_default();
    if locale.starts_with("zh") { Language::Chinese } else { Language::English }
}
