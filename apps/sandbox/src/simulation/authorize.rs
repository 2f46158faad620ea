//! What people decide on authorization pages.

use url::Url;

use super::Simulation;
use crate::apps::OnRefuse;
use crate::authorize_url::read_url;
use crate::error::{AuthorizeError, SandboxError};
use crate::state::{AuthorizationPage, AuthorizeRequest, Decision, Grant, OauthScope};

impl Simulation {
    /// The person opens the URL and allows what it asks for; returns where the browser goes.
    pub(crate) fn allow(&self, person: &str, url: &str, snapshot: bool) -> Result<Url, SandboxError> {
        self.grant(person, &read_url(&self.shared, url)?, snapshot)
    }

    /// The person opens the URL and refuses; returns where the browser goes, if anywhere.
    pub(crate) fn refuse(&self, person: &str, url: &str) -> Result<Option<Url>, SandboxError> {
        self.deny(person, &read_url(&self.shared, url)?)
    }

    /// Makes a code for a person; returns where the browser goes with it.
    pub(crate) fn grant(
        &self,
        person: &str,
        request: &AuthorizeRequest,
        snapshot: bool,
    ) -> Result<Url, SandboxError> {
        if snapshot && request.scope != OauthScope::Userinfo {
            return Err(AuthorizeError::NoSnapshot.into());
        }
        let (code, now) = (self.shared.random.code(), self.shared.now());
        let url = request.redirect_url(Some(&code));
        self.shared.write(|state| {
            state.people.get(person)?;
            let grant = Grant {
                app: request.app.clone(),
                app_id: request.app_id.clone(),
                person: person.to_owned(),
                scope: request.scope,
                snapshot: snapshot || request.snapshot,
            };
            state.oauth_codes.add(code, &request.app_id, grant, now, request.scope.code_lifetime_s());
            Ok(url)
        })
    }

    fn deny(&self, person: &str, request: &AuthorizeRequest) -> Result<Option<Url>, SandboxError> {
        self.shared.read(|state| state.people.get(person).map(|_| ()))?;
        if !request.scope.has_consent() {
            return Err(AuthorizeError::NoConsent.into());
        }
        Ok(match request.on_refuse {
            OnRefuse::Stay => None,
            OnRefuse::Redirect => Some(request.redirect_url(None)),
        })
    }

    /// A browser has opened a page that waits for a decision; returns the page's id.
    pub(crate) fn open_page(&self, request: AuthorizeRequest) -> String {
        let (id, now) = (self.shared.random.code(), self.shared.now());
        self.shared.write(|state| state.pages.open(id.clone(), request, now));
        id
    }

    /// Returns a page that has not expired.
    pub(crate) fn page(&self, id: &str) -> Result<AuthorizationPage, SandboxError> {
        let now = self.shared.now();
        self.shared.read(|state| state.pages.get(id, now).cloned()).ok_or(SandboxError::UnknownPage)
    }

    /// The person decides on a page; the first decision on it stays.
    pub(crate) fn decide(
        &self,
        id: &str,
        person: &str,
        allowed: bool,
        snapshot: bool,
    ) -> Result<Decision, SandboxError> {
        let page = self.page(id)?;
        if let Some(decision) = page.decision {
            return Ok(decision);
        }
        let redirect_url = if allowed {
            Some(self.grant(person, &page.request, snapshot)?)
        } else {
            self.deny(person, &page.request)?
        };
        let redirect_url = redirect_url.map(String::from);
        let decision = Decision { person: person.to_owned(), allowed, redirect_url };
        Ok(self.shared.write(|state| state.pages.decide(id, decision)))
    }
}
