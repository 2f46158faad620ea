//! What every adapter of a port has to do, as cases that are run on each of them.
//!
//! One suite a port. A suite is a macro that turns one list of cases into named tests; it takes a function
//! that makes a fresh, isolated adapter, and something to keep alive as long as the adapter is used:
//!
//! ```
//! use saoma_domain::ports::MockHealth;
//!
//! async fn fresh() -> (MockHealth, ()) {
//!     let mut health = MockHealth::new();
//!     health.expect_ping().returning(|| Ok(()));
//!     (health, ())
//! }
//!
//! saoma_contract::health_suite!(fresh);
//! # fn main() {}
//! ```
//!
//! Where it is known only at run time whether there is an adapter, each suite's module lists its cases by
//! name (`health::all`).
//!
//! * [`database_suite!`] for [`Logins`], [`Accounts`], [`Sessions`], [`AuditTrail`] and [`Pruning`], which share
//!   their rows.
//! * [`login_cache_suite!`] for [`LoginCache`] and [`LoginNotifier`].
//! * [`limits_suite!`] for [`Limits`].
//! * [`session_cache_suite!`] for [`SessionCache`].
//! * [`sms_codes_suite!`] for [`SmsCodes`].
//! * [`message_codes_suite!`] for [`MessageCodes`].
//! * [`one_time_codes_suite!`] for [`OneTimeCodes`], and its part of [`Pruning`].
//! * [`message_queue_suite!`] for [`MessageQueue`], and its part of [`Pruning`].
//! * [`outbox_suite!`] for [`Outbox`], what the ports of accounts write into it, and its part of [`Pruning`].
//! * [`grants_suite!`] for [`Grants`], what the ports of sessions and accounts do to them, and its part of [`Pruning`].
//! * [`journal_suite!`] for [`Journal`], and its part of [`Pruning`].
//! * [`audit_chain_suite!`] for the chain of [`AuditTrail`].
//! * [`funnel_suite!`] for [`Funnel`], and its part of [`Pruning`].
//! * [`signing_keys_suite!`] for [`SigningKeys`].
//! * [`session_keys_suite!`] for [`SessionKeys`].
//! * [`access_tokens_suite!`] for [`AccessTokens`].
//! * [`health_suite!`] for [`Health`].
//!
//! Beside these, [`databases_agree`] runs the same random row operations on two databases and compares what they
//! answer.
//!
//! The cases ask for what the ports' documentation promises and for nothing else.
//!
//! [`Logins`]: saoma_domain::ports::Logins
//! [`Accounts`]: saoma_domain::ports::Accounts
//! [`Sessions`]: saoma_domain::ports::Sessions
//! [`AuditTrail`]: saoma_domain::ports::AuditTrail
//! [`Pruning`]: saoma_domain::ports::Pruning
//! [`LoginCache`]: saoma_domain::ports::LoginCache
//! [`LoginNotifier`]: saoma_domain::ports::LoginNotifier
//! [`Limits`]: saoma_domain::ports::Limits
//! [`SessionCache`]: saoma_domain::ports::SessionCache
//! [`SmsCodes`]: saoma_domain::ports::SmsCodes
//! [`OneTimeCodes`]: saoma_domain::ports::OneTimeCodes
//! [`MessageCodes`]: saoma_domain::ports::MessageCodes
//! [`MessageQueue`]: saoma_domain::ports::MessageQueue
//! [`Funnel`]: saoma_domain::ports::Funnel
//! [`Grants`]: saoma_domain::ports::Grants
//! [`Journal`]: saoma_domain::ports::Journal
//! [`Outbox`]: saoma_domain::ports::Outbox
//! [`SigningKeys`]: saoma_domain::ports::SigningKeys
//! [`SessionKeys`]: saoma_domain::ports::SessionKeys
//! [`AccessTokens`]: saoma_domain::ports::AccessTokens
//! [`Health`]: saoma_domain::ports::Health

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    clippy::indexing_slicing,
    reason = "the cases are tests, and a test that cannot go on fails"
)]

#[macro_use]
mod suite;

pub mod access_tokens;
mod agreement;
pub mod audit_chain;
pub mod database;
pub mod funnel;
pub mod grants;
pub mod health;
pub mod journal;
pub mod limits;
pub mod login_cache;
pub mod message_codes;
pub mod message_queue;
pub mod one_time_codes;
pub mod outbox;
pub mod session_cache;
pub mod session_keys;
pub mod signing_keys;
pub mod sms_codes;
mod time;
pub mod values;

pub use agreement::databases_agree;
pub use suite::{Case, all_at_once, patiently, run};
pub use time::{TestTime, Timed};
