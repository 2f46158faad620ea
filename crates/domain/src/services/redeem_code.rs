//! Claiming what may be used once, before it is used.

use std::time::Duration;

use super::{FlowError, Flows};
use crate::{
    login::LoginId,
    ports::{CodeHash, LOGIN_KEPT_FOR, Redemption},
    wechat::AppName,
};

/// How long whoever repeats a request waits for what the first one leads to; longer than WeChat may take.
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

impl Flows {
    /// OneTimeCodes a code of WeChat for a login.
    pub(super) async fn redeem_code(&self, code: CodeHash, login: LoginId) -> Result<Redemption, FlowError> {
        self.redeem(code, CodeHash::of("login", &[login.as_bytes()])).await
    }

    /// OneTimeCodes something for as long as a login is remembered.
    pub(super) async fn redeem(&self, what: CodeHash, by: CodeHash) -> Result<Redemption, FlowError> {
        Ok(self.ports.one_time_codes.redeem(what, by, self.now().plus(LOGIN_KEPT_FOR)).await?)
    }
}
