use saoma_contract::values::{at, login, scan};
use saoma_domain::ports::{Health, Logins, ScanTaken, StoreError};

use super::MemoryLedger;

#[tokio::test]
async fn a_ledger_out_of_service_fails_and_changes_nothing() {
    let ledger = MemoryLedger::new();
    ledger.set_available(false);
    assert!(matches!(ledger.ping().await, Err(StoreError::Unavailable(_))));
    assert!(ledger.take_scan(scan(login(1), "oAnna")).await.is_err());

    ledger.set_available(true);
    assert_eq!(ledger.ping().await, Ok(()));
    assert!(
        matches!(ledger.take_scan(scan(login(1), "oAnna")).await, Ok(ScanTaken::First(record)) if record.at == at(1))
    );
}
