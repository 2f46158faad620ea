//! What the domain needs from outside, one file a port.
//!
//! Every port is small, object-safe and cut by capability. Absence is `Option`, a refusal is a variant of the
//! answer, and an error means that the adapter could not do its work. With the feature `mocks` each port
//! has a mock made by mockall.

mod access_tokens;
mod accounts;
mod app_api;
mod app_profiles;
mod audit;
mod captcha;
mod chat_texts;
mod events;
mod funnel;
mod gate;
mod grants;
mod journal;
mod limits;
mod login_cache;
mod login_notifier;
mod logins;
mod measures;
mod merges;
mod message_codes;
mod mini_program;
mod oauth;
mod official_account;
mod on_message;
mod one_time_codes;
mod people;
mod places;
mod relay;
mod session_cache;
mod session_keys;
mod sessions;
mod signing_keys;
mod sms;
mod store;
mod token_signer;

pub use crate::system::*;
pub use access_tokens::*;
pub use accounts::*;
pub use app_api::*;
pub use app_profiles::*;
pub use audit::*;
pub use captcha::*;
pub use chat_texts::*;
pub use events::*;
pub use funnel::*;
pub use gate::*;
pub use grants::*;
pub use journal::*;
pub use limits::*;
pub use login_cache::*;
pub use login_notifier::*;
pub use logins::*;
pub use measures::*;
pub use merges::*;
pub use message_codes::*;
pub use mini_program::*;
pub use oauth::*;
pub use official_account::*;
pub use on_message::*;
pub use one_time_codes::*;
pub use people::*;
pub use places::*;
pub use relay::*;
pub use session_cache::*;
pub use session_keys::*;
pub use sessions::*;
pub use signing_keys::*;
pub use sms::*;
pub use store::*;
pub use token_signer::*;
