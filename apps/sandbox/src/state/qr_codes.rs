//! QR codes with a scene.

use serde::Serialize;

use super::bounded::Bounded;

/// How long an expired code is remembered, so that a person who scans it can be told why.
const REMEMBERED_S: i64 = 600;

/// One QR code.
#[derive(Clone, Debug, Serialize)]
pub struct QrCode {
    /// The ticket that fetches the picture.
    pub ticket: String,
    /// The URL in the picture.
    pub url: String,
    /// The name of the official account that made it.
    pub account: String,
    /// The scene that a scan reports.
    pub scene: String,
    /// When it was made, in Unix seconds.
    pub created_at: i64,
    /// When it ends, in Unix seconds.
    pub expires_at: i64,
    /// The people who have scanned it, in that order.
    pub scanned_by: Vec<String>,
}

impl QrCode {
    /// Says whether the code can still be scanned.
    pub fn is_open(&self, now: i64) -> bool {
        now < self.expires_at
    }
}

impl Bounded<QrCode> {
    pub(crate) fn add(&mut self, code: QrCode) {
        let now = code.created_at;
        self.retain(|old| now < old.expires_at + REMEMBERED_S);
        self.push(code);
    }

    pub(crate) fn by_ticket(&self, ticket: &str) -> Option<&QrCode> {
        self.iter().find(|code| code.ticket == ticket)
    }

    pub(crate) fn by_url(&self, url: &str) -> Option<&QrCode> {
        self.iter().find(|code| code.url == url)
    }

    /// Notes that a person has scanned the code with this URL.
    pub(crate) fn scanned(&mut self, url: &str, person: &str) {
        for code in self.iter_mut().filter(|code| code.url == url) {
            code.scanned_by.push(person.to_owned());
        }
    }

    /// Returns the codes that can be scanned, newest first.
    pub(crate) fn open(&self, now: i64) -> impl Iterator<Item = &QrCode> {
        self.iter().rev().filter(move |code| code.is_open(now))
    }
}
