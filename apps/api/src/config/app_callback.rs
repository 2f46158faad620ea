//! The keys of a `[[wechat.apps]]` section that say how its callback is checked.

use std::sync::Arc;

use saoma_domain::wechat::AppKind;
use saoma_wechat::callback::{CallbackCodec, CallbackConfig, CallbackConfigError, CallbackMode};

use super::section::Section;

const MODES: &[(&str, CallbackMode)] =
    &[("secure", CallbackMode::Secure), ("compat", CallbackMode::Compat), ("plain", CallbackMode::Plain)];

/// Reads how the callback of an app is checked. Official accounts have one, other apps where a token is given.
pub(super) fn read(section: &mut Section<'_>, kind: AppKind, app_id: &str) -> Option<Arc<CallbackCodec>> {
    let (token, encoding_aes_key) = (section.secret("token"), section.secret("encoding_aes_key"));
    let previous_encoding_aes_key = section.secret("previous_encoding_aes_key");
    let mode = section.choice("mode", MODES, CallbackMode::Secure);
    let allow_unsigned_body = section.flag("allow_unsigned_body", false);
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
