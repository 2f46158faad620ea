//! WeChat's end of the callback in the hands of a test: it signs what the test wants signed.

use reqwest::Method;
use saoma_api::SystemClock;
use saoma_domain::{ports::Clock, time::Timestamp};
use saoma_sandbox::OfficialAccount;
use saoma_wechat::callback::{CallbackFormat, CallbackQuery, CallbackSender, Push, message_xml};
use serde_json::{Value, json};

use super::requests::{request, send};
use crate::harness::{Answer, Service};

pub(super) const OPENID: &str = "oFORGEDFORGEDFORGEDFORGED001";

/// A sender who knows the secrets of an account.
pub(super) struct Sender {
    sender: CallbackSender,
    receiver: String,
}

impl Sender {
    pub(super) fn of(account: &OfficialAccount) -> Self {
        let sender = CallbackSender::new(&account.callback_config()).unwrap();
        Self { sender, receiver: account.original_id.clone() }
    }

    /// The account of the demonstration, which the service has in every test.
    pub(super) fn demo() -> Self {
        Self::of(&OfficialAccount::demo())
    }

    /// Signs the check of the URL.
    pub(super) fn check(&self, seconds_off: i64, echostr: &str) -> CallbackQuery {
        let signed = self.sender.sign_query(now(seconds_off), "nonce");
        CallbackQuery { echostr: Some(echostr.to_owned()), ..signed }
    }

    /// Signs any body as it is, as plain mode does.
    pub(super) fn plain(&self, body: &str) -> Push {
        Push { query: self.sender.sign_query(now(0), "nonce"), body: body.to_owned() }
    }

    /// Signs a message of some seconds ago or ahead, in the account's mode.
    pub(super) fn push_at(&self, seconds_off: i64, xml: &str) -> Push {
        self.push_with(seconds_off, "nonce", xml)
    }

    pub(super) fn push_with(&self, seconds_off: i64, nonce: &str, xml: &str) -> Push {
        self.sender.push(&self.receiver, xml, now(seconds_off), nonce, &[7; 16])
    }

    /// Signs and encrypts any bytes in a format, broken ones too.
    pub(super) fn sealed(&self, format: CallbackFormat, message: &[u8]) -> Push {
        self.sender.push_sealed(format, &self.receiver, message, now(0), "nonce", &[7; 16])
    }

    /// Signs a query.
    pub(super) fn signed_with(&self, seconds_off: i64, nonce: &str) -> CallbackQuery {
        self.sender.sign_query(now(seconds_off), nonce)
    }

    pub(super) fn push(&self, xml: &str) -> Push {
        self.push_at(0, xml)
    }

    /// Writes a message with these fields of its own.
    pub(super) fn message(&self, own: &[(&str, &str)]) -> String {
        let at = now(0).as_secs().to_string();
        let common = [("ToUserName", self.receiver.as_str()), ("FromUserName", OPENID), ("CreateTime", &at)];
        message_xml(&[&common, own].concat())
    }

    /// Returns the fields that each message from a person has.
    pub(super) fn common(&self, openid: &str) -> [(String, Value); 3] {
        let fields = [
            ("ToUserName", json!(self.receiver)),
            ("FromUserName", json!(openid)),
            ("CreateTime", json!(now(0).as_secs())),
        ];
        fields.map(|(name, value)| (name.to_owned(), value))
    }

    /// Writes the event that a follower's scan causes.
    pub(super) fn scan(&self, scene: &str) -> String {
        self.message(&[("MsgType", "event"), ("Event", "SCAN"), ("EventKey", scene), ("Ticket", "t")])
    }

    /// Opens an encrypted reply.
    pub(super) fn open(&self, answer: &Answer) -> String {
        self.sender.open_reply(answer.text.as_bytes()).unwrap()
    }
}

fn now(seconds_off: i64) -> Timestamp {
    Timestamp::from_secs(SystemClock.now().as_secs() + seconds_off)
}

/// Sends a push to the callback of an app.
pub(super) async fn deliver(service: &Service, app: &str, push: &Push) -> Answer {
    deliver_as("text/xml", service, app, push).await
}

/// Sends a push with another content type.
pub(super) async fn deliver_as(kind: &str, service: &Service, app: &str, push: &Push) -> Answer {
    let request = request(service, Method::POST, &format!("/wechat/{app}/callback")).query(&push.query);
    send(request.header("Content-Type", kind).body(push.body.clone())).await
}
