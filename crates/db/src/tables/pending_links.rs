//! Rows of pending links.

use diesel::{
    QueryResult,
    insertable::Insertable,
    query_builder::{AstPass, InsertStatement, Query, QueryFragment, QueryId},
    sql_types::{Nullable, Text},
};
use saoma_domain::{
    login::LoginId,
    ports::PendingLink,
    rules::rows::{LoginRow, RowResult},
    time::Timestamp,
};

use super::super::dialect::Backend;
use crate::{
    columns::{LoginColumns, PendingLinkColumns},
    schema::{logins, pending_links},
};

/// Makes the statement that writes a pending link.
pub(super) fn insert(
    link: &PendingLink,
    prune_at: Timestamp,
) -> InsertStatement<pending_links::table, <PendingLinkColumns as Insertable<pending_links::table>>::Values> {
    diesel::insert_into(pending_links::table).values(PendingLinkColumns::of(link, prune_at))
}

/// A query for the row of a login and for its pending link, each of which there may be or not.
///
/// Diesel's own queries begin with a table; this one has to return a row also where neither table has one.
#[derive(QueryId)]
pub(super) struct LoginAndPendingLink {
    id: String,
}

impl LoginAndPendingLink {
    pub(super) fn of(id: LoginId) -> Self {
        Self { id: id.to_string() }
    }
}

/// Only a connection that does not wait asks for this.
impl<C> diesel::RunQueryDsl<C> for LoginAndPendingLink {}

impl Query for LoginAndPendingLink {
    type SqlType = (Nullable<logins::SqlType>, Nullable<pending_links::SqlType>);
}

impl QueryFragment<Backend> for LoginAndPendingLink {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        logins::all_columns.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        pending_links::all_columns.walk_ast(out.reborrow())?;
        out.push_sql(" FROM (SELECT 1) AS one_row LEFT JOIN ");
        logins::table.walk_ast(out.reborrow())?;
        out.push_sql(" ON ");
        logins::id.walk_ast(out.reborrow())?;
        out.push_sql(" = ");
        out.push_bind_param::<Text, _>(&self.id)?;
        out.push_sql(" LEFT JOIN ");
        pending_links::table.walk_ast(out.reborrow())?;
        out.push_sql(" ON ");
        pending_links::login_id.walk_ast(out.reborrow())?;
        out.push_sql(" = ");
        out.push_bind_param::<Text, _>(&self.id)
    }
}

/// Makes the rows out of what [`LoginAndPendingLink`] found.
pub(super) fn into_rows(
    (login, link): (Option<LoginColumns>, Option<PendingLinkColumns>),
) -> RowResult<(Option<LoginRow>, Option<PendingLink>)> {
    let login = login.map(LoginColumns::into_row).transpose()?;
    Ok((login, link.map(PendingLinkColumns::into_link).transpose()?))
}
