//! The keys of a `[[wechat.apps]]` section that say what the chat says after a scan.

use super::section::Section;

/// What the chat says after a scan.
#[derive(Clone, Debug)]
pub struct ChatConfig {
    /// Whether it says anything.
    pub confirm: Confirm,
    /// The language.
    pub language: Language,
    /// Texts of the operator in place of the built-in ones.
    pub replies: ReplyTexts,
}

/// Whether the chat says anything after a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// Nothing.
    None,
    /// Which client asked for the login, and how the login goes on.
    Notify,
}

/// The language of the chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Chinese,
    /// English.
    English,
}

/// Texts of the operator in place of the built-in ones; `{site}`, `{browser}`, `{address}` and `{time}` are filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyTexts {
    /// After a scan by a person who has an account.
    pub logged_in: Option<String>,
    /// After a scan by a new person, who still has to bind a phone number.
    pub go_on: Option<String>,
    /// After a scan by a person whose account is disabled.
    pub disabled: Option<String>,
    /// After a scan by a person whom the site's gate does not admit, where the gate has no words of its own.
    pub not_admitted: Option<String>,
    /// After the scan of a code that another person scanned before.
    pub taken: Option<String>,
    /// After the scan of an expired code.
    pub expired: Option<String>,
    /// After the scan of a code that was to link the person to an account, where that is refused.
    pub link_refused: Option<String>,
    /// After the scan by a person who has no account, where new ones are not made.
    pub registration_closed: Option<String>,
    /// After the scan of a code that linked the person to an account.
    pub linked: Option<String>,
    /// To the other persons of an account to which an identity came by the phone number alone; only `{site}` is filled
    /// in.
    pub identity_added: Option<String>,
}

pub(super) fn read(section: &mut Section<'_>) -> ChatConfig {
    let languages = [("zh", Language::Chinese), ("en", Language::English)];
    ChatConfig {
        confirm: confirm(section),
        language: section.choice("language", &languages, Language::Chinese),
        replies: section.section("replies", replies),
    }
}

fn confirm(section: &mut Section<'_>) -> Confirm {
    let choices =
        [("notify", Some(Confirm::Notify)), ("none", Some(Confirm::None)), ("click", None), ("number", None)];
    section.choice("confirm", &choices, Some(Confirm::Notify)).unwrap_or_else(|| {
        section.problem("confirm", "`click` and `number` are not available in this version");
        Confirm::Notify
    })
}

fn replies(section: &mut Section<'_>) -> ReplyTexts {
    ReplyTexts {
        logged_in: section.text("logged_in"),
        go_on: section.text("go_on"),
        disabled: section.text("disabled"),
        not_admitted: section.text("not_admitted"),
        taken: section.text("taken"),
        expired: section.text("expired"),
        link_refused: section.text("link_refused"),
        registration_closed: section.text("registration_closed"),
        linked: section.text("linked"),
        identity_added: section.text("identity_added"),
    }
}
