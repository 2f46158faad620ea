//! What people decide on authorization pages.

use url::Url;

use super::{Simulation, known};
use crate::SandboxError;
use crate::app::OnRefuse;
use crate::connect::{AuthorizeError, read_url};
use crate::world::{AuthorizeRequest, Decision, Grant, OauthScope, Page};

impl Simulation {
    /// The person opens the URL and allows what it asks for; returns where the browser goes.
    pub(crate) fn allow(&self, person: &str, url: &str, snapshot: bool) -> Result<Url, SandboxError> {
        self.grant(person, &read_url(&self.world, url)?, snapshot)
    }

    /// The person opens the URL and refuses; returns where the browser goes, if anywhere.
    pub(crate) fn refuse(&self, person: &str, url: &str) -> Result<Option<Url>, SandboxError> {
        self.deny(person, &read_url(&self.world, url)?)
    }

    /// Makes a code for a person.
    pub(crate) fn grant(
        &self,
        person: &str,
        request: &AuthorizeRequest,
        snapshot: bool,
    ) -> Result<Url, SandboxError> {
        if snapshot && request.scope != OauthScope::Userinfo {
            return Err(AuthorizeError::NoSnapshot.into());
        }
        let (code, now) = (self.world.random.code(), self.world.now());
        let lifetime_s = request.scope.code_lifetime_s();
        self.world.write(|state| {
            known(state, person)?;
            let grant = Grant {
                app: request.app.clone(),
                app_id: request.app_id.clone(),
                person: person.to_owned(),
                scope: request.scope,
                snapshot: snapshot || request.snapshot,
            };
            state.oauth_codes.add(&code, &request.app_id, grant, now, Some(lifetime_s));
            Ok(request.redirect_url(Some(&code)))
        })
    }

    fn deny(&self, person: &str, request: &AuthorizeRequest) -> Result<Option<Url>, SandboxError> {
        self.world.read(|state| known(state, person))?;
        if request.scope == OauthScope::Base {
            return Err(AuthorizeError::AsksNobody.into());
        }
        Ok(match request.on_refuse {
            OnRefuse::Stay => None,
            OnRefuse::Redirect => Some(request.redirect_url(None)),
        })
    }

    /// A browser has opened a page that waits for somebody to decide; returns its id.
    pub(crate) fn open_page(&self, request: AuthorizeRequest) -> String {
        let (id, now) = (self.world.random.code(), self.world.now());
        self.world.write(|state| state.pages.open(id.clone(), request, now));
        id
    }

    /// Returns a page that is not over.
    pub(crate) fn page(&self, id: &str) -> Result<Page, SandboxError> {
        let now = self.world.now();
        self.world.read(|state| state.pages.get(id, now).cloned()).ok_or(SandboxError::UnknownPage)
    }

    /// The person decides on a page; where somebody has done so before, that decision stays.
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
        Ok(self.world.write(|state| state.pages.decide(id, decision)))
    }
}
