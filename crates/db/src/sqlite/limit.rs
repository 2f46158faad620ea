//! Queries that return so many rows at the most.

use diesel::{
    QueryResult, RunQueryDsl,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::BigInt,
};

use super::dialect::Backend;

/// A query with a limit. `QueryDsl::limit` writes `LIMIT ?`, by which SQLite chooses a plan: it throws the prepared
/// statement away whenever the parameter is set. A sum is no parameter.
#[derive(QueryId)]
pub(super) struct Limited<Q> {
    query: Q,
    rows: i64,
}

impl<Q> Limited<Q> {
    pub(super) fn new(query: Q, rows: i64) -> Self {
        Self { query, rows }
    }
}

impl<Q: Query> Query for Limited<Q> {
    type SqlType = Q::SqlType;
}

impl<Q: QueryFragment<Backend>> QueryFragment<Backend> for Limited<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT 0 + ");
        out.push_bind_param::<BigInt, _>(&self.rows)
    }
}

impl<Q, C> RunQueryDsl<C> for Limited<Q> {}
