//! What is done to the audit trail by SQL is found by its chain.

use saoma_contract::values::at;
use saoma_domain::login::ClientInfo;
use saoma_domain::ports::{AuditDamage, AuditKind, AuditNote, AuditTrail, StoreError};

use crate::support::{OtherProgram, on_disk};

fn client() -> ClientInfo {
    ClientInfo { ip: "203.0.113.9".to_owned(), user_agent: "curl".to_owned() }
}

/// Seals five records, changes them by a statement, and returns what is found then.
async fn found(statement: &str) -> Result<Vec<AuditDamage>, StoreError> {
    let (database, directory) = on_disk().await;
    for secs in 1..=5 {
        let note = AuditNote {
            outcome: Some(format!("o{secs}")),
            client: client(),
            ..AuditNote::new(AuditKind::SmsCode, at(secs))
        };
        assert_eq!(database.write_note(note).await, Ok(()));
    }
    assert!(database.seal("one", at(9), [1; 32]).await.is_ok());
    assert_eq!(database.verify_chain().await, Ok((5, Vec::new())));
    OtherProgram::at(&directory).run(statement);
    database.verify_chain().await.map(|(_, damage)| damage)
}

#[tokio::test]
async fn a_changed_record_is_found() {
    for change in [
        "at = at + 1",
        "kind = 'session_ended'",
        "account_id = '00000000-0000-7000-8000-000000000001'",
        "outcome = 'sent'",
        "detail = 'x'",
        "ip = '192.0.2.1'",
        "ip = NULL",
        "client_salt = NULL",
        "client_digest = zeroblob(32)",
        "user_agent = 'x'",
        "actor = 'operator'",
        "hash = zeroblob(32)",
    ] {
        let damages = found(&format!("UPDATE saoma_audit SET {change} WHERE seq = 3")).await.unwrap();
        assert!(damages.contains(&AuditDamage::Changed(3)), "{change}: {damages:?}");
    }
}

#[tokio::test]
async fn a_removed_record_is_found() {
    assert_eq!(found("DELETE FROM saoma_audit WHERE seq = 3").await, Ok(vec![AuditDamage::Missing(3, 3)]));
    assert_eq!(found("DELETE FROM saoma_audit WHERE seq = 5").await, Ok(vec![AuditDamage::Missing(5, 5)]));
    assert_eq!(found("DELETE FROM saoma_audit WHERE seq = 1").await, Ok(vec![AuditDamage::Missing(1, 1)]));
}

#[tokio::test]
async fn an_inserted_record_is_found() {
    let damages = found(
        "UPDATE saoma_audit SET seq = seq + 100 WHERE seq > 2; \
         UPDATE saoma_audit SET seq = seq - 99 WHERE seq > 100; \
         INSERT INTO saoma_audit (at, kind, account_id, seq, hash) VALUES (1, 'sms_code', '', 3, zeroblob(32))",
    )
    .await
    .unwrap();
    assert!(damages.contains(&AuditDamage::Changed(3)), "{damages:?}");
    assert!(damages.contains(&AuditDamage::Foreign(6)), "{damages:?}");
}

#[tokio::test]
async fn reordered_records_are_found() {
    let damages = found(
        "UPDATE saoma_audit SET seq = 100 WHERE seq = 2; \
         UPDATE saoma_audit SET seq = 2 WHERE seq = 3; UPDATE saoma_audit SET seq = 3 WHERE seq = 100",
    )
    .await
    .unwrap();
    assert!(
        damages.contains(&AuditDamage::Changed(2)) && damages.contains(&AuditDamage::Changed(3)),
        "{damages:?}"
    );
}

#[tokio::test]
async fn a_forged_end_of_the_chain_is_found() {
    let damages = found("UPDATE saoma_audit_chain SET head_hash = zeroblob(32)").await.unwrap();
    assert_eq!(damages, [AuditDamage::Head]);
}
