//! How rules run on the threads of the connections.

mod callers;
mod groups;
mod kills;
mod opening;

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Condvar, Mutex},
    task::Poll,
};

use diesel::{connection::SimpleConnection, sql_types::BigInt};
use saoma_domain::{
    ports::StoreError,
    rules::{Transactions, rows::RowResult},
};
use tokio::{sync::Notify, task::JoinHandle};

use super::{
    dialect::{RunQueryDsl, SimpleAsyncConnection},
    store::Store,
    tables::rows::SqlRows,
};

async fn in_memory() -> Store {
    let store = Store::connect("sqlite::memory:").await.unwrap();
    create_table(&store).await;
    store
}

async fn on_disk() -> (Store, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::connect(&url(&directory)).await.unwrap();
    create_table(&store).await;
    (store, directory)
}

fn url(directory: &tempfile::TempDir) -> String {
    format!("sqlite://{}", directory.path().join("saoma.db").display())
}

fn unavailable(address: &str, cause: &str) -> StoreError {
    StoreError::Unavailable(format!("database {address}: {cause}"))
}

async fn create_table(store: &Store) {
    let create = store.run((), |rows, ()| Box::pin(execute(rows, "CREATE TABLE t (id INTEGER PRIMARY KEY)")));
    create.await.unwrap();
}

async fn execute(rows: &mut SqlRows<'_>, sql: &str) -> RowResult<()> {
    let executed = SimpleAsyncConnection::batch_execute(rows.connection, sql).await;
    rows.answer(executed)
}

async fn insert_row(rows: &mut SqlRows<'_>, id: u32) -> RowResult<()> {
    execute(rows, &format!("INSERT INTO t VALUES ({id})")).await
}

/// Inserts a row, which fails if it is there.
async fn insert(store: &Store, id: u32) -> Result<(), StoreError> {
    store.run(id, |rows, id| Box::pin(insert_row(rows, *id))).await
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Returns the rows that another connection sees.
async fn rows(store: &Store) -> Vec<i64> {
    let read = store.read((), |rows, ()| {
        Box::pin(async {
            let found = diesel::sql_query("SELECT id FROM t ORDER BY id").load(rows.connection).await;
            Ok(rows.answer(found)?.into_iter().map(|row: Row| row.id).collect())
        })
    });
    read.await.unwrap()
}

/// Lets a test and a rule wait for each other; the rule keeps its thread meanwhile.
#[derive(Clone, Default)]
struct Gate(Arc<GateState>);

#[derive(Default)]
struct GateState {
    reached: Notify,
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn pass(&self) {
        self.0.reached.notify_one();
        drop(self.0.opened.wait_while(self.0.is_open.lock().unwrap(), |is_open| !*is_open).unwrap());
    }

    async fn is_reached(&self) {
        self.0.reached.notified().await;
    }

    fn open(&self) {
        *self.0.is_open.lock().unwrap() = true;
        self.0.opened.notify_all();
    }
}

/// Keeps the thread that writes busy until the gate is opened: what comes meanwhile is one group.
async fn hold(store: &Store) -> (Gate, JoinHandle<Result<(), StoreError>>) {
    let (gate, store) = (Gate::default(), store.clone());
    let at_gate = gate.clone();
    let holding = tokio::spawn(async move { pass(&store, at_gate).await });
    gate.is_reached().await;
    (gate, holding)
}

async fn pass(store: &Store, gate: Gate) -> Result<(), StoreError> {
    let pass = store.run(gate, |_, gate: &Gate| {
        Box::pin(async {
            gate.pass();
            Ok(())
        })
    });
    pass.await
}

/// Goes as far with a call as waiting for its answer.
async fn begun<'a, T>(
    call: impl Future<Output = T> + Send + 'a,
) -> Pin<Box<dyn Future<Output = T> + Send + 'a>> {
    let mut call: Pin<Box<dyn Future<Output = T> + Send + 'a>> = Box::pin(call);
    assert!(!is_answered(&mut call).await);
    call
}

async fn is_answered<T>(call: &mut Pin<Box<dyn Future<Output = T> + Send + '_>>) -> bool {
    poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_ready())).await
}

/// Another program that has the same file open.
fn other_program(directory: &tempfile::TempDir) -> diesel::SqliteConnection {
    let path = directory.path().join("saoma.db").display().to_string();
    let mut other = <diesel::SqliteConnection as diesel::Connection>::establish(&path).unwrap();
    SimpleConnection::batch_execute(&mut other, "PRAGMA busy_timeout = 5000").unwrap();
    other
}
