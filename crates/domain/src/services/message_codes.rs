//! The codes by which people log in who write to an official account that can make no QR codes.

use std::{slice::from_ref, sync::Arc};

use super::{
    Policy, ServiceError, limits::wrong_message_codes, rate_limiter::RateLimiter, ready_codes::LATE_SCANS,
};
use crate::{
    login::{LoginScene, MessageCode},
    ports::{Clock, MessageCodes, Random, StoreError},
    wechat::{AppName, OpenId},
};

/// How many codes are drawn for a login until one is free. One is taken with the share of all codes that wait, so that this is
/// reached only where nearly all of them do.
const DRAWS: usize = 10;

/// What a code is that a person wrote to an official account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadCode {
    /// A login's, whose scan it is.
    Login(LoginScene),
    /// No login waits for it any more, or ever did.
    Unknown,
    /// The person sent too many wrong ones: it was not looked up.
    TooMany,
}

/// Claims codes for logins, and finds the logins of codes.
pub struct MessageCodeService {
    pub(super) codes: Arc<dyn MessageCodes>,
    pub(super) limiter: RateLimiter,
    pub(super) random: Arc<dyn Random>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policy: Arc<Policy>,
}

impl MessageCodeService {
    /// Claims a code of an app for a login. It stays known for a moment after the login's deadline, so that a person who writes
    /// too late learns that.
    pub(super) async fn claim(&self, app: &AppName, login: &LoginScene) -> Result<MessageCode, ServiceError> {
        let until = login.id.deadline().plus(LATE_SCANS);
        for _ in 0..DRAWS {
            let code = MessageCode::generate(&*self.random);
            if self.codes.claim(app, &code, login, until).await? {
                return Ok(code);
            }
        }
        Err(StoreError::Unavailable(format!("all codes of `{app}` are taken")).into())
    }

    /// Returns the code that a text to an official account looks like; `None` where the app's logins do not begin with messages,
    /// or the text is not six digits.
    pub fn code_in(&self, app: &AppName, text: &str) -> Option<MessageCode> {
        MessageCode::parse(text).filter(|_| self.policy.by_message.contains(app))
    }

    /// Returns what a code is that a person wrote to an official account. Wrong codes of one person are limited, so that none goes
    /// fishing for the logins of others; the right ones do not count.
    ///
    /// # Errors
    /// [`ServiceError::Store`] when that is not known.
    pub async fn read(
        &self,
        app: &AppName,
        openid: &OpenId,
        code: &MessageCode,
    ) -> Result<ReadCode, ServiceError> {
        let (limit, now) = (wrong_message_codes(app, openid), self.clock.now());
        // Before the code is looked up: however many are sent at once, no more of them are tried.
        match self.limiter.take_at(from_ref(&limit), now).await {
            Err(ServiceError::RateLimited { .. }) => return Ok(ReadCode::TooMany),
            counted => counted?,
        }
        let Some(login) = self.codes.find(app, code, now).await? else {
            return Ok(ReadCode::Unknown);
        };
        // One that stays counted is one wrong code less.
        let _ = self.limiter.limits.give_back(from_ref(&limit), now).await;
        Ok(ReadCode::Login(login))
    }
}
