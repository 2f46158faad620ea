//! QR codes and their scenes.

use serde::Serialize;

use super::bounded::Bounded;

/// For how long an expired code is remembered, so that a person who scans it can be told why.
const REMEMBERED_S: i64 = 600;

/// One QR code.
#[derive(Clone, Debug, Serialize)]
pub struct QrCode {
    /// What the picture is fetched with.
    pub ticket: String,
    /// What the picture says.
    pub url: String,
    /// The name of the official account that made it.
    pub account: String,
    /// What its scan is reported with.
    pub scene: String,
    /// When it was made, in Unix seconds.
    pub created_at: i64,
    /// When it ends, in Unix seconds.
    pub expires_at: i64,
    /// Who has scanned it, in that order.
    pub scanned_by: Vec<String>,
}

impl QrCode {
    /// Says whether the code can still be scanned.
    pub fn is_open(&self, now: i64) -> bool {
        now < self.expires_at
    }
}

/// The codes of all accounts.
#[derive(Debug)]
pub(crate) struct QrCodes {
    codes: Bounded<QrCode>,
}

impl QrCodes {
    pub(crate) fn new(limit: usize) -> Self {
        Self { codes: Bounded::new(limit) }
    }

    pub(crate) fn add(&mut self, code: QrCode) {
        let now = code.created_at;
        self.codes.retain(|old| now < old.expires_at + REMEMBERED_S);
        self.codes.push(code);
    }

    pub(crate) fn by_ticket(&self, ticket: &str) -> Option<&QrCode> {
        self.codes.iter().find(|code| code.ticket == ticket)
    }

    pub(crate) fn by_url(&self, url: &str) -> Option<&QrCode> {
        self.codes.iter().find(|code| code.url == url)
    }

    pub(crate) fn by_url_mut(&mut self, url: &str) -> Option<&mut QrCode> {
        self.codes.iter_mut().find(|code| code.url == url)
    }

    /// Returns the codes that can be scanned, newest first.
    pub(crate) fn open(&self, now: i64) -> impl Iterator<Item = &QrCode> {
        self.codes.iter().rev().filter(move |code| code.is_open(now))
    }
}
