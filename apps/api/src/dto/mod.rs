//! The JSON of the contract.

mod login_answer;
mod logins;
mod sessions;

pub(crate) use login_answer::LoginAnswer;
pub(crate) use logins::{
    BindPhone, BindWechatPhone, Channel, ClientKind, CodeSent, NewLogin, QrBody, QrFormat, SendCode,
    StartedBody, WxLoginBody, app_channel,
};
pub(crate) use sessions::{
    AccountAnswer, AccountBody, ListedSession, SessionAnswer, SessionBody, SessionsBody,
};

use saoma_domain::time::Timestamp;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Returns a moment as RFC 3339 in UTC, in whole seconds.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    let time = OffsetDateTime::from_unix_timestamp(at.as_secs()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.format(&Rfc3339).unwrap_or_default()
}
