//! What a person sees in the chat with an account, and the SMS that arrive.

use serde::Serialize;

use super::bounded::Bounded;

/// What WeChat shows when the service behind an account answers nothing or nonsense.
pub const FAULT_NOTICE: &str = "该公众号提供的服务出现故障，请稍后再试";
/// What WeChat shows when a code is scanned too late.
pub const EXPIRED_NOTICE: &str = "二维码已过期";

/// Who says something in a chat.
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
    /// Whose phone it is on.
    pub person: String,
    /// The name of the account.
    pub account: String,
    /// Who says it.
    pub from: Speaker,
    /// What is said.
    pub text: String,
    /// When, in Unix seconds.
    pub at: i64,
    /// The event that it answers or that it is.
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
    /// For how many seconds after `at` the code is said to be good.
    pub expires_in: u64,
    /// When it arrived, in Unix seconds.
    pub at: i64,
}

/// The messages of one kind, all phones together.
#[derive(Debug)]
pub(crate) struct Inbox<T> {
    list: Bounded<T>,
    last_id: u64,
}

impl<T> Inbox<T> {
    pub(crate) fn new(limit: usize) -> Self {
        Self { list: Bounded::new(limit), last_id: 0 }
    }

    /// Adds what `make` makes of the next id.
    pub(crate) fn add(&mut self, make: impl FnOnce(u64) -> T) {
        self.last_id += 1;
        self.list.push(make(self.last_id));
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.list.iter()
    }
}

impl Inbox<ChatMessage> {
    /// Returns the chat of a person with an account, oldest message first.
    pub(crate) fn of(&self, person: &str, account: &str) -> Vec<ChatMessage> {
        let mine = |message: &&ChatMessage| message.person == person && message.account == account;
        self.iter().filter(mine).cloned().collect()
    }

    /// Says whether this has been said in answer to this event: duplicates are shown once.
    pub(crate) fn was_said(&self, event: u64, text: &str) -> bool {
        self.iter().any(|message| message.event == Some(event) && message.text == text)
    }
}

impl Inbox<Sms> {
    /// Returns what was sent to a number, oldest first.
    pub(crate) fn to(&self, phone: &str) -> Vec<Sms> {
        self.iter().filter(|sms| sms.phone == phone).cloned().collect()
    }
}
