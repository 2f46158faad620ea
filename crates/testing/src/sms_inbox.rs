//! Phones that show what was sent to them.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use saoma_domain::{
    account::PhoneNumber,
    ports::{SmsError, SmsMessage, SmsReceipt, SmsSender},
    sms::SmsCode,
};

/// An SMS gateway for tests that keeps what it is given, the last [`SmsInbox::KEPT`] messages.
#[derive(Debug, Default)]
pub struct SmsInbox {
    sent: Mutex<SentMessages>,
}

#[derive(Debug, Default)]
struct SentMessages {
    messages: VecDeque<SmsMessage>,
    failures: VecDeque<SmsError>,
}

impl SmsInbox {
    /// How many messages are kept.
    pub const KEPT: usize = 1000;

    /// Returns an inbox without messages.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a failure after which no other provider is tried.
    pub fn failure(reason: &str) -> SmsError {
        SmsError::failed("inbox", reason)
    }

    /// Lets the next message that has no failure yet fail with this one.
    pub fn fail_next(&self, failure: SmsError) {
        self.lock().failures.push_back(failure);
    }

    /// Returns the messages, the oldest first.
    pub fn messages(&self) -> Vec<SmsMessage> {
        self.lock().messages.iter().cloned().collect()
    }

    /// Returns the code in the last message to a number.
    pub fn last_code(&self, phone: &PhoneNumber) -> Option<SmsCode> {
        let sent = self.lock();
        sent.messages.iter().rev().find(|message| message.phone == *phone).map(|message| message.code.clone())
    }

    fn lock(&self) -> MutexGuard<'_, SentMessages> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SmsSender for SmsInbox {
    async fn send(&self, message: SmsMessage, _: usize) -> Result<SmsReceipt, SmsError> {
        let mut sent = self.lock();
        if let Some(failure) = sent.failures.pop_front() {
            return Err(failure);
        }
        if sent.messages.len() == Self::KEPT {
            sent.messages.pop_front();
        }
        sent.messages.push_back(message);
        Ok(SmsReceipt { provider: "inbox" })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use saoma_contract::values::phone;

    use super::*;

    fn message(to: u32, code: &str) -> SmsMessage {
        SmsMessage {
            phone: phone(to).number().clone(),
            code: SmsCode::parse(code).unwrap(),
            purpose: "login",
            expires_in: Duration::from_secs(180),
        }
    }

    #[tokio::test]
    async fn the_last_code_of_each_phone_can_be_read() {
        let inbox = SmsInbox::new();
        for (to, code) in [(1, "111111"), (2, "222222"), (1, "333333")] {
            inbox.send(message(to, code), 0).await.unwrap();
        }
        assert_eq!(inbox.last_code(phone(1).number()).unwrap().reveal(), "333333");
        assert_eq!(inbox.last_code(phone(2).number()).unwrap().reveal(), "222222");
        assert!(inbox.last_code(phone(3).number()).is_none());
        assert_eq!(inbox.messages().len(), 3);
    }

    #[tokio::test]
    async fn a_failure_is_told_once_and_keeps_the_message_out() {
        let inbox = SmsInbox::new();
        let failure = SmsInbox::failure("the gateway is away");
        inbox.fail_next(failure.clone());
        assert_eq!(inbox.send(message(1, "111111"), 0).await, Err(failure));
        assert!(inbox.messages().is_empty());
        assert_eq!(inbox.send(message(1, "111111"), 0).await, Ok(SmsReceipt { provider: "inbox" }));
    }

    #[tokio::test]
    async fn only_the_last_messages_are_kept() {
        let inbox = SmsInbox::new();
        for number in 0..=SmsInbox::KEPT {
            inbox.send(message(1, &format!("{number:06}")), 0).await.unwrap();
        }
        let messages = inbox.messages();
        assert_eq!(messages.len(), SmsInbox::KEPT);
        assert_eq!(messages[0].code.reveal(), "000001");
    }
}
