//! Keys of the site API.

/// The key that may do everything.
pub(crate) const ROOT: &str = "saoma_root_key_of_the_tests";

/// All scopes.
pub(crate) const EVERY_SCOPE: &str = "sessions:read,sessions:write,accounts:read,accounts:write,accounts:erase,accounts:merge,\
     audit:read,events:read,events:replay,wechat:token,wechat:call,status:read";

/// Returns the SHA-256 of a text, in hex.
pub(crate) fn sha256(text: &str) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the settings of a key.
pub(crate) fn key_settings(at: usize, name: &str, key: &str, scopes: &str) -> [(String, String); 3] {
    [("name", name.to_owned()), ("sha256", sha256(key)), ("scopes", scopes.to_owned())]
        .map(|(field, value)| (format!("admin.keys.{at}.{field}"), value))
}
