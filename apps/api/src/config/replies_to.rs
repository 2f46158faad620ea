//! The sections `[[wechat.apps.replies_to]]`: what an account without another system behind it answers.

use saoma_domain::wechat::AppKind;

use super::section::Section;

/// An answer, and when it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyTo {
    /// What happened.
    pub on: ReplyOn,
    /// Which text, key or scene it is about.
    pub matches: ReplyMatch,
    /// What is answered.
    pub content: ReplyContent,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyOn {
    /// The person wrote a text.
    Text,
    /// The person began to follow the account, and not by the code of a login.
    Subscribe,
    /// The person chose a menu entry.
    Click,
    /// A follower scanned a code that is no login's.
    Scan,
    /// Anything that a person sees an answer to.
    Any,
}

/// Which text, key or scene it is about; letters count as they are, blanks around a text do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyMatch {
    /// Every one.
    Every,
    /// This one.
    Whole(String),
    /// One that begins so.
    Prefix(String),
    /// One that has this in it.
    Contains(String),
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyContent {
    /// A text; `{site}` is filled in.
    Text(String),
    /// A picture, by WeChat's id of it.
    Image {
        /// The id.
        media_id: String,
    },
    /// A card that leads to a page.
    News {
        /// The title.
        title: String,
        /// The line below it; may be empty.
        description: String,
        /// Where the card leads.
        url: String,
        /// Where the picture is; may be empty.
        picture: String,
    },
}

const EVENTS: &[(&str, Option<ReplyOn>)] = &[
    ("text", Some(ReplyOn::Text)),
    ("subscribe", Some(ReplyOn::Subscribe)),
    ("click", Some(ReplyOn::Click)),
    ("scan", Some(ReplyOn::Scan)),
    ("any", Some(ReplyOn::Any)),
];

/// Reads the answers of an app, in the order in which they are tried.
pub(super) fn read(section: &mut Section<'_>, kind: AppKind, has_relay: bool) -> Vec<ReplyTo> {
    let tables = section.tables("replies_to");
    if kind != AppKind::OfficialAccount && !tables.is_empty() {
        section.problem("replies_to", "only official accounts have a chat in which an answer is shown");
    }
    if has_relay && !tables.is_empty() {
        section.problem("replies_to", "the system at `relay_url` answers; leave one of the two out");
    }
    let read = |(at, table)| section.inside(&format!("replies_to[{at}]"), table, reply_to);
    tables.into_iter().enumerate().filter_map(read).collect()
}

fn reply_to(section: &mut Section<'_>) -> Option<ReplyTo> {
    if !section.has("on") {
        section.problem("on", "missing: `text`, `subscribe`, `click`, `scan` or `any`");
    }
    let on = section.choice("on", EVENTS, None);
    let matches = matches(section);
    let content = content(section);
    Some(ReplyTo { on: on?, matches, content: content? })
}

fn matches(section: &mut Section<'_>) -> ReplyMatch {
    let given = [
        section.text("match").map(ReplyMatch::Whole),
        section.text("match_prefix").map(ReplyMatch::Prefix),
        section.text("match_contains").map(ReplyMatch::Contains),
    ];
    let mut given = given.into_iter().flatten();
    let first = given.next().unwrap_or(ReplyMatch::Every);
    if given.next().is_some() {
        section.problem("match", "only one of `match`, `match_prefix` and `match_contains` can be given");
    }
    first
}

fn content(section: &mut Section<'_>) -> Option<ReplyContent> {
    let has_news = section.has("news");
    let news = section.section("news", |section| if has_news { news(section) } else { None });
    let given = [
        section.text("text").map(ReplyContent::Text),
        section.text("media_id").map(|media_id| ReplyContent::Image { media_id }),
        news,
    ];
    let mut given = given.into_iter().flatten();
    let first = given.next();
    if first.is_none() && !has_news {
        section.problem("text", "missing: an answer has a `text`, a `media_id` or a `news`");
    }
    if given.next().is_some() {
        section.problem("text", "only one of `text`, `media_id` and `news` can be given");
    }
    first
}

fn news(section: &mut Section<'_>) -> Option<ReplyContent> {
    let (title, url) = (section.text("title"), section.http_url("url"));
    for (key, is_missing) in [("title", title.is_none()), ("url", url.is_none())] {
        if is_missing {
            section.problem(key, "missing or unusable: a card has a title and leads to an http or https URL");
        }
    }
    let description = section.text("description").unwrap_or_default();
    let picture = section.http_url("picture").map(String::from).unwrap_or_default();
    Some(ReplyContent::News { title: title?, description, url: url?.into(), picture })
}
