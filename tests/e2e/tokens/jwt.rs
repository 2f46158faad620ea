//! Reading tokens as the services behind the site do: with what is published and nothing else.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde_json::Value;

use crate::{contract::client, harness::Service};

/// A token whose signature is right.
pub(crate) struct Jwt {
    pub(crate) header: Value,
    pub(crate) claims: Value,
}

/// Returns the keys that a service publishes.
pub(crate) async fn keys(service: &Service) -> Vec<Value> {
    let answer = client().get(format!("{}/oauth2/jwks", service.url)).send().await.unwrap();
    let set: Value = answer.json().await.unwrap();
    set["keys"].as_array().unwrap().clone()
}

impl Jwt {
    /// Verifies a token with the key that it names.
    pub(crate) fn verified(keys: &[Value], token: &str) -> Self {
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, claims) = signed.split_once('.').unwrap();
        let read = |part: &str| serde_json::from_slice::<Value>(&bytes(part)).unwrap();
        let (header, claims) = (read(header), read(claims));
        let key = keys.iter().find(|key| key["kid"] == header["kid"]).expect("the key is published");
        assert_eq!((&key["alg"], &key["use"]), (&header["alg"], &Value::from("sig")));
        let part = |name: &str| bytes(key[name].as_str().unwrap());
        let verified = match key["kty"].as_str().unwrap() {
            "EC" => {
                let point = [vec![4], part("x"), part("y")].concat();
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
                key.verify(signed.as_bytes(), &bytes(signature))
            }
            _ => {
                let key = RsaPublicKeyComponents { n: part("n"), e: part("e") };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &bytes(signature))
            }
        };
        verified.expect("the signature is right");
        Self { header, claims }
    }
}

fn bytes(text: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()
}
