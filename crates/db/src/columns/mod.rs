//! The columns of each table, and their way to and from the rows of the domain.
//!
//! A row is rebuilt by matching on its columns together: a combination that no version writes is reported as
//! corrupt, with table, column and row, and never guessed at.

mod account;
mod app_profile;
mod audit;
mod consent;
mod corrupt;
mod event;
mod grant;
mod identity;
mod journal;
mod login;
mod merge;
mod message;
mod one_time_code;
mod pending_link;
mod session;
mod signing_key;

pub(crate) use account::{AccountChanges, AccountColumns};
pub(crate) use app_profile::AppProfileColumns;
pub(crate) use audit::{AuditChainColumns, AuditColumns, CHAIN, NewAuditColumns, number};
pub(crate) use consent::ConsentColumns;
pub(crate) use corrupt::corrupt;
pub(crate) use event::{EventColumns, NewEventColumns};
pub(crate) use grant::GrantColumns;
pub(crate) use identity::{IdentityChanges, IdentityColumns};
pub(crate) use journal::{JournalColumns, NewJournalColumns};
pub(crate) use login::LoginColumns;
pub(crate) use merge::MergeColumns;
pub(crate) use message::MessageColumns;
pub(crate) use one_time_code::OneTimeCodeColumns;
pub(crate) use pending_link::PendingLinkColumns;
pub(crate) use session::SessionColumns;
pub(crate) use signing_key::{SigningKeyColumns, generation};
