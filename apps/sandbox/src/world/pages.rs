//! Authorization pages that browsers have opened and that wait for somebody to decide.

use serde::Serialize;

use super::bounded::Bounded;
use super::oauth::AuthorizeRequest;

/// For how long a page waits.
const OPEN_S: i64 = 300;

/// What a person has decided on a page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Decision {
    pub(crate) person: String,
    pub(crate) allowed: bool,
    /// Where the browser goes; nowhere after most refusals.
    pub(crate) redirect_url: Option<String>,
}

/// One page in a browser.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) id: String,
    pub(crate) request: AuthorizeRequest,
    pub(crate) opened_at: i64,
    pub(crate) decision: Option<Decision>,
}

impl Page {
    pub(crate) fn expires_at(&self) -> i64 {
        self.opened_at + OPEN_S
    }
}

/// The pages of all apps.
#[derive(Debug)]
pub(crate) struct Pages {
    pages: Bounded<Page>,
}

impl Pages {
    pub(crate) fn new(limit: usize) -> Self {
        Self { pages: Bounded::new(limit) }
    }

    pub(crate) fn open(&mut self, id: String, request: AuthorizeRequest, now: i64) {
        self.pages.retain(|page| now < page.expires_at());
        self.pages.push(Page { id, request, opened_at: now, decision: None });
    }

    /// Returns a page that is not over, decided or not.
    pub(crate) fn get(&self, id: &str, now: i64) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == id && now < page.expires_at())
    }

    /// Keeps a decision unless there is one already, and returns the one that counts.
    pub(crate) fn decide(&mut self, id: &str, decision: Decision) -> Decision {
        match self.pages.iter_mut().find(|page| page.id == id) {
            Some(page) => page.decision.get_or_insert(decision).clone(),
            None => decision,
        }
    }

    /// Returns the pages that wait, newest first.
    pub(crate) fn waiting(&self, now: i64) -> impl Iterator<Item = &Page> {
        self.pages.iter().rev().filter(move |page| page.decision.is_none() && now < page.expires_at())
    }
}
