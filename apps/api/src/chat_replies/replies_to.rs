//! What an account without another system behind it answers to what people say and do.

use saoma_wechat::callback::{Article, MessageKind, Reply, ReplyText};

use super::template::fill;
use crate::config::{ReplyContent, ReplyMatch, ReplyOn, ReplyTo};

/// What is filled into a reply.
pub(crate) struct Fields<'a> {
    /// The name of the site: `{site}`.
    pub(crate) site: &'a str,
    /// The person's name in WeChat: `{nickname}`; empty where it is not known.
    pub(crate) nickname: &'a str,
}

/// Returns the answer of the first entry that fits.
pub(crate) fn reply_to(entries: &[ReplyTo], fields: &Fields<'_>, kind: &MessageKind) -> Reply {
    let Some((on, about)) = said(kind) else { return Reply::Success };
    let fits = |entry: &&ReplyTo| {
        (entry.on == ReplyOn::Any || entry.on == on) && is_about(&entry.matches, about.trim())
    };
    entries.iter().find(fits).map_or(Reply::Success, |entry| answer(&entry.content, fields))
}

/// Returns whether an entry is about this very text, key or scene, not about all of its kind.
pub(crate) fn answers_by_name(entries: &[ReplyTo], kind: &MessageKind) -> bool {
    let Some((on, about)) = said(kind) else { return false };
    entries.iter().any(|entry| {
        let is_named = match entry.matches {
            ReplyMatch::Every => false,
            ReplyMatch::Whole(_) | ReplyMatch::Prefix(_) | ReplyMatch::Contains(_) => true,
        };
        is_named && (entry.on == ReplyOn::Any || entry.on == on) && is_about(&entry.matches, about.trim())
    })
}

/// Returns what a person did, and with which text, key or scene; `None` where WeChat shows no answer.
fn said(kind: &MessageKind) -> Option<(ReplyOn, &str)> {
    match kind {
        MessageKind::Text { content } => Some((ReplyOn::Text, content)),
        MessageKind::Subscribe { scene } => Some((ReplyOn::Subscribe, scene.as_deref().unwrap_or_default())),
        MessageKind::Click { key } => Some((ReplyOn::Click, key)),
        MessageKind::Scan { scene } => Some((ReplyOn::Scan, scene)),
        // Pictures, voices and the like are answered by `any` alone.
        MessageKind::Other { .. } => Some((ReplyOn::Any, "")),
        MessageKind::Unsubscribe
        | MessageKind::View { .. }
        | MessageKind::AuthorizationChanged { .. }
        | MessageKind::Location => None,
    }
}

fn is_about(matches: &ReplyMatch, about: &str) -> bool {
    match matches {
        ReplyMatch::Every => true,
        ReplyMatch::Whole(text) => about == text,
        ReplyMatch::Prefix(text) => about.starts_with(text.as_str()),
        ReplyMatch::Contains(text) => about.contains(text.as_str()),
    }
}

fn answer(content: &ReplyContent, fields: &Fields<'_>) -> Reply {
    let fill = |text: &str| fill(text, &[("site", fields.site), ("nickname", fields.nickname)]);
    match content {
        ReplyContent::Text(text) => ReplyText::new(&fill(text)).map_or(Reply::Success, Reply::Text),
        ReplyContent::Image { media_id } => Reply::Image { media_id: media_id.clone() },
        ReplyContent::News { title, description, url, picture } => Reply::News(Article {
            title: fill(title),
            description: fill(description),
            picture: picture.clone(),
            url: url.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(on: ReplyOn, matches: ReplyMatch, text: &str) -> ReplyTo {
        ReplyTo { on, matches, content: ReplyContent::Text(text.to_owned()) }
    }

    fn answered(kind: &MessageKind) -> Option<String> {
        let entries = [
            entry(ReplyOn::Text, ReplyMatch::Whole("帮助".into()), "help"),
            entry(ReplyOn::Text, ReplyMatch::Prefix("查".into()), "search"),
            entry(ReplyOn::Text, ReplyMatch::Contains("退款".into()), "refund"),
            entry(ReplyOn::Click, ReplyMatch::Whole("MENU".into()), "menu of {site} for {nickname}"),
            entry(ReplyOn::Scan, ReplyMatch::Prefix("shop:".into()), "shop"),
            entry(ReplyOn::Subscribe, ReplyMatch::Every, "welcome"),
            entry(ReplyOn::Any, ReplyMatch::Every, "any"),
        ];
        match reply_to(&entries, &Fields { site: "example.com", nickname: "明" }, kind) {
            Reply::Text(text) => Some(format!("{text:?}").replace("ReplyText(\"", "").replace("\")", "")),
            Reply::Success => None,
            Reply::Image { .. } | Reply::News(_) => unreachable!("all are texts"),
        }
    }

    #[test]
    fn the_first_entry_that_fits_answers() {
        let text = |content: &str| MessageKind::Text { content: content.to_owned() };
        for (kind, expected) in [
            (text("帮助"), Some("help")),
            (text(" 帮助\n"), Some("help")),
            (text("帮助我"), Some("any")),
            (text("查退款"), Some("search")),
            (text("我要退款"), Some("refund")),
            (MessageKind::Click { key: "MENU".into() }, Some("menu of example.com for 明")),
            (MessageKind::Click { key: "OTHER".into() }, Some("any")),
            (MessageKind::Scan { scene: "shop:42".into() }, Some("shop")),
            (MessageKind::Subscribe { scene: None }, Some("welcome")),
            (MessageKind::Other { name: "image".into(), key: String::new() }, Some("any")),
            (MessageKind::Unsubscribe, None),
            (MessageKind::View { url: "https://example.com".into() }, None),
            (MessageKind::Location, None),
        ] {
            assert_eq!(answered(&kind).as_deref(), expected, "{kind:?}");
        }
    }

    #[test]
    fn without_an_entry_nothing_is_answered() {
        let kind = MessageKind::Text { content: "hello".to_owned() };
        assert_eq!(reply_to(&[], &Fields { site: "example.com", nickname: "" }, &kind), Reply::Success);
    }
}
