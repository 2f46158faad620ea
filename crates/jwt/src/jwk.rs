//! What is published of a key (RFC 7517), and its name (RFC 7638).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use serde::Serialize;

/// The public half of a key.
#[derive(Debug, Serialize)]
pub(crate) struct Jwk {
    #[serde(flatten)]
    public: Public,
    #[serde(rename = "use")]
    usage: &'static str,
    alg: &'static str,
    pub(crate) kid: String,
}

#[derive(Debug, Serialize)]
#[serde(tag = "kty")]
enum Public {
    #[serde(rename = "RSA")]
    Rsa { e: String, n: String },
    #[serde(rename = "EC")]
    Ec { crv: &'static str, x: String, y: String },
}

impl Jwk {
    pub(crate) fn rsa(modulus: &[u8], exponent: &[u8]) -> Self {
        let (n, e) = (text(modulus), text(exponent));
        // The members that count, by their names, without blanks.
        let kid = thumbprint(&format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#));
        Self { public: Public::Rsa { e, n }, usage: "sig", alg: "RS256", kid }
    }

    /// Takes an uncompressed point: 4, then both coordinates of 32 bytes.
    pub(crate) fn p256(point: &[u8]) -> Self {
        let part = |from: usize| text(point.get(from..from + 32).unwrap_or_default());
        let (x, y) = (part(1), part(33));
        let kid = thumbprint(&format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#));
        Self { public: Public::Ec { crv: "P-256", x, y }, usage: "sig", alg: "ES256", kid }
    }
}

fn thumbprint(members: &str) -> String {
    text(digest(&SHA256, members.as_bytes()).as_ref())
}

fn text(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key and the thumbprint of RFC 7638, section 3.1.
    #[test]
    fn a_thumbprint_is_that_of_the_standard() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3\
                 oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHz\
                 u6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8a\
                 wapJzKnqDKgw";
        let modulus = BASE64_URL_SAFE_NO_PAD.decode(n).unwrap();
        assert_eq!(Jwk::rsa(&modulus, &[1, 0, 1]).kid, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn only_what_is_public_is_published() {
        let jwk = serde_json::to_value(Jwk::p256(&[4; 65])).unwrap();
        let mut members: Vec<_> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
        members.sort_unstable();
        assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    }
}
