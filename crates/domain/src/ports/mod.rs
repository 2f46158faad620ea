//! What the domain needs from outside, one file a port.
//!
//! Every port is small, object-safe and cut by capability. Absence is `Option`, a refusal is a variant of the
//! answer, and an error means that the adapter could not do its work. With the feature `mocks` each port
//! has a mock made by mockall.

mod access_tokens;
mod accounts;
mod audit;
mod board;
mod claims;
mod limits;
mod logins;
mod mini_program;
mod oauth;
mod official_account;
mod session_copies;
mod session_keys;
mod sessions;
mod sms;
mod store;
mod system;
mod wakeups;

pub use access_tokens::*;
pub use accounts::*;
pub use audit::*;
pub use board::*;
pub use claims::*;
pub use limits::*;
pub use logins::*;
pub use mini_program::*;
pub use oauth::*;
pub use official_account::*;
pub use session_copies::*;
pub use session_keys::*;
pub use sessions::*;
pub use sms::*;
pub use store::*;
pub use system::*;
pub use wakeups::*;
