//! The signature `ACS3-HMAC-SHA256` of Alibaba Cloud.
//!
//! Source: Alibaba Cloud, "V3 request structure and signature". It is `HMAC(secret, "ACS3-HMAC-SHA256\n" + SHA-256(request))`
//! over method, path, sorted query, sorted headers and the hash of the body; no key is derived.

use ring::hmac;
use saoma_domain::text::hex;

use crate::http::{percent_encoded, sha256};

/// A call as it is signed.
pub(crate) struct Call<'a> {
    pub(crate) host: &'a str,
    /// The path of the URL.
    pub(crate) path: &'a str,
    pub(crate) action: &'a str,
    pub(crate) version: &'a str,
    /// UTC, as `2025-11-20T03:40:00Z`.
    pub(crate) date: &'a str,
    pub(crate) nonce: &'a str,
    /// The parameters, which stand in the query; the body is empty.
    pub(crate) query: &'a [(&'a str, String)],
}

impl Call<'_> {
    /// Returns the query, sorted and encoded, as it is signed and sent.
    pub(crate) fn query_string(&self) -> String {
        let encoded = |(name, value): &(&str, String)| (percent_encoded(name), percent_encoded(value));
        let mut pairs: Vec<_> = self.query.iter().map(encoded).collect();
        pairs.sort();
        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    /// Returns the headers that are signed, in their order.
    pub(crate) fn headers(&self) -> [(&'static str, String); 6] {
        [
            ("host", self.host.to_owned()),
            ("x-acs-action", self.action.to_owned()),
            ("x-acs-content-sha256", sha256(b"")),
            ("x-acs-date", self.date.to_owned()),
            ("x-acs-signature-nonce", self.nonce.to_owned()),
            ("x-acs-version", self.version.to_owned()),
        ]
    }

    /// Returns the header `Authorization`.
    pub(crate) fn authorization(&self, key_id: &str, secret: &str) -> String {
        let headers = self.headers();
        let signed = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let lines: String =
            headers.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
        let request =
            format!("POST\n{}\n{}\n{lines}\n{signed}\n{}", self.path, self.query_string(), sha256(b""));
        let to_sign = format!("ACS3-HMAC-SHA256\n{}", sha256(request.as_bytes()));
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let signature = hex(hmac::sign(&key, to_sign.as_bytes()).as_ref());
        format!("ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={signed},Signature={signature}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_vectors_of_the_vendor_and_of_its_sdk_are_met() {
        let vectors: Value =
            serde_json::from_str(include_str!("../../../tests/vectors/acs3_signatures.json")).unwrap();
        let vectors = vectors["vectors"].as_array().unwrap();
        assert_eq!(vectors.len(), 3);
        for vector in vectors {
            let text = |name: &str| vector[name].as_str().unwrap();
            let header = |name: &str| vector["headers"][name].as_str().unwrap();
            let query = vector["query"].as_object().unwrap();
            let query: Vec<(&str, String)> = query
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str().unwrap().to_owned()))
                .collect();
            let call = Call {
                host: text("host"),
                path: "/",
                action: header("x-acs-action"),
                version: header("x-acs-version"),
                date: header("x-acs-date"),
                nonce: header("x-acs-signature-nonce"),
                query: &query,
            };
            assert_eq!(call.query_string(), text("canonical_query_string"), "{}", text("id"));
            let authorization = call.authorization(text("access_key_id"), text("access_key_secret"));
            assert_eq!(authorization, text("authorization"), "{}", text("id"));
        }
    }
}
