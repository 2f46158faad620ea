//! The messages on a person's phone: chats with accounts, and SMS.

use serde::Serialize;

use super::bounded::Bounded;

/// WeChat's notice when the service behind an account gives no usable answer.
pub const FAULT_NOTICE: &str = "该公众号提供的服务出现故障，请稍后再试";
/// WeChat's notice when a code is scanned too late.
pub const EXPIRED_NOTICE: &str = "二维码已过期";

/// The author of a chat message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The person.
    Person,
    /// The official account.
    Account,
    /// WeChat itself, in small grey print.
    Wechat,
}

/// One line of a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChatMessage {
    /// Grows from message to message, over all chats.
    pub id: u64,
    /// The person whose phone shows it.
    pub person: String,
    /// The name of the account.
    pub account: String,
    /// The author.
    pub from: Speaker,
    /// The text.
    pub text: String,
    /// The time, in Unix seconds.
    pub at: i64,
    /// The event that it answers or reports.
    pub event: Option<u64>,
}

/// One SMS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sms {
    /// Grows from message to message, over all numbers.
    pub id: u64,
    /// The number it was sent to, such as `+8613800138000`.
    pub phone: String,
    /// The code in it.
    pub code: String,
    /// What the code is for, such as `login`.
    pub purpose: String,
    /// The lifetime of the code, in seconds after `at`, as the service gave it.
    pub expires_in: u64,
    /// When it arrived, in Unix seconds.
    pub at: i64,
}

impl Bounded<ChatMessage> {
    /// Returns the chat of a person with an account, oldest message first.
    pub(crate) fn of(&self, person: &str, account: &str) -> Vec<ChatMessage> {
        let mine = |message: &&ChatMessage| message.person == person && message.account == account;
        self.iter().filter(mine).cloned().collect()
    }

    /// Says whether the chat has this text in answer to this event: duplicates are shown once.
    pub(crate) fn was_said(&self, event: u64, text: &str) -> bool {
        self.iter().any(|message| message.event == Some(event) && message.text == text)
    }
}

impl Bounded<Sms> {
    /// Returns the SMS to a number, oldest first.
    pub(crate) fn to(&self, phone: &str) -> Vec<Sms> {
        self.iter().filter(|sms| sms.phone == phone).cloned().collect()
    }
}
