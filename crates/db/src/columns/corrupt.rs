//! Rows that no version writes.

use saoma_domain::{ports::StoreError, rules::rows::Rejected};

/// Names a column of a row that makes no sense.
pub(crate) fn corrupt(table: &str, column: &str, row: &str) -> Rejected {
    StoreError::Corrupt(format!("{table}.{column} of row {row}")).into()
}
