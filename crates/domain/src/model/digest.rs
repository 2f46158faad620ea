//! A hash of several parts.

use ring::digest;

/// Returns the SHA-256 of what something is, such as `oauth-code`, and its parts, each preceded by its length, so that no two
/// lists of parts have the same bytes.
pub(crate) fn hash_of_parts(what: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in std::iter::once(&what.as_bytes()).chain(parts) {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}
