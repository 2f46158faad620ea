//! What is asked on a terminal, and what arguments have to be.

use std::io::{self, IsTerminal, Write};

use saoma_api::config::Language;

use crate::cli::{command_error::CommandError, output::say};

/// A text in Chinese and in English.
pub(super) type Both = (String, String);

/// Says why a text is no answer.
type Rule = fn(&str) -> Result<(), Both>;

/// Something to be said by an argument, or by the answer to a question.
pub(super) struct Question {
    pub(super) argument: &'static str,
    /// The question.
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
    pub(super) rule: Rule,
}

/// Takes what arguments say, and asks for what they lack where there is a terminal.
#[derive(Clone, Copy)]
pub(super) struct Questions {
    language: Language,
    asks: bool,
}

impl Questions {
    pub(super) fn new(language: Language) -> Self {
        Self { language, asks: io::stdin().is_terminal() }
    }

    /// Returns whether there is a terminal to ask on.
    pub(super) const fn can_ask(self) -> bool {
        self.asks
    }

    /// Returns what the argument says, or else the answer to the question.
    ///
    /// # Errors
    /// [`CommandError::Misused`] naming the argument that is missing or wrong.
    pub(super) fn needed(self, given: Option<&str>, question: &Question) -> Result<String, CommandError> {
        let argument = question.argument;
        if let Some(text) = given.map(str::trim).filter(|text| !text.is_empty()) {
            let wrong = |why| CommandError::Misused(format!("{argument}: {}", self.text(why)));
            return (question.rule)(text).map(|()| text.to_owned()).map_err(wrong);
        }
        if !self.asks {
            return Err(CommandError::Misused(self.text((
                format!("缺少参数 {argument}，这里也没有终端可以询问"),
                format!("{argument} is missing, and there is no terminal to ask"),
            ))));
        }
        loop {
            if let Some(answer) = self.asked(question)? {
                return Ok(answer);
            }
        }
    }

    /// Asks until the answer is right or empty; `None` for an empty one.
    pub(super) fn asked(self, question: &Question) -> Result<Option<String>, CommandError> {
        loop {
            prompt(&self.text((question.zh.to_owned(), question.en.to_owned())))?;
            let mut line = String::new();
            if io::stdin().read_line(&mut line).map_err(|error| failed(&error))? == 0 {
                return Err(CommandError::Misused(format!("{}: ?", question.argument)));
            }
            let answer = line.trim();
            match (question.rule)(answer) {
                _ if answer.is_empty() => return Ok(None),
                Ok(()) => return Ok(Some(answer.to_owned())),
                Err(why) => say(&format!("  ✗ {}", self.text(why))),
            }
        }
    }

    fn text(self, (zh, en): Both) -> String {
        match self.language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }
}

fn failed(error: &io::Error) -> CommandError {
    CommandError::Failed(error.to_string())
}

#[expect(clippy::print_stdout, reason = "a question stands on the line of its answer")]
fn prompt(text: &str) -> Result<(), CommandError> {
    print!("{text}");
    io::stdout().flush().map_err(|error| failed(&error))
}
