//! The keys of a `[[wechat.apps]]` section that say what the chat says after a scan.

use saoma_domain::{nearness::WhenElsewhere, services::ConfirmBy, wechat::AppKind};

use super::section::Section;

/// What the chat says after a scan.
#[derive(Clone, Debug)]
pub struct ChatConfig {
    /// What the phone is asked or told.
    pub confirm: Confirm,
    /// What is done about a phone that is elsewhere than the client that it lets in.
    pub elsewhere: WhenElsewhere,
    /// The language.
    pub language: Language,
    /// Texts of the operator in place of the built-in ones.
    pub replies: ReplyTexts,
}

/// What the phone is asked or told after a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// Nothing.
    None,
    /// Which client asked for the login, how the login goes on, and where to say that it was not the person.
    Notify,
    /// The phone is asked first, on a page.
    Click,
    /// The phone is asked first, for the digits that the client shows.
    Number,
}

impl Confirm {
    /// Returns how the phone says yes; `None` where it is not asked.
    pub(crate) const fn by(self) -> Option<ConfirmBy> {
        match self {
            Self::None | Self::Notify => None,
            Self::Click => Some(ConfirmBy::Click),
            Self::Number => Some(ConfirmBy::Number),
        }
    }
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
    /// After a scan where the phone is asked first; `{link}` is where it answers.
    pub asked: Option<String>,
    /// The same where it is asked for digits.
    pub asked_number: Option<String>,
    /// After wrong digits; `{tries}` are left.
    pub wrong_number: Option<String>,
    /// After the phone refused.
    pub refused: Option<String>,
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
    /// After a message that looks like the code of a login and is none, where an account's logins begin with a message.
    pub code_unknown: Option<String>,
    /// After too many of them.
    pub too_many_codes: Option<String>,
    /// After the scan of a code that linked the person to an account.
    pub linked: Option<String>,
    /// To the other persons of an account to which an identity came by the phone number alone; only `{site}` is filled
    /// in.
    pub identity_added: Option<String>,
}

pub(super) fn read(section: &mut Section<'_>, kind: AppKind, has_login_page: bool) -> ChatConfig {
    if kind == AppKind::MobileApp {
        for key in ["confirm", "elsewhere", "language", "replies"] {
            if section.has(key) {
                section.problem(key, "a mobile application has no chat");
            }
        }
    }
    let languages = [("zh", Language::Chinese), ("en", Language::English)];
    let confirm = confirm(section);
    ChatConfig {
        confirm,
        elsewhere: elsewhere(section, confirm, (kind, has_login_page)),
        language: section.choice("language", &languages, Language::Chinese),
        replies: section.section("replies", replies),
    }
}

fn confirm(section: &mut Section<'_>) -> Confirm {
    let choices = [
        ("notify", Confirm::Notify),
        ("none", Confirm::None),
        ("click", Confirm::Click),
        ("number", Confirm::Number),
    ];
    section.choice("confirm", &choices, Confirm::Notify)
}

fn elsewhere(
    section: &mut Section<'_>,
    confirm: Confirm,
    (kind, has_login_page): (AppKind, bool),
) -> WhenElsewhere {
    let choices = [
        ("say", WhenElsewhere::Say),
        ("number", WhenElsewhere::AskNumber),
        ("refuse", WhenElsewhere::Refuse),
    ];
    let elsewhere = section.choice("elsewhere", &choices, WhenElsewhere::Say);
    if has_login_page {
        if elsewhere == WhenElsewhere::AskNumber {
            let message = "the page of a mini program has no field for the digits: `say` or `refuse`";
            section.problem("elsewhere", message);
        }
        return elsewhere;
    }
    if elsewhere != WhenElsewhere::Say && kind == AppKind::MiniProgram {
        section.problem("elsewhere", "needs `login_page`: only the page of a code is asked about a client");
        return elsewhere;
    }
    if elsewhere != WhenElsewhere::Say && confirm.by().is_none() && !section.has_problem_with("confirm") {
        let message = "needs `confirm = \"click\"` or `confirm = \"number\"`: where a phone is, is known once it answers";
        section.problem("elsewhere", message);
    }
    elsewhere
}

fn replies(section: &mut Section<'_>) -> ReplyTexts {
    ReplyTexts {
        logged_in: section.text("logged_in"),
        asked: section.text("asked"),
        asked_number: section.text("asked_number"),
        wrong_number: section.text("wrong_number"),
        refused: section.text("refused"),
        go_on: section.text("go_on"),
        disabled: section.text("disabled"),
        not_admitted: section.text("not_admitted"),
        taken: section.text("taken"),
        expired: section.text("expired"),
        link_refused: section.text("link_refused"),
        registration_closed: section.text("registration_closed"),
        code_unknown: section.text("code_unknown"),
        too_many_codes: section.text("too_many_codes"),
        linked: section.text("linked"),
        identity_added: section.text("identity_added"),
    }
}
