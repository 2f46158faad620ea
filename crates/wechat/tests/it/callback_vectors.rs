//! The shared vectors: made by other people's libraries and by the vendor.

use saoma_domain::time::Timestamp;
use saoma_wechat::callback::{
    CallbackCodec, CallbackConfig, CallbackFormat, CallbackMode, CallbackQuery, CallbackRefused,
    CallbackSender, MessageKind, Opened, message_xml,
};
use serde_json::Value;

use crate::support::{
    NOT_SIGNED, NOW, OPENID, OpenXml as _, RANDOM, codec, config, scan_xml, seconds, sender, text,
    vector_config, vector_file, vectors,
};

fn query_of(vector: &Value) -> CallbackQuery {
    CallbackQuery {
        signature: vector["signature"].as_str().unwrap_or_default().to_owned(),
        timestamp: text(vector, "timestamp").to_owned(),
        nonce: text(vector, "nonce").to_owned(),
        echostr: Some(vector["echostr"].as_str().unwrap_or("6481314587284658058").to_owned()),
        msg_signature: vector["msg_signature"].as_str().map(str::to_owned),
        ..CallbackQuery::default()
    }
}

/// The reply envelope around the ciphertext of a vector.
fn reply_envelope(vector: &Value) -> String {
    message_xml(&[
        ("Encrypt", text(vector, "encrypt")),
        ("MsgSignature", text(vector, "msg_signature")),
        ("TimeStamp", text(vector, "timestamp")),
        ("Nonce", text(vector, "nonce")),
    ])
}

#[test]
fn every_right_query_signature_is_accepted_and_made_alike() {
    let generated = vectors("callback_signatures.json", "vectors", 10);
    let official = vectors("callback_signatures.json", "official", 3);
    for vector in generated.iter().chain(&official) {
        let codec = CallbackCodec::new(&vector_config(vector)).unwrap();
        let query = query_of(vector);
        assert_eq!(codec.echo(&query, seconds(vector)), Ok(query.echostr.as_deref().unwrap()), "{vector}");

        let sender = CallbackSender::new(&vector_config(vector)).unwrap();
        let made = sender.sign_query(seconds(vector), text(vector, "nonce"));
        assert_eq!(made.signature, text(vector, "signature"), "{vector}");
    }
}

#[test]
fn every_wrong_query_signature_is_refused() {
    for vector in vectors("callback_signatures.json", "must_reject", 5) {
        let codec = CallbackCodec::new(&vector_config(&vector)).unwrap();
        let query = query_of(&vector);
        assert_eq!(codec.echo(&query, seconds(&vector)), Err(NOT_SIGNED), "{vector}");
    }
}

#[test]
fn every_encrypted_message_decrypts_to_its_plaintext() {
    let generated = vectors("encrypted_messages.json", "vectors", 20);
    let official = vectors("encrypted_messages.json", "official", 2);
    for vector in generated.iter().chain(&official) {
        let sender = CallbackSender::new(&vector_config(vector)).unwrap();
        let opened = sender.open_reply(reply_envelope(vector).as_bytes());
        assert_eq!(opened.as_deref(), Ok(text(vector, "plaintext")), "{}", vector["id"]);
    }
}

#[test]
fn the_same_random_bytes_give_the_same_ciphertext_and_signature() {
    let generated = vectors("encrypted_messages.json", "vectors", 20);
    let official = vectors("encrypted_messages.json", "official", 2);
    for vector in generated.iter().chain(&official) {
        let sender = CallbackSender::new(&vector_config(vector)).unwrap();
        let random = text(vector, "random16").as_bytes().try_into().unwrap();
        let (plain, nonce) = (text(vector, "plaintext"), text(vector, "nonce"));
        let push = sender.push("gh_3f1c9a0b7d52", plain, seconds(vector), nonce, &random);
        let encrypted = format!("<Encrypt><![CDATA[{}]]></Encrypt>", text(vector, "encrypt"));
        assert!(push.body.contains(&encrypted), "{}: {}", vector["id"], push.body);
        assert_eq!(push.query.msg_signature.as_deref(), vector["msg_signature"].as_str(), "{}", vector["id"]);
    }
}

#[test]
fn reply_envelopes_of_other_libraries_open() {
    let made_by_others = vectors("encrypted_messages.json", "vectors", 20)
        .into_iter()
        .filter(|vector| vector["reply_envelope_xml"].is_string())
        .collect::<Vec<_>>();
    assert!(made_by_others.len() >= 3);
    for vector in made_by_others {
        let sender = CallbackSender::new(&vector_config(&vector)).unwrap();
        let opened = sender.open_reply(text(&vector, "reply_envelope_xml").as_bytes());
        assert_eq!(opened.as_deref(), Ok(text(&vector, "plaintext")), "{}", vector["id"]);
    }
}

