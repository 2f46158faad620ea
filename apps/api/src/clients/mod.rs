//! What clients do, between the endpoints and the services: they start logins, wait for news, come back from WeChat and
//! get their sessions.

mod link_return;
mod machine_guard;
mod mini_program;
mod oauth_relay;
mod oauth_return;
mod poll_pace;
mod sessions;
mod start;
mod stream;
mod waiting;

pub(crate) use link_return::LinkReturn;
pub(crate) use machine_guard::MachineGuard;
pub(crate) use mini_program::MiniProgramPages;
pub(crate) use oauth_relay::{OAUTH_RELAY_CALLBACK, OAuthRelay, SentToWechat};
pub(crate) use oauth_return::ReturnHandling;
pub(crate) use poll_pace::PollPace;
pub(crate) use sessions::ClientSessions;
pub(crate) use start::{LoginStarts, OAUTH_AUTHORIZE, OAUTH_CALLBACK};
pub(crate) use stream::LoginStreams;
pub(crate) use waiting::ClientWaiting;
