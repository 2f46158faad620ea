//! The name of a client's device, from its user agent.

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

/// Returns browser and system in two words, or the name of a program that is no browser; `None` for any other
/// user agent.
///
/// No other part of a user agent is shown, since the text stands in a message of the official account.
pub(crate) fn device_name(user_agent: &str) -> Option<String> {
    match (first(&BROWSERS, user_agent), first(&SYSTEMS, user_agent)) {
        (Some(browser), Some(system)) => Some(format!("{browser} · {system}")),
        (Some(name), None) | (None, Some(name)) => Some(name.to_owned()),
        (None, None) => program_name(user_agent).map(str::to_owned),
    }
}

fn first(names: &[(&str, &'static str)], user_agent: &str) -> Option<&'static str> {
    names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
}

/// Returns the name of a program that calls itself `name/version`.
fn program_name(user_agent: &str) -> Option<&str> {
    let (name, _) = user_agent.split_once('/')?;
    let is_plain =
        (1..=20).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_plain.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_by_browser_and_system() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/142.0.0.0 Safari/537.36";
        assert_eq!(device_name(chrome).as_deref(), Some("Chrome · Windows"));
        assert_eq!(device_name(&format!("{chrome} Edg/142.0")).as_deref(), Some("Edge · Windows"));
        assert_eq!(device_name("curl/8.5.0").as_deref(), Some("curl"));
        for nameless in ["", "Verify now: https://evil.example/a", "evil.example/a", "{site}/1"] {
            assert_eq!(device_name(nameless), None);
        }
    }
}
