//! The round codes of mini programs: each opens a page with a scene. WeChat knows no end of them.

use serde::Serialize;

use super::bounded::Bounded;

/// One code of a mini program.
#[derive(Clone, Debug, Serialize)]
pub struct MiniCode {
    /// The URL in the picture.
    pub url: String,
    /// The name of the mini program that made it.
    pub app: String,
    /// The page that it opens.
    pub page: String,
    /// What the page gets as `scene`.
    pub scene: String,
    /// When it was made, in Unix seconds.
    pub created_at: i64,
    /// The people who have scanned it, in that order.
    pub scanned_by: Vec<String>,
}

impl Bounded<MiniCode> {
    pub(crate) fn by_url(&self, url: &str) -> Option<&MiniCode> {
        self.iter().find(|code| code.url == url)
    }

    /// Notes that a person has scanned the code with this URL.
    pub(crate) fn scanned(&mut self, url: &str, person: &str) {
        for code in self.iter_mut().filter(|code| code.url == url) {
            code.scanned_by.push(person.to_owned());
        }
    }

    /// Returns the codes that were made since a moment, newest first.
    pub(crate) fn since(&self, from: i64) -> impl Iterator<Item = &MiniCode> {
        self.iter().rev().filter(move |code| code.created_at >= from)
    }
}
