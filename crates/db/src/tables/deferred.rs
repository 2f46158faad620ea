//! Writes that are put off until another statement is sent, or the rule is at its end.
//!
//! A rule learns nothing from them but that they are done. So they can travel with what follows them.

use diesel::QueryResult;
use saoma_domain::{
    ports::AuditNote,
    rules::rows::{LoginRow, NewEventRow},
};

use super::{
    super::dialect::{Connection, RunQueryDsl},
    journal_insert::InsertEntry,
};
use crate::{
    columns::{LoginColumns, NewAuditColumns, NewEventColumns, NewJournalColumns},
    schema::{audit, events, logins},
};

/// The writes that were put off, in the order in which they are sent.
#[derive(Default)]
pub(in super::super) struct Deferred {
    /// The first row of a login.
    pub(in super::super) login: Option<LoginRow>,
    /// Events for those who hear them.
    pub(in super::super) events: Vec<NewEventRow>,
    /// Entries of the journal.
    pub(in super::super) journal: Vec<NewJournalColumns>,
    /// Entries of the trail.
    pub(in super::super) trail: Vec<AuditNote>,
}

impl Deferred {
    pub(in super::super) fn is_empty(&self) -> bool {
        self.login.is_none() && self.events.is_empty() && self.journal.is_empty() && self.trail.is_empty()
    }

    /// Sends the first row of a login, where there is one.
    pub(in super::super) async fn send_login(&mut self, connection: &mut Connection) -> QueryResult<()> {
        let Some(row) = self.login.take() else { return Ok(()) };
        let insert = diesel::insert_into(logins::table).values(LoginColumns::of(&row));
        insert.execute(connection).await.map(drop)
    }

    /// Sends the events, at the end of a rule: a rule that waited for a row of this transaction numbers its events later.
    pub(in super::super) async fn send_events(&mut self, connection: &mut Connection) -> QueryResult<()> {
        for row in self.events.drain(..) {
            let insert = diesel::insert_into(events::table).values(NewEventColumns::of(&row));
            insert.execute(connection).await?;
        }
        Ok(())
    }

    /// Sends the entries of the journal, each in a statement that the connection knows already.
    pub(in super::super) async fn send_journal(&mut self, connection: &mut Connection) -> QueryResult<()> {
        for entry in self.journal.drain(..) {
            InsertEntry(entry).execute(connection).await?;
        }
        Ok(())
    }

    /// Sends everything, each write in a statement of its own.
    pub(in super::super) async fn send(mut self, connection: &mut Connection) -> QueryResult<()> {
        self.send_login(connection).await?;
        self.send_events(connection).await?;
        self.send_journal(connection).await?;
        for note in &self.trail {
            let insert = diesel::insert_into(audit::table).values(NewAuditColumns::of(note));
            insert.execute(connection).await?;
        }
        Ok(())
    }
}
