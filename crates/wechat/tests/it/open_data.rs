//! What a mini program gets from WeChat encrypted: the shared vectors, and forgeries of our own.

use aes::Aes128;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockModeEncrypt as _, KeyIvInit as _};
use saoma_domain::ports::{MiniProgram as _, OpenDataError};
use saoma_domain::time::Timestamp;
use saoma_domain::wechat::{AppName, SessionKey};
use saoma_wechat::client::WechatClient;
use serde_json::{Value, json};

use crate::fake_wechat::{FakeWechat, MINI_ID, app, mini};
use crate::support::{NOW, text, vectors};

const FILE: &str = "miniprogram_encrypted_data.json";
const KEY: [u8; 16] = *b"session key 16 b";
const IV: [u8; 16] = *b"iv of 16 bytes..";

async fn client() -> std::sync::Arc<WechatClient> {
    FakeWechat::start().await.client
}

fn key_of(vector: &Value) -> SessionKey {
    SessionKey::new(text(vector, "session_key").to_owned())
}

fn made_at(vector: &Value) -> Timestamp {
    Timestamp::from_secs(vector["expected"]["watermark"]["timestamp"].as_i64().unwrap())
}

#[tokio::test]
async fn the_phone_numbers_among_the_vectors_are_read_and_the_rest_has_none() {
    let client = client().await;
    let read = |vector: &Value| {
        let (data, iv) = (text(vector, "encryptedData"), text(vector, "iv"));
        client.open_phone(&mini(), &key_of(vector), data, iv, made_at(vector))
    };
    let vectors = vectors(FILE, "vectors", 10);
    let numbers = vectors.iter().map(read).map(|number| number.map(|number| number.e164().to_owned()));
    let expected = ["+8613800138000", "+85251234567", "+8613900139000"];
    for (at, number) in numbers.enumerate() {
        match expected.get(at) {
            Some(expected) => assert_eq!(number.as_deref(), Ok(*expected)),
            None => assert_eq!(number, Err(OpenDataError::NoPhone), "{}", vectors[at]["id"]),
        }
    }
}

fn seal(plain: &[u8]) -> String {
    let cipher = cbc::Encryptor::<Aes128>::new(&KEY.into(), &IV.into());
    STANDARD.encode(cipher.encrypt_padded_vec::<Pkcs7>(plain))
}

fn phone(timestamp: &Value) -> Value {
    json!({
        "phoneNumber": "13800138000", "purePhoneNumber": "13800138000", "countryCode": "86",
        "watermark": {"timestamp": timestamp, "appid": MINI_ID},
    })
}

fn try_open(client: &WechatClient, app: &AppName, data: &str) -> Result<String, OpenDataError> {
    let key = SessionKey::new(STANDARD.encode(KEY));
    let opened = client.open_phone(app, &key, data, &STANDARD.encode(IV), NOW);
    opened.map(|number| number.e164().to_owned())
}

#[tokio::test]
async fn data_is_fresh_for_ten_minutes_to_either_side() {
    let client = client().await;
    for (offset, expected) in [
        (0, Ok(())),
        (-600, Ok(())),
        (600, Ok(())),
        (-601, Err(OpenDataError::TooOld)),
        (601, Err(OpenDataError::TooOld)),
        (i64::MIN / 2, Err(OpenDataError::TooOld)),
    ] {
        let data = seal(phone(&json!(NOW.as_secs() + offset)).to_string().as_bytes());
        assert_eq!(try_open(&client, &mini(), &data).map(drop), expected, "{offset}");
    }
    let as_text = seal(phone(&json!(NOW.as_secs().to_string())).to_string().as_bytes());
    assert_eq!(try_open(&client, &mini(), &as_text).as_deref(), Ok("+8613800138000"));
    for odd in [json!(null), json!("soon"), json!([]), json!(1.5e300)] {
        let data = seal(phone(&odd).to_string().as_bytes());
        assert_eq!(try_open(&client, &mini(), &data), Err(OpenDataError::TooOld), "{odd}");
    }
}

#[tokio::test]
async fn an_app_that_is_no_mini_program_of_ours_opens_nothing() {
    let client = client().await;
    let data = seal(phone(&json!(NOW.as_secs())).to_string().as_bytes());
    assert!(try_open(&client, &mini(), &data).is_ok());
    for app in [app(), AppName::parse("stranger").unwrap()] {
        assert_eq!(try_open(&client, &app, &data), Err(OpenDataError::OtherApp));
    }
}

