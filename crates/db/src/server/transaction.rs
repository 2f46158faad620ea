//! The transaction of a rule on a server: as few round trips as it can do with. Diesel's types name the backend, so this
//! file is compiled once for each.
//!
//! * It begins with the first statement that writes or locks. Every statement sees what was committed before it (READ
//!   COMMITTED), so one that reads sees the same before the beginning as after it.
//! * An account is held in the round trip of the beginning.
//! * The trail is written in the round trip of the commit.
//! * A rule that writes one row has no frame: a statement by itself is a transaction. Nor has one that writes the first row of
//!   a login and the journal's entry of the call that told of it.

use diesel::{QueryResult, result::Error};
use diesel_async::{AnsiTransactionManager, AsyncConnection as _, TransactionManager as _};
use saoma_domain::{account::AccountId, event::Listeners, ports::AuditNote};

use super::{
    dialect::{BEGIN, Connection, HOLD, RunQueryDsl as _, SimpleAsyncConnection as _},
    journal_batch::InsertEntries,
    login_with_entry::insert_login_with_entry,
    tables::{
        Deferred,
        rows::{Rule, SqlRows},
    },
};
use crate::{
    columns::{LoginColumns, NewAuditColumns, NewJournalColumns},
    failure::Failure,
};

/// How far the transaction of an attempt is.
pub(super) enum Transaction {
    /// There is none: the attempt only reads.
    None,
    /// It begins with the first statement that writes or locks.
    Due,
    /// It has begun.
    Begun,
}

/// Makes one attempt at a rule in a transaction.
pub(super) async fn in_transaction<I: Sync, T: Send>(
    connection: &mut Connection,
    listeners: &Listeners,
    input: &I,
    rule: Rule<I, T>,
) -> Result<T, Failure> {
    let mut rows = SqlRows::new(connection, Transaction::Due, listeners);
    let failure = match rows.run(input, rule).await {
        Ok(outcome) => return Ok(outcome),
        Err(failure) => failure,
    };
    match AnsiTransactionManager::rollback_transaction(rows.connection).await {
        // A connection that is broken says so by the failure itself.
        Ok(()) | Err(Error::NotInTransaction | Error::BrokenTransactionManager) => Err(failure),
        Err(error) => Err(error.into()),
    }
}

impl Transaction {
    pub(super) const NONE: Self = Self::None;

    /// Begins the transaction if it is due.
    pub(super) async fn begin(&mut self, connection: &mut Connection) -> QueryResult<()> {
        match self {
            Self::None | Self::Begun => Ok(()),
            Self::Due => {
                AnsiTransactionManager::begin_transaction_sql(connection, BEGIN).await?;
                *self = Self::Begun;
                Ok(())
            }
        }
    }

    /// Holds the row of an account, if there is one, until the transaction ends.
    pub(super) async fn hold(&mut self, connection: &mut Connection, account: AccountId) -> QueryResult<()> {
        // An id has no character that could end the text.
        let hold = format!("SELECT id FROM saoma_accounts WHERE id = '{account}' {HOLD}");
        match self {
            Self::None | Self::Begun => connection.batch_execute(&hold).await,
            Self::Due => {
                let begin_and_hold = format!("{BEGIN}; {hold}");
                let begun = AnsiTransactionManager::begin_transaction_sql(connection, &begin_and_hold).await;
                if begun.is_err() {
                    // It has begun where only the row could not be held. A connection that is broken says so by the
                    // first error.
                    drop(connection.batch_execute("ROLLBACK").await);
                } else {
                    *self = Self::Begun;
                }
                begun
            }
        }
    }

    /// Sends what was put off, and commits.
    pub(super) async fn finish(
        &mut self,
        connection: &mut Connection,
        mut deferred: Deferred,
    ) -> QueryResult<()> {
        match self {
            Self::Due if is_one_write(&deferred) => return deferred.send(connection).await,
            // Calls that gathered, in one round trip.
            Self::Due if is_journal(&deferred) => {
                return InsertEntries(&deferred.journal).execute(connection).await.map(drop);
            }
            Self::None => return deferred.send(connection).await,
            Self::Due => {
                if let Some((login, entry)) = login_with_entry(&mut deferred) {
                    return insert_login_with_entry(connection, login, entry).await;
                }
                self.begin(connection).await?;
            }
            Self::Begun => {}
        }
        deferred.send_login(connection).await?;
        deferred.send_events(connection).await?;
        deferred.send_journal(connection).await?;
        if deferred.trail.is_empty() {
            return AnsiTransactionManager::commit_transaction(connection).await;
        }
        connection.batch_execute(&format!("{}; COMMIT", insert_trail(&deferred.trail))).await?;
        // Diesel does not know that this was the end of the transaction.
        *connection.transaction_state() = AnsiTransactionManager::default();
        Ok(())
    }
}

/// Returns whether there is one write at the most, which needs no frame.
fn is_one_write(deferred: &Deferred) -> bool {
    let Deferred { login, events, journal, trail } = deferred;
    usize::from(login.is_some()) + events.len() + journal.len() + trail.len() <= 1
}

/// Returns whether there are entries of the journal and nothing else.
fn is_journal(deferred: &Deferred) -> bool {
    let Deferred { login, events, trail, .. } = deferred;
    login.is_none() && events.is_empty() && trail.is_empty()
}

/// Returns the first row of a login and one entry of the journal, where there are these and nothing else.
fn login_with_entry(deferred: &mut Deferred) -> Option<(LoginColumns, NewJournalColumns)> {
    let Deferred { login: Some(login), events, journal, trail } = deferred else { return None };
    if journal.len() != 1 || !events.is_empty() || !trail.is_empty() {
        return None;
    }
    let login = LoginColumns::of(login);
    journal.pop().map(|entry| (login, entry))
}

/// Makes the statement that writes notes into the trail, in their order.
fn insert_trail(notes: &[AuditNote]) -> String {
    let rows: Vec<_> = notes.iter().map(|note| trail_row(&NewAuditColumns::of(note))).collect();
    let columns = "at, kind, account_id, login_id, actor, ip, user_agent, outcome, detail";
    format!("INSERT INTO saoma_audit ({columns}) VALUES {}", rows.join(", "))
}

fn trail_row(row: &NewAuditColumns) -> String {
    let NewAuditColumns { at, kind, account_id, login_id, actor, ip, user_agent, outcome, detail } = row;
    let texts = [Some(*kind), Some(account_id), login_id.as_deref(), actor.as_deref(), ip.as_deref()]
        .into_iter()
        .chain([user_agent.as_deref(), outcome.as_deref(), detail.as_deref()])
        .map(|text| text.map_or_else(|| "NULL".to_owned(), literal));
    format!("({at}, {})", texts.collect::<Vec<_>>().join(", "))
}

/// Writes a text into a statement. What could end it there, or means something else in one of the dialects, is never in an
/// id, a kind or an address, and is replaced where it stands in what a client sent: see `AuditNote`.
fn literal(text: &str) -> String {
    debug_assert!(AuditNote::is_plain(text), "the domain lets nothing else pass");
    let plain = text.chars().map(|c| if AuditNote::is_plain_char(c) { c } else { '?' });
    format!("'{}'", plain.collect::<String>())
}
