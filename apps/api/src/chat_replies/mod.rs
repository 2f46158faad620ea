//! What the official account says in the chat after a scan.

mod device;
mod own_texts;
mod replies_to;
mod standing;
mod template;
mod texts;

use std::collections::BTreeMap;

use saoma_domain::{
    login::ClientInfo,
    services::ScanReply,
    time::Timestamp,
    wechat::{AppKind, AppName},
};
use time::{OffsetDateTime, UtcOffset, macros::format_description};

use crate::config::{AppConfig, Confirm, WechatConfig};
use device::device_name;
pub(crate) use own_texts::OwnTexts;
pub(crate) use replies_to::{Fields, reply_to};
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

/// Returns the message that answers a scan; `None` where the app is to say nothing. The embedder's `own` words stand in place
/// of the configuration's. A notice is told in any case.
pub(crate) fn chat_reply(
    app: &AppConfig,
    site: &str,
    reply: &ScanReply,
    own: Option<String>,
) -> Option<String> {
    let notice = match reply {
        ScanReply::LoggedIn { notice, .. } => notice.clone(),
        ScanReply::Linked { .. }
        | ScanReply::GoOn { .. }
        | ScanReply::Disabled
        | ScanReply::NotAdmitted { .. }
        | ScanReply::ByAnother
        | ScanReply::Over(_)
        | ScanReply::LinkRefused
        | ScanReply::RegistrationClosed
        | ScanReply::Foreign => None,
    };
    if let ScanReply::NotAdmitted { text } = reply
        && !text.is_empty()
    {
        return Some(text.clone());
    }
    match (own.or_else(|| said(app, site, reply)), notice) {
        (Some(said), Some(notice)) => Some(format!("{said}\n\n{notice}")),
        (said, notice) => said.or(notice),
    }
}

fn said(app: &AppConfig, site: &str, reply: &ScanReply) -> Option<String> {
    if app.chat.confirm == Confirm::None {
        return None;
    }
    let (texts, own) = (texts(app.chat.language), &app.chat.replies);
    let (own, text, login) = match reply {
        ScanReply::LoggedIn { client_info, at, .. } => {
            (&own.logged_in, texts.logged_in, Some((client_info, *at)))
        }
        ScanReply::Linked { client_info, at } => (&own.linked, texts.linked, Some((client_info, *at))),
        ScanReply::GoOn { client_info, at } => (&own.go_on, texts.go_on, Some((client_info, *at))),
        ScanReply::Disabled => (&own.disabled, texts.disabled, None),
        ScanReply::NotAdmitted { .. } => (&own.not_admitted, texts.not_admitted, None),
        ScanReply::ByAnother => (&own.taken, texts.taken, None),
        ScanReply::Over(_) => (&own.expired, texts.expired, None),
        ScanReply::LinkRefused => (&own.link_refused, texts.link_refused, None),
        ScanReply::RegistrationClosed => (&own.registration_closed, texts.registration_closed, None),
        ScanReply::Foreign => return None,
    };
    let template = own.as_deref().unwrap_or(text);
    Some(match login {
        Some((client, at)) => with_client(template, site, client, at, texts),
        None => fill(template, &[("site", site)]),
    })
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
fn china_time(at: Timestamp) -> String {
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
