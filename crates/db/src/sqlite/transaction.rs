//! The transaction of a rule, as its row operations see it.

use diesel::QueryResult;
use saoma_domain::account::AccountId;

use super::{dialect::Connection, tables::Deferred};

/// The frame of a rule: it was set before the rule began, and ends after it.
pub(super) struct Transaction;

impl Transaction {
    pub(super) const NONE: Self = Self;

    /// Lets a rule write, which it may already.
    pub(super) async fn begin(&mut self, _: &mut Connection) -> QueryResult<()> {
        Ok(())
    }

    /// Holds an account: no other transaction writes during one here.
    pub(super) async fn hold(&mut self, _: &mut Connection, _: AccountId) -> QueryResult<()> {
        Ok(())
    }

    /// Sends what was put off.
    pub(super) async fn finish(
        &mut self,
        connection: &mut Connection,
        deferred: Deferred,
    ) -> QueryResult<()> {
        deferred.send(connection).await
    }
}
