//! A login of which the client brings WeChat's code itself: no browser is sent anywhere, and no other client knows the login.

use std::{sync::Arc, time::Duration};

use super::{
    Policy, ServiceError, StartLogin,
    code_redeemer::{CodeKind, CodeRedeemer},
    identification::{Identification, IdentifiedPerson},
    login_issuer::LoginIssuer,
};
use crate::{
    login::{AuthenticatedLogin, Login, LoginId},
    ports::{Redemption, ScanTaken},
};

/// Issues logins for codes, and commits who the codes identify.
pub(super) struct CodeLogin {
    pub(super) issuer: LoginIssuer,
    pub(super) code_redeemer: CodeRedeemer,
    pub(super) identification: Identification,
    pub(super) policy: Arc<Policy>,
}

impl CodeLogin {
    /// A browser takes longer than a program, so its time is enough.
    fn lifetime(&self) -> Duration {
        self.policy.oauth_ttl
    }

    /// Issues a login for a code, which is redeemed by it: the caller may send it to WeChat, once.
    pub(super) async fn begin(
        &self,
        request: &StartLogin,
        kind: CodeKind,
        code: &str,
    ) -> Result<AuthenticatedLogin, ServiceError> {
        let auth = self.issuer.issue(request, self.lifetime()).await?;
        self.issuer.prepare(auth.id(), request).await?;
        let hash = kind.hash(&request.context.app, code);
        match self.code_redeemer.redeem_for(auth.id(), hash).await? {
            Redemption::First => Ok(auth),
            Redemption::Again | Redemption::ByAnother => Err(ServiceError::CodeInvalid),
        }
    }

    /// Commits who the code identifies.
    pub(super) async fn commit(
        &self,
        login: LoginId,
        person: IdentifiedPerson,
    ) -> Result<ScanTaken, ServiceError> {
        self.identification.commit_exchanged(login, person, self.lifetime()).await
    }
}

/// Returns the login as its client gets it.
pub(super) fn login_of(taken: ScanTaken) -> Result<Login, ServiceError> {
    match taken {
        ScanTaken::First(record) | ScanTaken::Again(record) => Ok(record.login),
        ScanTaken::LinkRefused(login) => Ok(login),
        ScanTaken::RegistrationClosed(_) => Err(ServiceError::RegistrationClosed),
        // No other client knows the login, so it is the code that took too long.
        ScanTaken::ByAnother | ScanTaken::Over(_) => Err(ServiceError::CodeInvalid),
    }
}
