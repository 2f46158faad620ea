//! Authorization pages that are open in browsers and wait for a decision.

use serde::Serialize;

use super::authorization::AuthorizeRequest;
use super::bounded::Bounded;

/// How long a page waits.
const OPEN_S: i64 = 300;

/// What a person has decided on a page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Decision {
    pub(crate) person: String,
    pub(crate) allowed: bool,
    /// Where the browser goes; `None` after most refusals.
    pub(crate) redirect_url: Option<String>,
}

/// One page in a browser.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationPage {
    pub(crate) id: String,
    pub(crate) request: AuthorizeRequest,
    pub(crate) opened_at: i64,
    pub(crate) decision: Option<Decision>,
}

impl AuthorizationPage {
    pub(crate) fn expires_at(&self) -> i64 {
        self.opened_at + OPEN_S
    }
}

impl Bounded<AuthorizationPage> {
    pub(crate) fn open(&mut self, id: String, request: AuthorizeRequest, now: i64) {
        self.retain(|page| now < page.expires_at());
        self.push(AuthorizationPage { id, request, opened_at: now, decision: None });
    }

    /// Returns a page that has not expired, with or without a decision.
    pub(crate) fn get(&self, id: &str, now: i64) -> Option<&AuthorizationPage> {
        self.iter().find(|page| page.id == id && now < page.expires_at())
    }

    /// Keeps a decision unless there is one already, and returns the one that counts.
    pub(crate) fn decide(&mut self, id: &str, decision: Decision) -> Decision {
        match self.iter_mut().find(|page| page.id == id) {
            Some(page) => page.decision.get_or_insert(decision).clone(),
            None => decision,
        }
    }

    /// Returns the pages that wait, newest first.
    pub(crate) fn waiting(&self, now: i64) -> impl Iterator<Item = &AuthorizationPage> {
        self.iter().rev().filter(move |page| page.decision.is_none() && now < page.expires_at())
    }
}
