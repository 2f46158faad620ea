//! WeChat as Saoma talks to it, in both directions.
//!
//! * [`callback`] checks, opens and answers what WeChat posts to us. It is pure: no I/O, the time and random
//!   bytes are arguments. It has WeChat's end of the callback too, for simulations and tests.
//! * [`client`] asks WeChat's API: access tokens, QR codes with a scene, what is known about a person, and
//!   who it is that came back from WeChat's consent page or opened a mini program.
//! * [`open_data`] opens what a mini program gets from WeChat encrypted. It is pure as well.
//!
//! All serve any number of apps and point at any address, so a simulated WeChat does for all of it.
//!
//! ```
//! use saoma_domain::time::Timestamp;
//! use saoma_wechat::callback::{
//!     CallbackCodec, CallbackConfig, CallbackMode, CallbackSender, MessageKind, Reply, ReplyText, message_xml,
//! };
//!
//! let config = CallbackConfig {
//!     app_id: "wx0123456789abcdef".to_owned(),
//!     token: "loginToken2026".into(),
//!     encoding_aes_key: Some("P0bc8GBnpGrl8NAbT1FUlQZoARzhfJWuPV4FhsRMgQl".into()),
//!     previous_encoding_aes_key: None,
//!     mode: CallbackMode::Secure,
//! };
//! let now = Timestamp::from_secs(1_763_610_000);
//!
//! // WeChat's end, simulated: somebody scans a code.
//! let wechat = CallbackSender::new(&config)?;
//! let scan = message_xml(&[
//!     ("ToUserName", "gh_3f1c9a0b7d52"),
//!     ("FromUserName", "oLq7Z5kT9vXc2Bn4Mf8Wd1Rj6HsA"),
//!     ("CreateTime", "1763610000"),
//!     ("MsgType", "event"),
//!     ("Event", "SCAN"),
//!     ("EventKey", "login:8f3a1c"),
//! ]);
//! let push = wechat.push("gh_3f1c9a0b7d52", &scan, now, "415670741", b"16 random bytes.");
//!
//! // Our end: what was forged, stale or meant for others does not come out of `open`.
//! let codec = CallbackCodec::new(&config)?;
//! let message = codec.open(&push.query, push.body.as_bytes(), now)?;
//! assert_eq!(message.kind(), &MessageKind::Scan { scene: "login:8f3a1c".to_owned() });
//!
//! // The answer goes back in the form in which the message came, here encrypted.
//! let reply = ReplyText::new("欢迎").map_or(Reply::Success, Reply::Text);
//! let answer = codec.answer(&message, &reply, now, b"16 other bytes..");
//! assert!(wechat.open_reply(answer.as_bytes())?.contains("欢迎"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod callback;
pub mod client;
mod hex;
mod json;
pub mod open_data;
mod padding;
