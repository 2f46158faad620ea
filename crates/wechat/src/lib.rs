//! WeChat as Saoma talks to it, in both directions.
//!
//! | module | holds | knows |
//! | --- | --- | --- |
//! | [`callback`] | the codec of the messages that WeChat posts, and WeChat's end of it | `json`, `padding` |
//! | [`client`] | the adapter behind the domain's three ports of WeChat, over HTTP | `errcode`, `open_data`, `json` |
//! | [`errcode`] | the table of WeChat's error codes, with cause and remedy | nothing |
//! | `open_data` | what WeChat encrypts for a mini program with the session key | `json`, `padding` |
//! | `json`, `padding` | how WeChat writes numbers and fills blocks | nothing |
//!
//! `callback` and `open_data` are pure: no I/O, and the time and random bytes are arguments.
//!
//! Inside `client`, from the top: the ports (`official_account`, `oauth`, `mini_program`) find an app in
//! `wechat_client`. `configured_app` makes a call with the credentials that its row in `calls` names, before a
//! deadline. `token_source` gets the app's access token from this process, another node (`shared_tokens`) or
//! WeChat. `app_caller` passes the call through the `quota_breaker` of its API and reports failures. `transport`
//! is HTTP, `answer` reads JSON.
//!
//! **To add a call to WeChat**, start at the head of `client::calls`: one row, and the type of its answer.
//!
//! The README shows the client in use. The codec by example:
//!
//! ```
//! use saoma_domain::time::Timestamp;
//! use saoma_wechat::callback::{
//!     CallbackCodec, CallbackConfig, CallbackFormat, CallbackMode, CallbackSender, MessageKind, Opened, Reply,
//!     ReplyText, message_xml,
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
//! // WeChat's end, simulated: a person scans a code.
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
//! // Saoma's end: `open` refuses a message that is forged, stale or meant for another app.
//! let codec = CallbackCodec::new(&config)?;
//! let opened = codec.open(&push.query, CallbackFormat::Xml, push.body.as_bytes(), now)?;
//! let Opened::Message(message) = opened else { panic!("WeChat answers unreadable messages with `success`") };
//! assert_eq!(message.kind(), &MessageKind::Scan { scene: "login:8f3a1c".to_owned() });
//!
//! // The answer goes back in the form in which the message came, here encrypted.
//! let reply = ReplyText::new("欢迎").map_or(Reply::Success, Reply::Text);
//! let answer = codec.answer(&message, &reply, now, b"16 other bytes..");
//! assert!(wechat.open_reply(answer.as_bytes())?.contains("欢迎"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![deny(missing_docs)]

pub mod callback;
pub mod client;
pub mod errcode;
mod json;
mod open_data;
mod padding;

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
