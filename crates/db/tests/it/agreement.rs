//! Whatever happens in whatever order, SQL says and keeps what the ledger in memory does.

use saoma_testing::MemoryDatabase;

use crate::support::in_memory;

#[test]
fn no_order_of_calls_tells_it_from_the_ledger_in_memory() {
    saoma_contract::ledgers_agree(200, async || (MemoryDatabase::new(), in_memory().await.0));
}
