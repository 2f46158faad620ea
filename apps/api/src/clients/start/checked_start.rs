//! A request to log in that was checked.

use saoma_domain::{login::ScenePurpose, services::StartLogin};

use crate::{
    auth::Browser,
    dto::StartRequest,
    extract::is_wechat_code,
    problem::{ErrorCode, Problem},
};

/// A request to log in that was checked.
pub(crate) struct CheckedStart {
    pub(super) body: StartRequest,
    pub(super) start: StartLogin,
    pub(super) browser: Browser,
}

impl CheckedStart {
    /// Returns the code of WeChat's that the client brings.
    ///
    /// # Errors
    /// `wechat_code_invalid` for a text that is none.
    pub(super) fn code(&self) -> Result<&str, Problem> {
        let code = self.body.code.as_deref().filter(|code| is_wechat_code(code));
        code.ok_or_else(|| Problem::new(ErrorCode::WechatCodeInvalid, "this is no code of WeChat's"))
    }
}

/// Reads the purpose of a login.
///
/// # Errors
/// `body_invalid` for a text that is none.
pub(super) fn purpose(text: Option<&str>) -> Result<ScenePurpose, Problem> {
    let invalid = |_| Problem::new(ErrorCode::BodyInvalid, "`purpose` has to be 1 to 16 of a-z, 0-9 and -");
    text.map_or_else(|| Ok(ScenePurpose::default()), |text| ScenePurpose::parse(text).map_err(invalid))
}