#[tokio::test]
async fn every_byte_of_the_padding_counts() {
    let client = client().await;
    let mut plain = phone(&json!(NOW.as_secs())).to_string().into_bytes();
    // Blanks after JSON are JSON, so that only the padding decides.
    plain.resize(plain.len().next_multiple_of(16), b' ');
    let sealed = |padding: [u8; 16]| {
        let cipher = cbc::Encryptor::<Aes128>::new(&KEY.into(), &IV.into());
        let padded = [plain.as_slice(), &padding].concat();
        STANDARD.encode(cipher.encrypt_padded_vec::<NoPadding>(&padded))
    };
    assert!(try_open(&client, &mini(), &sealed([16; 16])).is_ok());
    for at in 0..16 {
        let mut padding = [16; 16];
        padding[at] = 17;
        let opened = try_open(&client, &mini(), &sealed(padding));
        assert_eq!(opened, Err(OpenDataError::OutdatedKey), "byte {at}");
    }
    for wrong in [[0; 16], [17; 16], [255; 16], [b' '; 16]] {
        assert_eq!(try_open(&client, &mini(), &sealed(wrong)), Err(OpenDataError::OutdatedKey));
    }
}

#[tokio::test]
async fn what_decrypts_to_no_json_object_was_encrypted_with_another_key() {
    let client = client().await;
    let good = phone(&json!(NOW.as_secs())).to_string();
    let plains: [&[u8]; 8] = [
        b"",
        b"null",
        b"[]",
        b"\"text\"",
        b"12",
        &good.as_bytes()[..good.len() - 1],
        b"{\"phoneNumber\":\"\xff\"}",
        b"{\"phoneNumber\":\"\x01\"}",
    ];
    for plain in plains {
        assert_eq!(try_open(&client, &mini(), &seal(plain)), Err(OpenDataError::OutdatedKey), "{plain:?}");
    }
}

#[tokio::test]
async fn a_client_that_flips_a_bit_anywhere_gets_no_other_number() {
    let client = client().await;
    let data = seal(phone(&json!(NOW.as_secs())).to_string().as_bytes());
    let sealed = STANDARD.decode(&data).unwrap();
    let key = SessionKey::new(STANDARD.encode(KEY));
    for at in 0..sealed.len() * 8 {
        let mut flipped = sealed.clone();
        flipped[at / 8] ^= 1 << (at % 8);
        let opened = try_open(&client, &mini(), &STANDARD.encode(flipped));
        assert!(opened.as_deref().is_err() || opened.as_deref() == Ok("+8613800138000"), "bit {at}");
    }
    for at in 0..128 {
        let mut iv = IV;
        iv[at / 8] ^= 1 << (at % 8);
        let opened = client.open_phone(&mini(), &key, &data, &STANDARD.encode(iv), NOW);
        assert!(opened.is_err(), "bit {at} of the iv is in the name of the first field");
    }
}

#[tokio::test]
async fn only_strict_base64_of_whole_blocks_is_looked_at() {
    let client = client().await;
    let good = seal(phone(&json!(NOW.as_secs())).to_string().as_bytes());
    assert!(good.contains('+') || good.contains('/') || good.ends_with('='), "{good}");
    for data in [
        String::new(),
        " ".to_owned(),
        format!("{good}\n"),
        format!(" {good}"),
        good.replace('=', ""),
        good.replace(['+', '/'], "-"),
        good.replace(['+', '/'], " "),
        format!("{good}AAAA"),
        STANDARD.encode([0; 15]),
        STANDARD.encode([0; 17]),
    ] {
        if data != good {
            assert_eq!(try_open(&client, &mini(), &data), Err(OpenDataError::Malformed), "{data}");
        }
    }
    let key = SessionKey::new(STANDARD.encode(KEY));
    for iv in [vec![], vec![0; 15], vec![0; 17], vec![0; 32]] {
        let opened = client.open_phone(&mini(), &key, &good, &STANDARD.encode(&iv), NOW);
        assert_eq!(opened, Err(OpenDataError::Malformed), "{iv:?}");
    }
    for key in
        ["", "not base64", &STANDARD.encode([0; 15]), &STANDARD.encode([0; 32]), &STANDARD.encode([0; 16])]
    {
        let key = SessionKey::new(key.to_owned());
        let opened = client.open_phone(&mini(), &key, &good, &STANDARD.encode(IV), NOW);
        assert_eq!(opened, Err(OpenDataError::OutdatedKey));
    }
}
