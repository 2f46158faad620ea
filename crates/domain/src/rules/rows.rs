//! Row operations: what a store of rows can do for a rule. No operation decides anything.

mod accounts;
mod app_profiles;
mod audit;
mod consents;
mod events;
mod funnel;
mod grants;
mod identities;
mod journal;
mod logins;
mod merges;
mod messages;
mod one_time_codes;
mod people;
mod pruning;
mod sessions;
mod signing_keys;

pub use accounts::{AccountRow, AccountRows, AccountWithIdentities};
pub use app_profiles::{AppProfileRow, AppProfileRows};
pub use audit::{AuditChainRow, AuditRows, SealedRecord};
pub use consents::{ConsentRow, ConsentRows};
pub use events::{EventRow, EventRows, NewEventRow};
pub use funnel::{FunnelRow, FunnelRows};
pub use grants::{GrantRow, GrantRows};
pub use identities::{IdentityChange, IdentityRow, IdentityRows};
pub use journal::JournalRows;
pub use logins::{FoundByScan, LoginRow, LoginRows, ScanDecision, ScanRow};
pub use merges::{MergeRow, MergeRows};
pub use messages::{FoundMessages, MessageRow, MessageRows};
pub use one_time_codes::{OneTimeCodeRow, OneTimeCodeRows};
pub use people::{AccountChange, Disabling, PeopleRows};
pub use pruning::{PrunableTable, PruningRows};
pub use sessions::{IssueBasis, SessionOfIdentity, SessionRow, SessionRows};
pub use signing_keys::{SigningKeyRow, SigningKeyRows};

use crate::ports::StoreError;

/// All row operations, on one connection: inside a transaction, or for reading only.
///
/// A store implements the operations of each table. They return `impl Future`, so that a store which never waits
/// (rows in maps, SQLite on a thread of its own) can answer at the first poll, and a whole rule then runs without
/// a pause.
///
/// * A write that finds another row than the rule read MUST fail with [`Rejected::Raced`]; so MUST an insert whose
///   key another transaction took. The transaction then starts over, and the rule finds what the other one wrote.
/// * After any error the rule MUST return it: the transaction is of no use any more.
/// * A store may send a write whose answer is only "done" with what follows it, at the latest with the commit; the
///   rule is then rejected there. What is read sees all writes before it.
/// * Operations are right under READ COMMITTED. `…_for_update` and `hold_account` hold the row until the
///   transaction ends, where the store knows such locks; the order of these operations in a rule is its lock order.
pub trait Rows:
    LoginRows
    + AccountRows
    + IdentityRows
    + SessionRows
    + OneTimeCodeRows
    + MessageRows
    + JournalRows
    + FunnelRows
    + AuditRows
    + PruningRows
    + PeopleRows
    + MergeRows
    + ConsentRows
    + GrantRows
    + SigningKeyRows
    + AppProfileRows
{
}

impl<R> Rows for R where
    R: LoginRows
        + AccountRows
        + IdentityRows
        + SessionRows
        + OneTimeCodeRows
        + MessageRows
        + JournalRows
        + FunnelRows
        + AuditRows
        + PruningRows
        + PeopleRows
        + MergeRows
        + ConsentRows
        + GrantRows
        + SigningKeyRows
        + AppProfileRows
{
}

/// Why an attempt at a rule did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// Another transaction changed the same row first: the whole rule has to run again.
    #[error("another transaction changed the same row first")]
    Raced,
    /// The store did not do its work; the store itself knows whether another attempt may help.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a row operation answers.
pub type RowResult<T> = Result<T, Rejected>;
