//! The fake of SQL does what SQL has to do.

use saoma_memory::MemoryLedger;

async fn fresh() -> (MemoryLedger, ()) {
    (MemoryLedger::new(), ())
}

saoma_contract::ledger_suite!(fresh);
