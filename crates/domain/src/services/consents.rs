//! Agreeing to the terms of the site.

use std::sync::Arc;

use super::{Policy, ServiceError};
use crate::{
    consent::{Consent, ConsentVersion},
    login::{AuthenticatedLogin, LoginId},
    ports::{Clock, Logins},
};

/// What a client says about the terms.
#[derive(Clone, Copy, Debug)]
pub struct Agreement<'a> {
    /// The version to which the person agreed, if they did now.
    pub version: Option<&'a str>,
    /// The client's address.
    pub ip: &'a str,
}

/// Keeps to which terms people agree.
#[derive(Clone)]
pub struct ConsentService {
    pub(super) logins: Arc<dyn Logins>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policy: Arc<Policy>,
}

impl ConsentService {
    /// Takes what a client says before a step that makes or binds an account; what was said before in the login counts, too.
    ///
    /// # Errors
    /// [`ServiceError::ConsentRequired`] without an agreement to the terms of now, where one is required, and for an agreement
    /// to any other version; [`ServiceError::Store`].
    pub async fn require(
        &self,
        auth: &AuthenticatedLogin,
        agreement: Agreement<'_>,
    ) -> Result<(), ServiceError> {
        if agreement.version.is_some() {
            return self.take(auth.id(), agreement).await;
        }
        let Some(terms) = self.policy.terms.as_ref().filter(|terms| terms.required) else { return Ok(()) };
        let known = self.logins.consent(auth.id()).await?;
        match known.is_some_and(|consent| consent.version == terms.version) {
            true => Ok(()),
            false => Err(ServiceError::ConsentRequired),
        }
    }

    /// Keeps an agreement, if there is one. A site without terms has nothing to agree to.
    pub(super) async fn take(&self, login: LoginId, agreement: Agreement<'_>) -> Result<(), ServiceError> {
        self.check(agreement.version)?;
        let (Some(terms), true) = (&self.policy.terms, agreement.version.is_some()) else { return Ok(()) };
        let (version, ip) = (terms.version.clone(), agreement.ip.to_owned());
        Ok(self.logins.give_consent(login, Consent { version, at: self.clock.now(), ip }).await?)
    }

    /// Refuses an agreement to other terms than those of now.
    pub(super) fn check(&self, version: Option<&str>) -> Result<(), ServiceError> {
        let (Some(version), Some(terms)) = (version, &self.policy.terms) else { return Ok(()) };
        let agreed = ConsentVersion::parse(version);
        if agreed.is_ok_and(|agreed| agreed == terms.version) {
            return Ok(());
        }
        Err(ServiceError::ConsentRequired)
    }
}
