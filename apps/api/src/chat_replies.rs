//! What the phone is told after a scan.

use saoma_domain::{login::ClientInfo, services::ScanReply, time::Timestamp};
use time::{OffsetDateTime, UtcOffset, macros::format_description};

use crate::config::{AppConfig, Confirm, Language};

/// Who asked for the login, in the words of the texts.
struct Notice<'a> {
    site: &'a str,
    browser: String,
    address: &'a str,
    time: String,
}

/// Returns what the phone is told, or `None` for nothing.
pub(crate) fn reply(app: &AppConfig, site: &str, reply: &ScanReply) -> Option<String> {
    if app.confirm == Confirm::None {
        return None;
    }
    let texts = match app.language {
        Language::Chinese => &CHINESE,
        Language::English => &ENGLISH,
    };
    let own = &app.replies;
    match reply {
        ScanReply::LoggedIn { client_info, at } => Some(filled(
            own.logged_in.as_deref().unwrap_or(texts.logged_in),
            &notice(site, client_info, *at, texts),
        )),
        ScanReply::Linked { client_info, at } => Some(filled(
            own.linked.as_deref().unwrap_or(texts.linked),
            &notice(site, client_info, *at, texts),
        )),
        ScanReply::GoOn { client_info, at } => {
            Some(filled(own.go_on.as_deref().unwrap_or(texts.go_on), &notice(site, client_info, *at, texts)))
        }
        ScanReply::ByAnother => Some(own.taken.as_deref().unwrap_or(texts.taken).replace("{site}", site)),
        ScanReply::Over(_) => Some(own.expired.as_deref().unwrap_or(texts.expired).replace("{site}", site)),
        ScanReply::LinkRefused => {
            Some(own.link_refused.as_deref().unwrap_or(texts.link_refused).replace("{site}", site))
        }
        ScanReply::Foreign => None,
    }
}

struct Texts {
    logged_in: &'static str,
    linked: &'static str,
    go_on: &'static str,
    taken: &'static str,
    expired: &'static str,
    link_refused: &'static str,
    unknown: &'static str,
}

const CHINESE: Texts = Texts {
    logged_in: "已登录 {site}\n设备：{browser}\n地址：{address}\n时间：{time}\n\
                若非本人操作，请立即在该网站退出所有设备，不要扫描陌生人发来的二维码。",
    linked: "此微信已绑定到 {site} 的账号，并已登录\n设备：{browser}\n地址：{address}\n时间：{time}\n\
             若非本人操作，此账号可能属于他人：请不要继续使用，并联系该网站解除绑定。",
    go_on: "扫码成功，请在 {site} 的页面上继续\n设备：{browser}\n地址：{address}\n时间：{time}\n\
            若非本人操作请忽略，不要把手机号或验证码告诉他人。",
    taken: "此二维码已被其他微信用户扫描，请刷新页面后重新扫码。",
    expired: "此二维码已失效，请刷新页面后重新扫码。",
    link_refused: "无法绑定：此微信已绑定 {site} 的其他账号，或该账号已绑定其他微信。",
    unknown: "未知",
};

const ENGLISH: Texts = Texts {
    logged_in: "Logged in to {site}\nDevice: {browser}\nAddress: {address}\nTime: {time}\n\
                If this was not you, log out of all devices there now. Never scan a code from a stranger.",
    linked: "This WeChat was added to an account of {site} and logged in\nDevice: {browser}\nAddress: {address}\n\
             Time: {time}\nIf this was not you, the account may be a stranger's: do not use it, and ask the site to \
             remove this WeChat.",
    go_on: "Scanned. Go on at {site}\nDevice: {browser}\nAddress: {address}\nTime: {time}\n\
            If this was not you, ignore it. Never tell anybody your phone number or the code.",
    taken: "Another WeChat user has scanned this code. Reload the page and scan again.",
    expired: "This code is no longer valid. Reload the page and scan again.",
    link_refused: "Not added: this WeChat belongs to another account of {site}, or the account has another WeChat.",
    unknown: "unknown",
};

fn notice<'a>(site: &'a str, client_info: &'a ClientInfo, at: Timestamp, texts: &Texts) -> Notice<'a> {
    let address = if client_info.ip.is_empty() { texts.unknown } else { &client_info.ip };
    Notice { site, browser: device(&client_info.user_agent, texts.unknown), address, time: china_time(at) }
}

fn filled(template: &str, notice: &Notice<'_>) -> String {
    let mut text = String::new();
    let mut rest = template;
    // One pass, so that what a client calls itself cannot bring in a placeholder of its own.
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let known = [
            ("site}", notice.site),
            ("browser}", &notice.browser),
            ("address}", notice.address),
            ("time}", &notice.time),
        ];
        match known.iter().find_map(|(name, value)| Some((*value, after.strip_prefix(name)?))) {
            Some((value, after)) => {
                text.push_str(value);
                rest = after;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

/// Returns browser and system in two words, or the name of a program that is no browser.
///
/// Nothing else of what a client calls itself is shown: it would stand in a message of the account.
fn device(user_agent: &str, unknown: &str) -> String {
    const BROWSERS: [(&str, &str); 6] = [
        ("MicroMessenger/", "WeChat"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (first(&BROWSERS), first(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => program(user_agent).unwrap_or(unknown).to_owned(),
    }
}

/// Returns the name of a program that calls itself `name/version`.
fn program(user_agent: &str) -> Option<&str> {
    let (name, _) = user_agent.split_once('/')?;
    let plain =
        (1..=20).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain.then_some(name)
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
    fn a_device_is_named_by_browser_and_system() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/142.0.0.0 Safari/537.36";
        assert_eq!(device(chrome, "?"), "Chrome · Windows");
        assert_eq!(device(&format!("{chrome} Edg/142.0"), "?"), "Edge · Windows");
        assert_eq!(device("curl/8.5.0", "?"), "curl");
        for nameless in ["", "Verify now: https://evil.example/a", "evil.example/a", "{site}/1"] {
            assert_eq!(device(nameless, "?"), "?");
        }
    }

    #[test]
    fn a_client_cannot_bring_in_placeholders() {
        let client_info = ClientInfo::new("{time}", "curl/8.5.0");
        let at = Timestamp::from_secs(1_763_610_000);
        let text =
            filled("{browser}|{address}|{time}|{odd}|{", &notice("s.example", &client_info, at, &ENGLISH));
        assert_eq!(text, "curl|{time}|2025-11-20 11:40 (UTC+8)|{odd}|{");
    }
}
