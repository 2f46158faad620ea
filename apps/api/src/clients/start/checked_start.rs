//! A request to log in that was checked.

use saoma_domain::{login::ScenePurpose, services::StartLogin};

use crate::{
    auth::Browser,
    dto::StartRequest,
    problem::{ErrorCode, Problem},
};

/// A request to log in that was checked.
pub(crate) struct CheckedStart {
    pub(super) body: StartRequest,
    pub(super) start: StartLogin,
    pub(super) browser: Browser,
}

/// Reads the purpose of a login.
///
/// # Errors
/// `body_invalid` for a text that is none.
pub(super) fn purpose(text: Option<&str>) -> Result<ScenePurpose, Problem> {
    let invalid = |_| Problem::new(ErrorCode::BodyInvalid, "`purpose` has to be 1 to 16 of a-z, 0-9 and -");
    text.map_or_else(|| Ok(ScenePurpose::default()), |text| ScenePurpose::parse(text).map_err(invalid))
}
