//! The key that a login's codes are bound to it by.

use crate::{
    keys::{KeyRing, ServerKey},
    login::LoginId,
};

/// Returns the key that issued a login: all nodes agree on it while keys are rotated, although some sign with
/// another one already.
pub(super) fn issuing_key(keys: &KeyRing, login: LoginId) -> &ServerKey {
    login.issuer(keys).unwrap_or(keys.current())
}
