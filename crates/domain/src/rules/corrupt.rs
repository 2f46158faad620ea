//! Rows that no rule could have left behind.

use std::fmt::Display;

use super::rows::Rejected;
use crate::ports::StoreError;

/// Names the column of a row that makes no sense, in the way in which stores name theirs.
pub(super) fn corrupt(column: &str, row: impl Display) -> Rejected {
    StoreError::Corrupt(format!("{column} of row {row}")).into()
}
