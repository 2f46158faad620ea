//! The suites that every store has to pass.

mod on_disk {
    saoma_contract::ledger_suite!(crate::support::on_disk);
    saoma_contract::claims_suite!(crate::support::on_disk);
    saoma_contract::health_suite!(crate::support::on_disk);
}

mod in_memory {
    saoma_contract::ledger_suite!(crate::support::in_memory);
    saoma_contract::claims_suite!(crate::support::in_memory);
    saoma_contract::health_suite!(crate::support::in_memory);
}
