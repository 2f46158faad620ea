//! The ids by which apps know people: they follow from the names, so that they are the same in every run.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;

/// WeChat's openids and unionids have this many characters.
const LENGTH: usize = 28;

/// Returns the id of a person in an app: `o` and 27 characters.
pub(crate) fn openid(app_id: &str, name: &str) -> String {
    id("o", app_id, name)
}

/// Returns the id of a person in an open-platform account: `o6_` and 25 characters.
pub(crate) fn unionid(open_account: &str, name: &str) -> String {
    id("o6_", &format!("unionid {open_account}"), name)
}

fn id(prefix: &str, what: &str, name: &str) -> String {
    let mut id = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(hash(what, name)));
    id.truncate(LENGTH);
    id
}

pub(super) fn hash(what: &str, name: &str) -> digest::Digest {
    digest::digest(&digest::SHA256, format!("{what}\n{name}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_another_openid_in_every_app_and_the_same_one_in_every_run() {
        let id = openid("wx5a0b4c3d2e1f6078", "ming");
        assert_eq!(id, openid("wx5a0b4c3d2e1f6078", "ming"));
        assert_ne!(id, openid("wx0000000000000000", "ming"));
        assert!(id.starts_with('o') && id.len() == 28, "{id}");
        assert_eq!(unionid("default", "ming").len(), 28);
        assert_ne!(unionid("default", "ming"), unionid("another", "ming"));
    }
}
