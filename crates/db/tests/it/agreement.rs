//! Whatever happens in whatever order, SQL answers and keeps what the rows in maps do.

use saoma_testing::MemoryDatabase;

use crate::support::in_memory;

#[test]
fn no_order_of_calls_tells_it_from_rows_in_maps() {
    saoma_contract::ledgers_agree(200, async || (MemoryDatabase::new(), in_memory().await.0));
}
