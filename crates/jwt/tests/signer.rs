//! What signs and verifies tokens.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use saoma_domain::{
    ports::{MadeKey, TokenSigner},
    signing::{SigningAlgorithm, TokenKind},
    time::Timestamp,
};
use saoma_jwt::{ConfiguredKey, JwtSigner, KeyRejected, SigningKey};
use saoma_testing::SeededRandom;

const RSA: &str = include_str!("keys/rsa.pem");
const OTHER_RSA: &str = include_str!("keys/rsa-other.pem");
const P256: &str = include_str!("keys/p256.pem");

fn at(secs: i64) -> Timestamp {
    Timestamp::from_secs(secs)
}

fn signer(keys: &[(&str, i64)]) -> JwtSigner {
    let configured = |(pem, from): &(&str, i64)| ConfiguredKey {
        key: SigningKey::from_pem(pem).unwrap(),
        signs_from: at(*from),
    };
    JwtSigner::new(keys.iter().map(configured).collect(), Arc::new(SeededRandom::new(1)))
}

fn sign(signer: &JwtSigner, algorithm: SigningAlgorithm, now: i64) -> Option<String> {
    signer.sign(algorithm, TokenKind::Identity, r#"{"sub":"anna"}"#, at(now)).ok()
}

fn kid_of(token: &str) -> String {
    let header = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

#[test]
fn a_token_is_verified_by_the_key_that_signed_it() {
    let signer = signer(&[(RSA, 0), (P256, 0)]);
    for algorithm in SigningAlgorithm::ALL {
        let token = sign(&signer, algorithm, 1).unwrap();
        let verified = signer.verify(&token, at(1)).unwrap();
        assert_eq!((verified.kind, verified.claims.as_str()), (TokenKind::Identity, r#"{"sub":"anna"}"#));
    }
}

#[test]
fn a_token_that_was_changed_anywhere_is_refused() {
    let signer = signer(&[(P256, 0)]);
    let token = sign(&signer, SigningAlgorithm::Es256, 1).unwrap();
    for place in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        // Also the bits of a part's last character that say nothing.
        if let Some(verified) = signer.verify(&changed, at(1)) {
            panic!("changed at {place}: {verified:?}");
        }
        assert_eq!(signer.verify(&token[..place], at(1)), None);
    }
}

#[test]
fn the_algorithm_is_the_keys_whatever_the_header_says() {
    let signer = signer(&[(RSA, 0), (P256, 0)]);
    let token = sign(&signer, SigningAlgorithm::Rs256, 1).unwrap();
    let [_, claims, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    for alg in ["none", "HS256", "ES256", "rs256", "PS256", ""] {
        let header = format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{}"}}"#, kid_of(&token));
        let header = BASE64_URL_SAFE_NO_PAD.encode(header);
        for signature in [signature, ""] {
            assert_eq!(signer.verify(&format!("{header}.{claims}.{signature}"), at(1)), None, "{alg}");
        }
    }
}

#[test]
fn the_next_key_is_published_before_it_signs_and_the_last_one_stays() {
    let signer = signer(&[(RSA, 0), (OTHER_RSA, 100)]);
    let before = sign(&signer, SigningAlgorithm::Rs256, 99).unwrap();
    let after = sign(&signer, SigningAlgorithm::Rs256, 100).unwrap();
    assert_ne!(kid_of(&before), kid_of(&after));
    assert!(signer.verify(&before, at(101)).is_some() && signer.verify(&after, at(99)).is_some());
    let published = signer.public_keys(at(1));
    assert!(published.contains(&kid_of(&before)) && published.contains(&kid_of(&after)));
    assert!(!published.contains("\"d\"") && !published.contains("\"p\""), "{published}");
}

#[test]
fn the_name_of_a_key_is_the_same_everywhere() {
    let [first, second] = [(); 2].map(|()| SigningKey::from_pem(RSA).unwrap().kid().to_owned());
    assert_eq!(first, second);
    assert_eq!(first.len(), 43);
}

#[test]
fn without_a_key_nothing_is_signed() {
    let signer = signer(&[(P256, 50)]);
    assert_eq!(sign(&signer, SigningAlgorithm::Rs256, 99), None);
    assert_eq!(sign(&signer, SigningAlgorithm::Es256, 49), None);
    assert!(signer.is_configured(SigningAlgorithm::Es256, at(50)));
    assert!(!signer.is_configured(SigningAlgorithm::Es256, at(49)));
}

#[tokio::test]
async fn a_key_that_was_made_signs_until_it_is_published_no_more() {
    for algorithm in SigningAlgorithm::ALL {
        let signer = signer(&[]);
        let secret = match signer.make(algorithm).await {
            Ok(secret) => secret,
            Err(failed) => {
                assert!(algorithm == SigningAlgorithm::Rs256 && !cfg!(feature = "rsa"), "{failed}");
                continue;
            }
        };
        let made = MadeKey { algorithm, secret, signs_from: at(10), published_until: at(20) };
        signer.replace_made(&[made]);
        assert_eq!(sign(&signer, algorithm, 9), None);
        let token = sign(&signer, algorithm, 10).unwrap();
        assert!(signer.verify(&token, at(19)).is_some());
        assert_eq!(signer.verify(&token, at(20)), None);
        assert_eq!(signer.public_keys(at(20)), r#"{"keys":[]}"#);
    }
}

#[test]
fn keys_of_other_kinds_are_refused() {
    let rejected = |pem: &str| SigningKey::from_pem(pem).unwrap_err();
    assert_eq!(rejected("no key"), KeyRejected::NoPem);
    assert_eq!(rejected(include_str!("keys/rsa-1024.pem")), KeyRejected::Kind);
    assert_eq!(rejected(include_str!("keys/p384.pem")), KeyRejected::Kind);
    assert_eq!(rejected(include_str!("keys/p256-sec1.pem")), KeyRejected::NotPkcs8);
    assert!(!format!("{:?}", SigningKey::from_pem(P256).unwrap()).contains("PRIVATE"));
}
