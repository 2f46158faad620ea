//! Redeeming a one-time code before it is used.

use std::{sync::Arc, time::Duration};

use super::ServiceError;
use crate::{
    login::LoginId,
    ports::{Clock, CodeHash, LOGIN_KEPT_FOR, OneTimeCodes, Redemption},
    wechat::AppName,
};

/// How long a repeated request waits for the outcome of the first one; longer than WeChat may take.
pub(super) const OUTCOME_WITHIN: Duration = Duration::from_secs(4);

/// What a code of WeChat is good for; one text may be a code of each kind.
#[derive(Clone, Copy)]
pub(super) enum CodeKind {
    /// A return of a browser.
    OAuth,
    /// `wx.login` of a mini program.
    MiniProgram,
    /// A phone number of a mini program's user.
    Phone,
}

impl CodeKind {
    pub(super) fn hash(self, app: &AppName, code: &str) -> CodeHash {
        let what = match self {
            Self::OAuth => "oauth-code",
            Self::MiniProgram => "js-code",
            Self::Phone => "phone-code",
        };
        CodeHash::of(what, &[app.as_str().as_bytes(), code.as_bytes()])
    }
}

/// Redeems one-time codes.
#[derive(Clone)]
pub(super) struct CodeRedeemer {
    pub(super) one_time_codes: Arc<dyn OneTimeCodes>,
    pub(super) clock: Arc<dyn Clock>,
}

impl CodeRedeemer {
    /// Redeems a code of WeChat for a login.
    pub(super) async fn redeem_for(
        &self,
        login: LoginId,
        code: CodeHash,
    ) -> Result<Redemption, ServiceError> {
        self.redeem(code, CodeHash::of("login", &[login.as_bytes()])).await
    }

    /// Redeems a code for as long as a login is remembered.
    pub(super) async fn redeem(&self, code: CodeHash, by: CodeHash) -> Result<Redemption, ServiceError> {
        Ok(self.one_time_codes.redeem(code, by, self.clock.now().plus(LOGIN_KEPT_FOR)).await?)
    }
}
