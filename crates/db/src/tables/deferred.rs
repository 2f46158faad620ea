//! Writes that are put off until another statement is sent, or the rule is at its end.
//!
//! A rule learns nothing from them but that they are done. So they can travel with what follows them.

use diesel::QueryResult;
use saoma_domain::{ports::AuditEntry, rules::rows::LoginRow};

use super::super::dialect::{Connection, RunQueryDsl};
use crate::{
    columns::{LoginColumns, NewAuditColumns},
    schema::{audit, logins},
};

/// The writes that were put off, in the order in which they are sent.
#[derive(Default)]
pub(in super::super) struct Deferred {
    /// The first row of a login.
    pub(in super::super) login: Option<LoginRow>,
    /// Entries of the trail.
    pub(in super::super) trail: Vec<AuditEntry>,
}

impl Deferred {
    pub(in super::super) fn is_empty(&self) -> bool {
        self.login.is_none() && self.trail.is_empty()
    }

    /// Sends the first row of a login, where there is one.
    pub(in super::super) async fn send_login(&mut self, connection: &mut Connection) -> QueryResult<()> {
        let Some(row) = self.login.take() else { return Ok(()) };
        let insert = diesel::insert_into(logins::table).values(LoginColumns::of(&row));
        insert.execute(connection).await.map(drop)
    }

    /// Sends everything, each write in a statement of its own.
    pub(in super::super) async fn send(mut self, connection: &mut Connection) -> QueryResult<()> {
        self.send_login(connection).await?;
        for entry in &self.trail {
            let insert = diesel::insert_into(audit::table).values(NewAuditColumns::of(entry, None));
            insert.execute(connection).await?;
        }
        Ok(())
    }
}
