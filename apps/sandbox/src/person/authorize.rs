//! What a person decides on authorization pages.

use url::Url;

use super::Person;
use crate::apps::OnRefuse;
use crate::authorize_url::read_url;
use crate::error::{AuthorizeError, SandboxError};
use crate::state::{AuthorizationPage, AuthorizeRequest, Decision, Grant, OauthScope};

impl Person {
    /// Opens an authorize URL, of a website or inside WeChat, and allows what it asks for. Returns where
    /// WeChat sends the browser: the `redirect_uri` with `code` and `state`.
    ///
    /// # Errors
    /// [`SandboxError::Authorize`] for a URL that WeChat would not accept; `#wechat_redirect` belongs to it.
    pub fn allow(&self, authorize_url: &str) -> Result<Url, SandboxError> {
        self.allow_page(authorize_url, false)
    }

    /// Allows on a snapshot page: the code is a virtual account's, and the token answer has
    /// `is_snapshotuser: 1`. Every URL with `forceSnapShot=true` leads to the same.
    ///
    /// # Errors
    /// As [`Person::allow`], and for any scope but `snsapi_userinfo`.
    pub fn allow_as_snapshot(&self, authorize_url: &str) -> Result<Url, SandboxError> {
        self.allow_page(authorize_url, true)
    }

    pub(crate) fn allow_page(&self, authorize_url: &str, snapshot: bool) -> Result<Url, SandboxError> {
        self.grant(&read_url(&self.simulation.shared, authorize_url)?, snapshot)
    }

    /// Opens an authorize URL and refuses. Returns where WeChat sends the browser: with
    /// [`OnRefuse::Redirect`](crate::OnRefuse::Redirect) to the `redirect_uri` with `state` only, else nowhere.
    ///
    /// # Errors
    /// As [`Person::allow`], and for `snsapi_base`, which asks for no consent.
    pub fn refuse(&self, authorize_url: &str) -> Result<Option<Url>, SandboxError> {
        deny(&read_url(&self.simulation.shared, authorize_url)?)
    }

    /// Makes a code; returns where the browser goes with it.
    pub(crate) fn grant(&self, request: &AuthorizeRequest, snapshot: bool) -> Result<Url, SandboxError> {
        if snapshot && request.scope != OauthScope::Userinfo {
            return Err(AuthorizeError::NoSnapshot.into());
        }
        let shared = &self.simulation.shared;
        let (code, now) = (shared.random.code(), shared.now());
        let url = request.redirect_url(Some(&code));
        let grant = Grant {
            app: request.app.clone(),
            app_id: request.app_id.clone(),
            person: self.name.clone(),
            scope: request.scope,
            snapshot: snapshot || request.snapshot,
        };
        let lifetime_s = request.scope.code_lifetime_s();
        shared.write(|state| state.oauth_codes.add(code, &request.app_id, grant, now, lifetime_s));
        Ok(url)
    }

    /// Decides on a page; the first decision on it stays.
    pub(crate) fn decide(
        &self,
        page: AuthorizationPage,
        allowed: bool,
        snapshot: bool,
    ) -> Result<Decision, SandboxError> {
        if let Some(decision) = page.decision {
            return Ok(decision);
        }
        let redirect_url =
            if allowed { Some(self.grant(&page.request, snapshot)?) } else { deny(&page.request)? };
        let redirect_url = redirect_url.map(String::from);
        let decision = Decision { person: self.name.clone(), allowed, redirect_url };
        Ok(self.simulation.shared.write(|state| state.pages.decide(&page.id, decision)))
    }
}

fn deny(request: &AuthorizeRequest) -> Result<Option<Url>, SandboxError> {
    if !request.scope.has_consent() {
        return Err(AuthorizeError::NoConsent.into());
    }
    Ok(match request.on_refuse {
        OnRefuse::Stay => None,
        OnRefuse::Redirect => Some(request.redirect_url(None)),
    })
}
