//! What the official account says in the chat after a scan.

mod device;
mod own_texts;
mod replies_to;
mod standing;
mod template;
mod texts;

use std::collections::BTreeMap;

use saoma_domain::{
    login::{ClientInfo, PhoneLink, WRONG_NUMBERS},
    services::ScanReply,
    time::Timestamp,
    wechat::{AppKind, AppName},
};
use time::{OffsetDateTime, UtcOffset, macros::format_description};

use crate::config::{AppConfig, Confirm, WechatConfig};
pub(crate) use device::device_name;
pub(crate) use own_texts::OwnTexts;
pub(crate) use replies_to::{Fields, answers_by_name, reply_to};
pub(crate) use standing::{StandingReplies, name_is_wanted};
use template::fill;
use texts::{ChatTexts, texts};

/// Returns what each official account tells a person to whose account another identity came by the number alone.
pub(crate) fn notices(wechat: &WechatConfig, site: &str) -> BTreeMap<AppName, String> {
    let text = |app: &AppConfig| {
        let template = app.chat.replies.identity_added.as_deref();
        fill(template.unwrap_or(texts(app.chat.language).identity_added), &[("site", site)])
    };
    wechat.apps_of(AppKind::OfficialAccount).map(|app| (app.name.clone(), text(app))).collect()
}

/// The site as the chat names it, and where its pages for the phone are.
pub(crate) struct ChatSite {
    /// Its name.
    pub(crate) name: String,
    /// Its host.
    pub(crate) host: String,
    /// The address of the service, without a slash at its end.
    pub(crate) base: String,
}

impl ChatSite {
    /// Returns where the phone that scanned says whether it lets the client in.
    pub(crate) fn confirm(&self, link: &PhoneLink) -> String {
        format!("{}/c/{}", self.base, link.reveal())
    }

    /// Returns where a person says that they did not mean to log in.
    pub(crate) fn not_me(&self, link: &PhoneLink) -> String {
        format!("{}/n/{}", self.base, link.reveal())
    }
}

/// Returns the message that answers a scan; `None` where the app is to say nothing. The embedder's `own` words stand in place
/// of the configuration's. A notice, and where to answer, is told in any case.
pub(crate) fn chat_reply(
    app: &AppConfig,
    site: &ChatSite,
    reply: &ScanReply,
    own: Option<String>,
) -> Option<String> {
    if let ScanReply::NotAdmitted { text } = reply
        && !text.is_empty()
    {
        return Some(text.clone());
    }
    let notice = reply.client().and_then(|client| client.notice).map(str::to_owned);
    match (own.map(|own| with_not_me(app, site, reply, own)).or_else(|| said(app, site, reply)), notice) {
        (Some(said), Some(notice)) => Some(format!("{said}\n\n{notice}")),
        (said, notice) => said.or(notice),
    }
}

/// Adds where to say that it was not the person, where a text does not say it.
fn with_not_me(app: &AppConfig, site: &ChatSite, reply: &ScanReply, text: String) -> String {
    match reply.client().and_then(|client| client.not_me) {
        Some(link) if app.chat.confirm != Confirm::None => {
            with_link(&text, texts(app.chat.language).not_me, &site.not_me(link))
        }
        Some(_) | None => text,
    }
}

/// Fills the link into a text, or adds a line with it.
fn with_link(text: &str, line: &str, link: &str) -> String {
    let filled = [("link", link)];
    match text.contains("{link}") {
        true => fill(text, &filled),
        false => format!("{text}\n{}", fill(line, &filled)),
    }
}

fn said(app: &AppConfig, site: &ChatSite, reply: &ScanReply) -> Option<String> {
    let (texts, own) = (texts(app.chat.language), &app.chat.replies);
    if app.chat.confirm == Confirm::None && !matches!(reply, ScanReply::Asked { .. }) {
        return None;
    }
    let (own, text) = match reply {
        ScanReply::Asked { in_chat: false, .. } => (&own.asked, texts.asked),
        ScanReply::Asked { tries_left, .. } if *tries_left < WRONG_NUMBERS => {
            (&own.wrong_number, texts.wrong_number)
        }
        ScanReply::Asked { .. } => (&own.asked_number, texts.asked_number),
        ScanReply::LoggedIn { .. } => (&own.logged_in, texts.logged_in),
        ScanReply::Linked { .. } => (&own.linked, texts.linked),
        ScanReply::GoOn { .. } => (&own.go_on, texts.go_on),
        ScanReply::Refused => (&own.refused, texts.refused),
        ScanReply::Disabled => (&own.disabled, texts.disabled),
        ScanReply::NotAdmitted { .. } => (&own.not_admitted, texts.not_admitted),
        ScanReply::ByAnother => (&own.taken, texts.taken),
        ScanReply::Over(_) => (&own.expired, texts.expired),
        ScanReply::LinkRefused => (&own.link_refused, texts.link_refused),
        ScanReply::RegistrationClosed => (&own.registration_closed, texts.registration_closed),
        // The chat does not tell where a phone is.
        ScanReply::Elsewhere | ScanReply::Foreign => return None,
    };
    let by_message = app.login_by.is_message().then(|| texts.by_message.of(reply)).flatten();
    let template = own.as_deref().unwrap_or(by_message.unwrap_or(text));
    let text = match reply.client() {
        Some(client) => with_client(template, &site.name, client.client_info, client.at, texts),
        None => fill(template, &[("site", &site.name)]),
    };
    let ScanReply::Asked { link, tries_left, .. } = reply else {
        return Some(with_not_me(app, site, reply, text));
    };
    let text = fill(&text, &[("tries", &tries_left.to_string())]);
    Some(with_link(&text, texts.answer, &site.confirm(link)))
}

/// Why a message that looks like the code of a login leads to none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WrongCode {
    /// No login waits for it any more.
    Unknown,
    /// The person sent too many wrong ones.
    TooMany,
}

impl WrongCode {
    /// Returns it in one word of journal and metrics.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown_code",
            Self::TooMany => "too_many_codes",
        }
    }
}

/// Returns what the chat says to a code that leads to no login.
pub(crate) fn wrong_code_reply(app: &AppConfig, site: &ChatSite, wrong: WrongCode) -> String {
    let (texts, own) = (texts(app.chat.language), &app.chat.replies);
    let (own, text) = match wrong {
        WrongCode::Unknown => (&own.code_unknown, texts.code_unknown),
        WrongCode::TooMany => (&own.too_many_codes, texts.too_many_codes),
    };
    fill(own.as_deref().unwrap_or(text), &[("site", &site.name)])
}

/// Fills in who asked for the login, so that the person can tell whether it was their own device.
fn with_client(template: &str, site: &str, client: &ClientInfo, at: Timestamp, texts: &ChatTexts) -> String {
    let browser = device_name(&client.user_agent);
    let browser = browser.as_deref().unwrap_or(texts.unknown);
    let address = if client.ip.is_empty() { texts.unknown } else { &client.ip };
    let time = china_time(at);
    fill(template, &[("site", site), ("browser", browser), ("address", address), ("time", &time)])
}

/// Returns the time of day in China, where WeChat's users are.
pub(crate) fn china_time(at: Timestamp) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute] (UTC+8)");
    let offset = UtcOffset::from_hms(8, 0, 0).unwrap_or(UtcOffset::UTC);
    let time = OffsetDateTime::from_unix_timestamp(at.as_secs()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.to_offset(offset).format(&format).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_that_of_china() {
        assert_eq!(china_time(Timestamp::from_secs(1_763_610_000)), "2025-11-20 11:40 (UTC+8)");
    }
}
