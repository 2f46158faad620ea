//! The suites that every database has to pass.

saoma_contract::database_suite!(crate::support::on_disk);
saoma_contract::message_queue_suite!(crate::support::on_disk);
saoma_contract::grants_suite!(crate::support::on_disk);
saoma_contract::one_time_codes_suite!(crate::support::on_disk);
saoma_contract::outbox_suite!(crate::support::on_disk);
saoma_contract::audit_chain_suite!(crate::support::on_disk);
saoma_contract::journal_suite!(crate::support::on_disk);
saoma_contract::funnel_suite!(crate::support::on_disk);
saoma_contract::signing_keys_suite!(crate::support::on_disk);
saoma_contract::health_suite!(crate::support::on_disk);
