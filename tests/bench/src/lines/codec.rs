//! Opening one encrypted event, beside the same by hand with roxmltree.

use std::{hint::black_box, time::Duration};

use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::NoPadding};
use base64::{
    Engine,
    engine::{GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use roxmltree::Document;
use rustix::time::{ClockId, clock_gettime};
use saoma_wechat::callback::{CallbackCodec, CallbackFormat, Opened, Push};

use super::row;
use crate::{
    load::{count, micros},
    logins::Login,
    scans::{AES_KEY, TOKEN, now, push, settings},
};

/// How many events a round opens.
const EVENTS: usize = 20_000;

/// Where the message begins behind its random bytes and its length.
const MESSAGE: usize = 20;

pub(super) fn measure(rounds: usize) {
    let (push, codec, now) = (push(1, &Login::issue(1).id), CallbackCodec::new(&settings()).unwrap(), now());
    let key = key();
    let (mut ratios, mut ours, mut floors) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let floor = time(|| by_hand(&push, &key));
        let our = time(|| {
            let opened = codec.open(&push.query, CallbackFormat::Xml, push.body.as_bytes(), now);
            matches!(opened, Ok(Opened::Message(_))).then_some(6).expect("it opens")
        });
        ratios.push(our / floor);
        ours.push(our);
        floors.push(floor);
    }
    row("codec, one encrypted event ÷ by hand with roxmltree", "", ratios, "");
    row("its processor time", "", ours, " µs");
    row("floor: by hand with roxmltree", "", floors, " µs");
}

/// Returns the microseconds of processor time of one event.
fn time(mut open: impl FnMut() -> usize) -> f64 {
    let before = processor_time();
    for _ in 0..EVENTS {
        black_box(open());
    }
    micros(processor_time() - before) / count(EVENTS)
}

fn processor_time() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().expect("time goes on")
}

/// The key has 43 characters, whose last bits mean nothing.
fn key() -> Vec<u8> {
    let config = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, config);
    engine.decode(format!("{AES_KEY}=")).unwrap()
}

/// Checks the signature, decrypts, and reads the fields of both documents, as is usual; returns how many there are.
fn by_hand(push: &Push, key: &[u8]) -> usize {
    let envelope = Document::parse(&push.body).unwrap();
    let encrypted = field(&envelope, "Encrypt");
    let mut signed = [TOKEN, &push.query.timestamp, &push.query.nonce, encrypted];
    signed.sort_unstable();
    let mut digest = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    signed.iter().for_each(|part| digest.update(part.as_bytes()));
    let digest = digest.finish();
    let hex = digest.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit);
    assert!(push.query.msg_signature.as_ref().is_some_and(|said| said.bytes().eq(hex)));
    let mut bytes = STANDARD.decode(encrypted).unwrap();
    let decryptor = cbc::Decryptor::<aes::Aes256>::new_from_slices(key, &key[..16]).unwrap();
    let plain = decryptor.decrypt_padded::<NoPadding>(&mut bytes).unwrap();
    let length = u32::from_be_bytes(plain[MESSAGE - 4..MESSAGE].try_into().unwrap());
    let message = &plain[MESSAGE..MESSAGE + usize::try_from(length).unwrap()];
    let message = Document::parse(std::str::from_utf8(message).unwrap()).unwrap();
    let names = ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "EventKey"];
    names.map(|name| field(&message, name).to_owned()).len()
}

fn digit(half: u8) -> u8 {
    if half < 10 { b'0' + half } else { b'a' + half - 10 }
}

fn field<'d>(document: &'d Document<'_>, name: &str) -> &'d str {
    let mut nodes = document.root_element().children();
    nodes.find(|node| node.has_tag_name(name)).and_then(|node| node.text()).unwrap_or_default()
}
