//! A pooler between the service and the server that gives each transaction whichever session is free, as PgBouncer does
//! in transaction mode.

use std::time::Duration;

use diesel::{IntoSql, QueryResult, select, sql_types::Integer};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use tokio::time::timeout;

use super::{
    connecting::{Connector, PORT},
    dialect::Connection,
};
use crate::{error::ConnectError, server::Address};

/// What has to be set, since the sessions that the service sets its limits on are not its own.
const ADVICE: &str = "a pooler shares the sessions of the server between clients, so the limits of the service belong to \
    its role: ALTER ROLE … SET statement_timeout = '1s', SET lock_timeout = '250ms', SET \
    idle_in_transaction_session_timeout = '5s'";

/// Why the service cannot work.
const BREAKS: &str = "a pooler shares the sessions of the server between clients, and prepared statements do not follow \
    their client: set max_prepared_statements above 0 (PgBouncer 1.21 or newer), or pool_mode = session for this database";

/// How long a statement may wait for a session while another client has one.
const FREE_SESSION: Duration = Duration::from_secs(1);

/// Returns what an operator has to set where there is such a pooler; `None` where there is none.
///
/// # Errors
/// [`ConnectError`] when there is one that the service cannot work behind, or the server cannot be reached.
pub(crate) async fn advice(url: &str) -> Result<Option<&'static str>, ConnectError> {
    let address = Address::parse(url, PORT)?;
    let failed = |reason| ConnectError::Failed { address: address.to_string(), reason };
    let connector = Connector::new(&address)?;
    let open = async || connector.open().await.map_err(|error| failed(error.to_string()));
    let (mut one, mut other) = (open().await?, open().await?);
    if !sees_settings_of(&mut other, &mut one).await {
        return Ok(None);
    }
    if keeps_statements(&mut one, &mut other).await {
        Ok(Some(ADVICE))
    } else {
        Err(failed(BREAKS.to_owned()))
    }
}

/// Returns whether a client sees what another one has set for its session. A statement that fails does not say so.
async fn sees_settings_of(other: &mut Connection, one: &mut Connection) -> bool {
    const IS_SET: &str = "DO $$ BEGIN IF current_setting('saoma.probe', true) = 'set' THEN \
        RAISE EXCEPTION 'saoma: seen'; END IF; END $$";
    let set = one.batch_execute("SET saoma.probe = 'set'").await;
    let seen = other.batch_execute(IS_SET).await;
    let _ = one.batch_execute("SET saoma.probe = ''").await;
    set.is_ok() && seen.is_err_and(|error| error.to_string().contains("saoma: seen"))
}

/// Returns whether a client's prepared statement works in another session than the one it was prepared in.
async fn keeps_statements(one: &mut Connection, other: &mut Connection) -> bool {
    if prepared(one).await.is_err() || other.batch_execute("BEGIN").await.is_err() {
        return false;
    }
    // The other client has the session now.
    let again = timeout(FREE_SESSION, prepared(one)).await;
    let _ = other.batch_execute("ROLLBACK").await;
    again.is_ok_and(|again| again.is_ok())
}

/// Runs a statement that is prepared the first time.
async fn prepared(connection: &mut Connection) -> QueryResult<usize> {
    select(1.into_sql::<Integer>()).execute(connection).await
}
