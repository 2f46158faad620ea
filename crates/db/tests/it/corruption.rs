//! Rows that no version of this crate has written.

use saoma_contract::values::{at, binding, login, new_session, scan, token_hash};
use saoma_db::SqliteStore;
use saoma_domain::{
    account::AccountId,
    ports::{Accounts, AuditTrail, Bound, Logins, Sessions, StoreError},
};
use tempfile::TempDir;

use crate::support::{OtherProgram, on_disk};

/// Registers a login with a session, and lets another program change a row.
async fn tampered(sql: &str) -> (SqliteStore, TempDir, AccountId) {
    let (database, directory) = on_disk().await;
    database.take_scan(scan(login(1), "oAnna")).await.unwrap();
    let binding = binding(login(1), 1);
    let account = binding.new_account;
    assert!(matches!(database.bind(binding).await, Ok(Bound::Registered(_))));
    database.issue(new_session(login(1), account, 1)).await.unwrap();
    OtherProgram::at(&directory).run(sql);
    (database, directory, account)
}

fn corrupt(what: &str, row: &str) -> StoreError {
    StoreError::Corrupt(format!("{what} of row {row}"))
}

#[tokio::test]
async fn a_login_in_an_impossible_state_names_its_row() {
    let id = login(1).to_string();
    for (change, column) in [
        ("state = 'loop'", "state"),
        ("state = 'Registered'", "state"),
        ("account_id = NULL", "state"),
        ("reason = 'timeout'", "state"),
        ("since = NULL", "state"),
        ("state = 'expired', account_id = NULL, deadline = NULL, reason = 'bored'", "reason"),
        ("account_id = 'x'", "account_id"),
        ("version = -1", "version"),
        ("version = 4294967296", "version"),
        ("proof = x'00'", "proof"),
    ] {
        let (database, _directory, _) = tampered(&format!("UPDATE saoma_logins SET {change}")).await;
        let expected = corrupt(&format!("logins.{column}"), &id);
        assert_eq!(Logins::find(&database, login(1)).await, Err(expected.clone()), "{change}");
        assert_eq!(database.find_many(&[login(1)]).await, Err(expected), "{change}");
    }
}

#[tokio::test]
async fn half_a_scan_names_its_row() {
    let (database, _directory, _) = tampered("UPDATE saoma_logins SET client_ip = NULL").await;
    let expected = corrupt("logins.scanned_at", &login(1).to_string());
    assert_eq!(database.take_scan(scan(login(1), "oAnna")).await, Err(expected));
}

#[tokio::test]
async fn an_account_without_a_phone_number_names_its_row() {
    let (database, _directory, account) = tampered("UPDATE saoma_accounts SET phone = '12'").await;
    let expected = corrupt("accounts.phone", &account.to_string());
    assert_eq!(database.account(account).await, Err(expected.clone()));
    assert_eq!(Sessions::find(&database, &token_hash(1)).await, Err(expected));
}

#[tokio::test]
async fn an_identity_of_an_unknown_channel_names_its_row() {
    let sql =
        "UPDATE saoma_identities SET channel = 'telepathy', id = '00000000-0000-7000-8000-000000000000'";
    let (database, _directory, account) = tampered(sql).await;
    let expected = corrupt("identities.channel", "00000000-0000-7000-8000-000000000000");
    assert_eq!(database.identities(account).await, Err(expected));
}

#[tokio::test]
async fn a_unionid_of_no_open_account_names_its_row() {
    let sql = "UPDATE saoma_identities SET unionid = 'u', open_account = NULL, \
               id = '00000000-0000-7000-8000-000000000000'";
    let (database, _directory, account) = tampered(sql).await;
    let expected = corrupt("identities.open_account", "00000000-0000-7000-8000-000000000000");
    assert_eq!(database.identities(account).await, Err(expected));
}

#[tokio::test]
async fn a_session_with_half_a_hash_names_its_row() {
    let sql = "UPDATE saoma_sessions SET token_hash = x'00', id = '00000000-0000-7000-8000-000000000000'";
    let (database, _directory, account) = tampered(sql).await;
    let expected = corrupt("sessions.token_hash", "00000000-0000-7000-8000-000000000000");
    assert_eq!(database.issue(new_session(login(1), account, 1)).await, Err(expected));
}

#[tokio::test]
async fn an_entry_of_an_unknown_kind_names_its_row() {
    let (database, _directory, account) =
        tampered("UPDATE saoma_audit SET kind = 'sneezed' WHERE id = 2").await;
    assert_eq!(database.entries(account, 9).await, Err(corrupt("audit.kind", "2")));
    assert!(Sessions::end_all(&database, account, at(9)).await.is_ok(), "writing goes on");
}
