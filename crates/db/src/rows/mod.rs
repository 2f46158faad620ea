//! Rows as they are stored, and their way to and from the domain's types.
//!
//! A row is rebuilt by matching on its columns together: a combination that no writer makes is reported as
//! corrupt with table, column and row, never guessed at.

mod account;
mod audit;
mod identity;
mod login;
mod session;

pub(crate) use account::AccountRow;
pub(crate) use audit::{AuditRow, NewAuditRow};
pub(crate) use identity::{IdentityChange, IdentityRow};
pub(crate) use login::{LoginChange, LoginRow};
pub(crate) use session::SessionRow;

use saoma_domain::ports::StoreError;

/// Names a column of a row that makes no sense.
pub(crate) fn corrupt(table: &str, column: &str, row: &str) -> StoreError {
    StoreError::Corrupt(format!("{table}.{column} of row {row}"))
}
