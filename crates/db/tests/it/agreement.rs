//! Whatever row operations run in whatever order, SQLite answers and keeps what rows in maps do.

use saoma_testing::MemoryDatabase;

use crate::support::in_memory;

#[test]
fn rows_in_sql_are_kept_as_rows_in_maps() {
    saoma_contract::databases_agree(200, async || (MemoryDatabase::new(), in_memory().await.0));
}
