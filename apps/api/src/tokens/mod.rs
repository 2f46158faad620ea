//! Signed tokens about who is logged in, for the services behind the site.

mod claims;

use std::{sync::Arc, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use saoma_domain::{
    ports::{ActiveSession, Clock, Random, random_bytes},
    services::SigningService,
    session::SessionPolicy,
    signing::TokenKind,
};

use crate::{config::TokenAudience, problem::Problem};
use claims::SessionClaims;

/// Signs tokens about sessions.
pub(crate) struct SessionTokens {
    pub(crate) signing: Arc<SigningService>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) policy: SessionPolicy,
    pub(crate) issuer: String,
    pub(crate) audiences: Vec<TokenAudience>,
}

/// A token that was signed.
pub(crate) struct SessionJwt {
    pub(crate) token: String,
    pub(crate) expires_in: u64,
}

impl SessionTokens {
    /// Returns the audience of this name, if it is configured.
    pub(crate) fn audience(&self, name: &str) -> Option<&TokenAudience> {
        self.audiences.iter().find(|audience| audience.audience == name)
    }

    /// Returns how long the longest of the tokens is shown: until it expires, and a minute for clocks that differ.
    pub(crate) fn shown_for(&self) -> Duration {
        const CLOCKS_DIFFER: Duration = Duration::from_secs(60);
        let longest = self.audiences.iter().map(|audience| audience.ttl).max().unwrap_or_default();
        // A proxy's audience may have no section of its own.
        longest.max(Duration::from_secs(TokenAudience::TTL_S.into())) + CLOCKS_DIFFER
    }

    /// Signs a token for an audience. It is valid no longer than the session can be.
    ///
    /// # Errors
    /// `store_unavailable` where the keys cannot be read.
    pub(crate) async fn sign(
        &self,
        active: &ActiveSession,
        audience: &TokenAudience,
    ) -> Result<SessionJwt, Problem> {
        let now = self.clock.now();
        let end = active.session.created_at.plus(self.policy.absolute);
        let expires_at = now.plus(audience.ttl).min(end);
        let id: [u8; 16] = random_bytes(&*self.random);
        let claims = SessionClaims {
            iss: &self.issuer,
            aud: &audience.audience,
            exp: expires_at.as_secs(),
            iat: now.as_secs(),
            jti: BASE64_URL_SAFE_NO_PAD.encode(id),
            person: claims::Person::of(active, audience),
        };
        // Fails only for maps whose keys are no texts, of which the claims have none.
        let claims = serde_json::to_string(&claims).unwrap_or_default();
        let token = self.signing.sign(audience.algorithm, TokenKind::Identity, &claims).await?;
        Ok(SessionJwt { token, expires_in: expires_at.secs_until(now) })
    }
}
