//! The keys of a `[[wechat.apps]]` section that say how its callback is checked.

use std::sync::Arc;

use saoma_domain::wechat::AppKind;
use saoma_wechat::callback::{CallbackCodec, CallbackConfig, CallbackConfigError, CallbackMode};

use super::section::Section;

const MODES: &[(&str, CallbackMode)] =
    &[("secure", CallbackMode::Secure), ("compat", CallbackMode::Compat), ("plain", CallbackMode::Plain)];

/// Reads how the callback of an app is checked. Official accounts have one, other apps where a token is given. Test accounts
/// know plain mode only.
pub(super) fn read(
    section: &mut Section<'_>,
    kind: AppKind,
    test_account: bool,
    app_id: &str,
) -> Option<Arc<CallbackCodec>> {
    let (token, encoding_aes_key) = (section.secret("token"), section.secret("encoding_aes_key"));
    let previous_encoding_aes_key = section.secret("previous_encoding_aes_key");
    let usual = if test_account { CallbackMode::Plain } else { CallbackMode::Secure };
    let mode = section.choice("mode", MODES, usual);
    let allow_unsigned_body = section.flag("allow_unsigned_body", test_account);
    if test_account && mode != CallbackMode::Plain {
        section.problem("mode", "a test account has plain mode only; leave `mode` out");
    }
    if kind != AppKind::OfficialAccount && token.is_none() {
        return None;
    }
    if mode == CallbackMode::Plain && !allow_unsigned_body {
        let message = "WeChat does not sign bodies in this mode, so who sees a signature before it arrives can forge \
                       logins; to accept that, set `allow_unsigned_body = true`";
        section.problem("mode", message);
    }
    let Some(token) = token else {
        section.problem("token", "missing: the Token of WeChat's console");
        return None;
    };
    let app_id = app_id.to_owned();
    let config = CallbackConfig { app_id, token, encoding_aes_key, previous_encoding_aes_key, mode };
    match CallbackCodec::new(&config) {
        Ok(codec) => Some(Arc::new(codec)),
        Err(error) => {
            section.problem(key_of(error), error.to_string());
            None
        }
    }
}

fn key_of(error: CallbackConfigError) -> &'static str {
    match error {
        CallbackConfigError::AppId => "app_id",
        CallbackConfigError::TokenLength(_) | CallbackConfigError::TokenCharacter => "token",
        CallbackConfigError::AesKeyMissing
        | CallbackConfigError::AesKeyLength(_)
        | CallbackConfigError::AesKeyCharacter => "encoding_aes_key",
    }
}
