//! The names of everything that Saoma stores in Redis.

use std::{fmt::Write, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use saoma_domain::{
    keys::{Purpose, ServerKey},
    login::{LoginId, MessageCode},
    session::SessionTokenHash,
    wechat::AppName,
};

use crate::sealing::Sealer;

/// How many characters the prefix may have.
const PREFIX_CHARS: usize = 64;

/// The names of keys and of the channel. All of them begin with the prefix from the configuration.
///
/// The part in braces decides on which server of a Cluster a key lies; so all keys of a login lie on one server.
#[derive(Clone)]
pub(crate) struct Keys {
    prefix: Arc<str>,
    sealer: Sealer,
}

impl Keys {
    /// Returns the names with this prefix; `None` unless it has at most 64 characters of `[A-Za-z0-9:._-]`.
    pub(crate) fn new(prefix: &str, sealer: Sealer) -> Option<Self> {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b":._-".contains(&b);
        let is_valid = prefix.len() <= PREFIX_CHARS && prefix.bytes().all(is_plain);
        is_valid.then(|| Self { prefix: Arc::from(prefix), sealer })
    }

    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The cached state and the context of a login. A string, see `login_cache/entry.rs`.
    pub(crate) fn login(&self, id: LoginId) -> String {
        format!("{}login:{{{id}}}", self.prefix)
    }

    /// The SMS code of a login: its digest, and how many attempts are left. A string.
    pub(crate) fn sms_code(&self, id: LoginId) -> String {
        format!("{}login:{{{id}}}:sms_code", self.prefix)
    }

    /// The session key of a login in a mini program, sealed. A string.
    pub(crate) fn session_key(&self, id: LoginId) -> String {
        format!("{}login:{{{id}}}:session_key", self.prefix)
    }

    /// The cached session with this token, its invalidation or its end. A string, see `session_cache/entry.rs`.
    pub(crate) fn session(&self, token_hash: &SessionTokenHash) -> String {
        let mut key = format!("{}session:{{", self.prefix);
        for byte in token_hash.as_bytes() {
            // Writing to a string does not fail.
            let _ = write!(key, "{byte:02x}");
        }
        key.push('}');
        key
    }

    /// How much of a rate limit is used up. A string.
    ///
    /// The name is an HMAC of the limit's name and subject: who that is, by address, number or openid, is not
    /// to be read, and no subject makes a longer key than another.
    pub(crate) fn limit(&self, limit: &str) -> String {
        let name = self.sealer.keys.current().derive(Purpose::LimitName, &[limit.as_bytes()]);
        format!("{}limit:{}", self.prefix, URL_SAFE_NO_PAD.encode(name))
    }

    /// The login that a code was claimed for which people send as a message, sealed. A string.
    ///
    /// The name is an HMAC of app and code: who reads it cannot send the code of a stranger's login.
    pub(crate) fn message_code(&self, app: &AppName, code: &MessageCode) -> String {
        self.message_code_by(self.sealer.keys.current(), app, code)
    }

    /// The names that the code may have been claimed under, while a key is being rotated.
    pub(crate) fn message_codes(&self, app: &AppName, code: &MessageCode) -> Vec<String> {
        self.sealer.keys.all().map(|key| self.message_code_by(key, app, code)).collect()
    }

    fn message_code_by(&self, key: &ServerKey, app: &AppName, code: &MessageCode) -> String {
        let parts = [app.as_str().as_bytes(), code.reveal().as_bytes()];
        let name = URL_SAFE_NO_PAD.encode(key.derive(Purpose::MessageCodeName, &parts));
        format!("{}message_code:{name}", self.prefix)
    }

    /// A key that is never set: removing it is a write that changes nothing.
    pub(crate) fn never_set(&self) -> String {
        format!("{}never_set", self.prefix)
    }

    /// The access token of a WeChat app, sealed. A string.
    pub(crate) fn access_token(&self, app_id: &str) -> String {
        format!("{}access_token:{{{app_id}}}", self.prefix)
    }

    /// The lease of the node that asks WeChat for the app's next access token. The string `1`.
    pub(crate) fn refresh_lease(&self, app_id: &str) -> String {
        format!("{}access_token:{{{app_id}}}:refresh_lease", self.prefix)
    }

    /// The channel on which nodes publish the ids of logins whose state changed, and the hashes of the tokens of sessions that
    /// ended or whose account changed. See `listener.rs`.
    pub(crate) fn notifications(&self) -> String {
        format!("{}login_notifications", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{login, token_hash};

    use super::*;
    use crate::sealing::tests::sealer;

    #[test]
    fn a_prefix_cannot_change_where_keys_lie() {
        for valid in ["", "saoma:", "a.B-c_9:"] {
            assert!(Keys::new(valid, sealer()).is_some(), "{valid}");
        }
        for invalid in ["{a}", "a b", "ä", "a*", &"a".repeat(65)] {
            assert!(Keys::new(invalid, sealer()).is_none(), "{invalid}");
        }
    }

    #[test]
    fn the_keys_of_a_login_share_its_hash_tag() {
        let (keys, id) = (Keys::new("t:", sealer()).unwrap(), login(1));
        assert_eq!(keys.login(id), format!("t:login:{{{id}}}"));
        assert_eq!(keys.sms_code(id), format!("t:login:{{{id}}}:sms_code"));
        assert_eq!(keys.session_key(id), format!("t:login:{{{id}}}:session_key"));
        assert!(keys.session(&token_hash(1)).starts_with("t:session:{"));
        assert_eq!(keys.session(&token_hash(1)).len(), "t:session:{}".len() + 64);
    }

    #[test]
    fn the_name_of_a_counter_does_not_show_whom_it_counts() {
        let keys = Keys::new("t:", sealer()).unwrap();
        let [short, long] = ["ip:2001:db8::7".to_owned(), format!("ip:{}", "7".repeat(10_000))];
        assert!(!keys.limit(&short).contains("2001") && keys.limit(&long).len() == keys.limit(&short).len());
        assert_ne!(keys.limit(&short), keys.limit("ip:2001:db8::8"));
    }
}
