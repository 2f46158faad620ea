//! The signature `TC3-HMAC-SHA256` of Tencent Cloud.
//!
//! Source: Tencent Cloud, "API 3.0 signature v3". The key is derived by the UTC date of the timestamp and the service; the local
//! date would fail between 00:00 and 08:00 in China.

use ring::hmac;
use saoma_domain::text::hex;

use crate::http::sha256;

/// A call as it is signed: `POST /` with a body.
pub(crate) struct Call<'a> {
    pub(crate) host: &'a str,
    /// The path of the URL.
    pub(crate) path: &'a str,
    pub(crate) service: &'a str,
    pub(crate) content_type: &'a str,
    /// Unix seconds.
    pub(crate) timestamp: i64,
    /// The UTC date of the timestamp, as `2025-11-20`.
    pub(crate) date: &'a str,
    pub(crate) body: &'a [u8],
}

const SIGNED_HEADERS: &str = "content-type;host";

impl Call<'_> {
    /// Returns the header `Authorization`.
    pub(crate) fn authorization(&self, secret_id: &str, secret_key: &str) -> String {
        let Self { host, path, service, content_type, timestamp, date, body } = self;
        let request = format!(
            "POST\n{path}\n\ncontent-type:{content_type}\nhost:{host}\n\n{SIGNED_HEADERS}\n{}",
            sha256(body)
        );
        let scope = format!("{date}/{service}/tc3_request");
        let to_sign = format!("TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{}", sha256(request.as_bytes()));
        let key = mac(format!("TC3{secret_key}").as_bytes(), date);
        let key = mac(key.as_ref(), service);
        let key = mac(key.as_ref(), "tc3_request");
        let signature = hex(mac(key.as_ref(), &to_sign).as_ref());
        format!(
            "TC3-HMAC-SHA256 Credential={secret_id}/{scope}, SignedHeaders={SIGNED_HEADERS}, Signature={signature}"
        )
    }
}

fn mac(key: &[u8], text: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_vectors_of_the_vendor_and_of_its_sdk_are_met() {
        let vectors: Value =
            serde_json::from_str(include_str!("../../../tests/vectors/tc3_signatures.json")).unwrap();
        let vectors = vectors["vectors"].as_array().unwrap();
        assert_eq!(vectors.len(), 3);
        for vector in vectors {
            let text = |name: &str| vector[name].as_str().unwrap();
            let call = Call {
                host: text("host"),
                path: "/",
                service: text("service"),
                content_type: text("content_type"),
                timestamp: vector["timestamp"].as_i64().unwrap(),
                date: text("date"),
                body: text("payload").as_bytes(),
            };
            let authorization = call.authorization(text("secret_id"), text("secret_key"));
            assert_eq!(authorization, text("authorization"), "{}", text("id"));
        }
    }
}
