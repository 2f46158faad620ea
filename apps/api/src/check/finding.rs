//! What trying one part came to.

use serde_json::{Value, json};

use crate::config::Language;

/// A sentence in the two languages that operators read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

impl Text {
    /// Makes a sentence.
    pub(super) fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// Returns the sentence in a language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

/// How good a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It works.
    Ok,
    /// It works, and something about it is better changed.
    Warning,
    /// It does not work.
    Wrong,
}

impl Level {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Wrong => "wrong",
        }
    }
}

/// The result of trying one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The key of the configuration that names the part.
    pub key: String,
    /// How good it is.
    pub level: Level,
    /// What was tried and what came.
    pub found: Text,
    /// What to do; empty where nothing has to be done.
    pub advice: Text,
}

impl Finding {
    pub(super) fn ok(key: impl Into<String>, en: impl Into<String>, zh: impl Into<String>) -> Self {
        let (key, found) = (key.into(), Text::new(en, zh));
        Self { key, level: Level::Ok, found, advice: Text::default() }
    }

    pub(super) fn warning(key: impl Into<String>, found: Text, advice: Text) -> Self {
        Self { key: key.into(), level: Level::Warning, found, advice }
    }

    pub(super) fn wrong(key: impl Into<String>, found: Text, advice: Text) -> Self {
        Self { key: key.into(), level: Level::Wrong, found, advice }
    }

    /// Returns it as a line for people.
    pub fn line(&self, language: Language) -> String {
        let Self { key, level, found, advice } = self;
        let (found, advice) = (found.get(language), advice.get(language));
        let mark = match language {
            Language::Chinese => "处理：",
            Language::English => "to do: ",
        };
        let advice = if advice.is_empty() { String::new() } else { format!("\n        {mark}{advice}") };
        format!("{:<5} {key}: {found}{advice}", level.as_str())
    }

    /// Returns it for programs.
    pub fn json(&self, language: Language) -> Value {
        let Self { key, level, found, advice } = self;
        json!({
            "key": key,
            "level": level.as_str(),
            "found": found.get(language),
            "advice": advice.get(language),
        })
    }
}
