//! The compact form of a token: `header.claims.signature`, each in base64url.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use saoma_domain::{
    ports::{SigningFailed, VerifiedToken},
    signing::TokenKind,
};
use serde::Deserialize;

use crate::key::SigningKey;

/// Longer texts are no tokens of this service.
const LONGEST: usize = 16 * 1024;

/// Writes and signs a token.
pub(crate) fn sign(key: &SigningKey, kind: TokenKind, claims: &str) -> Result<String, SigningFailed> {
    // None of the three needs to be escaped.
    let (algorithm, typ, kid) = (key.algorithm().name(), kind.typ(), key.kid());
    let header = format!(r#"{{"alg":"{algorithm}","typ":"{typ}","kid":"{kid}"}}"#);
    let mut token = String::with_capacity((header.len() + claims.len()) * 4 / 3 + 400);
    BASE64_URL_SAFE_NO_PAD.encode_string(header, &mut token);
    token.push('.');
    BASE64_URL_SAFE_NO_PAD.encode_string(claims, &mut token);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    BASE64_URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

/// The header of a token that was not verified yet.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
    #[serde(default)]
    typ: String,
}

/// Verifies a token with the key that it names, if there is one. The algorithm is the key's: what the header says of it has to
/// be the same.
pub(crate) fn verify<'k>(
    token: &str,
    key_of: impl FnOnce(&str) -> Option<&'k SigningKey>,
) -> Option<VerifiedToken> {
    if token.len() > LONGEST {
        return None;
    }
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let decoded = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).ok();
    let header: Header = serde_json::from_slice(&decoded(header)?).ok()?;
    let kind = TokenKind::of_typ(&header.typ)?;
    let key = key_of(&header.kid)?;
    if header.alg != key.algorithm().name() || !key.verifies(signed.as_bytes(), &decoded(signature)?) {
        return None;
    }
    Some(VerifiedToken { kind, claims: String::from_utf8(decoded(claims)?).ok()? })
}