#[test]
fn posted_bodies_of_other_libraries_open_in_the_mode_they_were_made_for() {
    let mut opened = 0;
    for vector in vectors("encrypted_messages.json", "vectors", 20) {
        for (field, mode) in [
            ("post_body_secure_mode", CallbackMode::Secure),
            ("post_body_compatible_mode", CallbackMode::Compat),
        ] {
            let Some(body) = vector[field].as_str() else { continue };
            let codec = CallbackCodec::new(&CallbackConfig { mode, ..vector_config(&vector) }).unwrap();
            let message = codec.xml(&query_of(&vector), body.as_bytes(), seconds(&vector)).unwrap();
            assert_eq!(message.from().as_str(), OPENID);
            opened += 1;
        }
    }
    assert!(opened >= 4, "only {opened} bodies");
}

#[test]
fn an_encrypted_message_that_is_no_xml_is_wechats_all_the_same() {
    let vector = &vectors("encrypted_messages.json", "official", 2)[0];
    let codec = CallbackCodec::new(&vector_config(vector)).unwrap();
    let body = message_xml(&[("Encrypt", text(vector, "encrypt"))]);
    let answer = codec.open(&query_of(vector), CallbackFormat::Xml, body.as_bytes(), seconds(vector));
    assert!(matches!(answer, Ok(Opened::Unreadable)));
}

#[test]
fn every_tampered_message_is_refused_on_both_ends_and_all_look_alike() {
    for vector in vectors("encrypted_messages_tampered.json", "vectors", 18) {
        let config = vector_config(&vector);
        let sender = CallbackSender::new(&config).unwrap();
        let mut query = sender.sign_query(seconds(&vector), text(&vector, "nonce"));
        query.msg_signature = Some(text(&vector, "msg_signature").to_owned());
        let body = message_xml(&[("Encrypt", text(&vector, "encrypt"))]);
        let answer = CallbackCodec::new(&config).unwrap().xml(&query, body.as_bytes(), seconds(&vector));
        assert!(matches!(answer, Err(CallbackRefused::Forbidden(_))), "{}", vector["id"]);
        assert!(sender.open_reply(reply_envelope(&vector).as_bytes()).is_err(), "{}", vector["id"]);
    }
}

#[test]
fn every_event_is_read_or_refused_as_its_manifest_says() {
    let plain = codec(CallbackMode::Plain);
    let query = sender(CallbackMode::Plain).sign_query(NOW, "1");
    for entry in vectors("events/manifest.json", "files", 12) {
        let file = entry["file"].as_str().unwrap();
        let opened = plain.xml(&query, &vector_file(&format!("events/{file}")), NOW);
        let parsed = &entry["parsed"];
        if file.starts_with("12_") {
            assert!(opened.is_ok_and(|message| message.is_damaged()), "it is decoded as far as it can be");
            continue;
        }
        if parsed.is_null() {
            let expected =
                if file.starts_with("10_") { CallbackRefused::TooLarge } else { CallbackRefused::Malformed };
            assert_eq!(opened.unwrap_err(), expected, "{file}");
            continue;
        }
        let message = opened.unwrap();
        if let Some(openid) = parsed["openid"].as_str() {
            assert_eq!(message.from().as_str(), openid, "{file}");
            assert_eq!(message.create_time(), parsed["create_time"].as_i64().unwrap(), "{file}");
        }
        assert_eq!(message.kind(), &expected_kind(parsed), "{file}");
        assert_eq!(message.msg_id(), parsed["msg_id"].as_str(), "{file}");
    }
}

fn expected_kind(parsed: &Value) -> MessageKind {
    let field = |name: &str| parsed[name].as_str().map(str::to_owned);
    match field("event").as_deref() {
        Some("subscribe") => MessageKind::Subscribe { scene: field("scene") },
        Some("SCAN") => MessageKind::Scan { scene: field("scene").unwrap() },
        Some("unsubscribe") => MessageKind::Unsubscribe,
        Some("LOCATION") => MessageKind::Location,
        Some("CLICK") => MessageKind::Click { key: field("event_key").unwrap() },
        None => MessageKind::Text { content: field("content").unwrap() },
        Some(other) => panic!("the manifest has a new event, {other}"),
    }
}

#[test]
fn a_message_under_the_previous_key_opens_while_the_key_is_changed() {
    let old = config(CallbackMode::Secure);
    let new = CallbackConfig {
        encoding_aes_key: Some(crate::support::OTHER_KEY.into()),
        previous_encoding_aes_key: old.encoding_aes_key.clone(),
        ..old.clone()
    };
    let push = CallbackSender::new(&old).unwrap().push(
        crate::support::ACCOUNT,
        &scan_xml("login:1"),
        NOW,
        "77",
        &RANDOM,
    );
    let message = CallbackCodec::new(&new).unwrap().xml(&push.query, push.body.as_bytes(), NOW).unwrap();
    assert_eq!(message.kind(), &MessageKind::Scan { scene: "login:1".to_owned() });
    let later = Timestamp::from_secs(NOW.as_secs() + 1);
    let reply = saoma_wechat::callback::Reply::Text(saoma_wechat::callback::ReplyText::new("ok").unwrap());
    let answer = CallbackCodec::new(&new).unwrap().answer(&message, &reply, later, &RANDOM);
    let opened = CallbackSender::new(&old).unwrap().open_reply(answer.as_bytes());
    assert!(opened.is_ok_and(|xml| xml.contains("<![CDATA[ok]]>")), "the old key has to open the answer");
}
