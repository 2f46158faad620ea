//! Every port in process.

mod ledger;

pub use ledger::MemoryLedger;
