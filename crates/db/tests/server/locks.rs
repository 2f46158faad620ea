//! What happens while another program holds a row.

use std::time::{Duration, Instant};

use saoma_contract::{
    all_at_once,
    values::{at, binding, login, new_session, scan},
};
use saoma_domain::{
    account::AccountId,
    login::LoginEvent,
    ports::{LOGIN_KEPT_FOR, Logins, Pruning, Sessions, StoreError},
};

use super::{Kind, OtherProgram, empty, opened};

/// Returns the statements that take a login's row and keep it.
fn hold(number: u64) -> String {
    format!("BEGIN; UPDATE saoma_logins SET since = since WHERE id = '{}'", login(number))
}

pub(crate) async fn a_short_lock_is_waited_out<K: Kind>() {
    let url = empty::<K>().await;
    let database = opened::<K>(&url).await;
    database.take_scan(scan(login(1), "oAnna")).await.unwrap();
    let mut other = K::other(&url).await;
    other.run(&hold(1)).await;
    let ended =
        tokio::spawn(async move { Logins::end(&database, login(1), LoginEvent::Cancelled, at(1)).await });
    // Longer than a statement waits on PostgreSQL, so that the transaction has to start over there.
    tokio::time::sleep(Duration::from_millis(400)).await;
    other.run("ROLLBACK").await;
    assert_eq!(ended.await.unwrap().map(|login| login.version), Ok(3));
}

pub(crate) async fn a_long_lock_is_soon_called_unavailable_and_disturbs_no_other_row<K: Kind>() {
    let url = empty::<K>().await;
    let database = opened::<K>(&url).await;
    database.take_scan(scan(login(1), "oAnna")).await.unwrap();
    let mut other = K::other(&url).await;
    other.run(&hold(1)).await;

    #[expect(clippy::disallowed_methods, reason = "how long callers wait is what is tested")]
    let start = Instant::now();
    let (held, writer) = (database.clone(), database.clone());
    let ended = tokio::spawn(async move { Logins::end(&held, login(1), LoginEvent::Cancelled, at(1)).await });
    let others = (2..10).map(move |number| {
        let database = writer.clone();
        async move { database.take_scan(scan(login(number), &format!("oPerson{number}"))).await }
    });
    for taken in all_at_once(others).await {
        assert!(taken.is_ok(), "{taken:?}");
    }
    assert!(Logins::find(&database, login(1)).await.unwrap().is_some(), "it can still be read");
    let ended = ended.await.unwrap();
    assert!(matches!(ended, Err(StoreError::Unavailable(_))), "{ended:?}");
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    other.run("ROLLBACK").await;
}

/// Makes the account of the person with this number.
async fn register(database: &impl Logins, number: u32) -> AccountId {
    database.take_scan(scan(login(number.into()), &format!("oPerson{number}"))).await.unwrap();
    let binding = binding(login(number.into()), number);
    let account = binding.new_account;
    database.bind(binding).await.unwrap();
    account
}

async fn open_session(
    database: &(impl Logins + Sessions),
    (account, person): (AccountId, u32),
    number: u64,
) -> String {
    database.take_scan(scan(login(number), &format!("oPerson{person}"))).await.unwrap();
    let opened = database.issue(new_session(login(number), account, number)).await.unwrap();
    opened.unwrap().active.session.id.to_string()
}

pub(crate) async fn the_victim_of_a_deadlock_starts_over<K: Kind>() {
    let url = empty::<K>().await;
    let database = opened::<K>(&url).await;
    let [account, another] = [register(&database, 1).await, register(&database, 2).await];
    for number in 3..30 {
        open_session(&database, (another, 2), number).await;
    }
    let mut ids =
        [open_session(&database, (account, 1), 31).await, open_session(&database, (account, 1), 32).await];
    ids.sort_unstable();
    let [first, second] = ids;
    let take = |id: &str| format!("UPDATE saoma_sessions SET ip = 'x' WHERE id = '{id}'");
    // The server gives up the transaction that has done less, so the other does more; and it must not lock
    // what it only looks at.
    let mut other = K::other(&url).await;
    let others = format!("UPDATE saoma_sessions SET ip = 'x' WHERE account_id <> '{account}'");
    other.run("SET TRANSACTION ISOLATION LEVEL READ COMMITTED").await;
    other.run(&format!("BEGIN; {others}; {}", take(&second))).await;
    // It takes the sessions in the order of their ids, and waits for the second one.
    let ended = tokio::spawn(async move { Sessions::end_all(&database, account, at(1)).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    other.run(&take(&first)).await;
    other.run("COMMIT").await;
    assert_eq!(ended.await.unwrap().map(|ended| ended.len()), Ok(2));
}

pub(crate) async fn rows_that_another_transaction_holds_are_left_to_the_next_pruning<K: Kind>() {
    let url = empty::<K>().await;
    let database = opened::<K>(&url).await;
    for number in 0..5 {
        Logins::end(&database, login(number), LoginEvent::Cancelled, at(1)).await.unwrap();
    }
    let mut other = K::other(&url).await;
    other.run(&hold(3)).await;
    let over = at(0).plus(LOGIN_KEPT_FOR * 2);
    assert_eq!(database.prune(over, 100).await, Ok(4));
    assert!(Logins::find(&database, login(3)).await.unwrap().is_some());
    other.run("ROLLBACK").await;
    assert_eq!(database.prune(over, 100).await, Ok(1));
}
