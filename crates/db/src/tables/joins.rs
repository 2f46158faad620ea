//! Queries that read rows of several tables at once, each of which there may be or not.
//!
//! Diesel's own queries begin with a table, and their types grow with every join. These are written out; their columns
//! are those of the tables as Diesel knows them. Only a connection that does not wait asks for `diesel::RunQueryDsl`.

use diesel::{
    QueryResult,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{BigInt, Binary, Bool, Nullable, Text},
};
use saoma_domain::{
    account::AccountId,
    login::LoginId,
    session::SessionTokenHash,
    wechat::{AppName, OpenId},
};

use super::super::dialect::Backend;
use crate::schema::{accounts, identities, logins, pending_links, sessions};

/// Joins the identities of an account, each with every identity of another account that has its unionid, and that
/// account.
const IDENTITIES: &str = " \
    LEFT JOIN saoma_identities ON saoma_identities.account_id = saoma_accounts.id \
    LEFT JOIN saoma_identities AS theirs ON theirs.unionid = saoma_identities.unionid \
    AND theirs.open_account = saoma_identities.open_account AND theirs.account_id <> saoma_accounts.id \
    LEFT JOIN saoma_accounts AS others ON others.id = theirs.account_id";

/// The columns of those other accounts, in the order of the table's own.
const OTHERS: &str = ", others.id, others.phone, others.created_at, others.disabled, others.sessions_ended_at, \
    others.last_seen_at, others.external_id, others.attributes, others.disabled_reason, others.nickname, \
    others.avatar_url";

const LIVE_SESSIONS: &str = ", (SELECT COUNT(*) FROM saoma_sessions AS live \
    WHERE live.account_id = saoma_accounts.id AND live.ended_at IS NULL)";

/// A query for the row of a login and for its pending link.
#[derive(QueryId)]
pub(super) struct LoginAndPendingLink {
    id: String,
}

impl LoginAndPendingLink {
    pub(super) fn of(id: LoginId) -> Self {
        Self { id: id.to_string() }
    }
}

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
        join_login_and_link(&self.id, out)
    }
}

/// A query for what a scan finds: the row of its login, the login's pending link, the person's identity, and whether its
/// account is disabled.
#[derive(QueryId)]
pub(super) struct ScanQuery {
    id: String,
    app: String,
    openid: String,
}

impl ScanQuery {
    pub(super) fn of(id: LoginId, app: &AppName, openid: &OpenId) -> Self {
        Self { id: id.to_string(), app: app.to_string(), openid: openid.to_string() }
    }
}

impl<C> diesel::RunQueryDsl<C> for ScanQuery {}

impl Query for ScanQuery {
    type SqlType = (
        Nullable<logins::SqlType>,
        Nullable<pending_links::SqlType>,
        Nullable<identities::SqlType>,
        Nullable<Bool>,
    );
}

impl QueryFragment<Backend> for ScanQuery {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        logins::all_columns.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        pending_links::all_columns.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        identities::all_columns.walk_ast(out.reborrow())?;
        out.push_sql(", saoma_accounts.disabled");
        join_login_and_link(&self.id, out.reborrow())?;
        out.push_sql(" LEFT JOIN saoma_identities ON saoma_identities.app = ");
        out.push_bind_param::<Text, _>(&self.app)?;
        out.push_sql(" AND saoma_identities.openid = ");
        out.push_bind_param::<Text, _>(&self.openid)?;
        out.push_sql(" LEFT JOIN saoma_accounts ON saoma_accounts.id = saoma_identities.account_id");
        Ok(())
    }
}

/// Joins a login and its pending link to one row without columns, so that there is an answer also without them.
fn join_login_and_link<'b>(id: &'b String, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
    out.push_sql(" FROM (SELECT 1) AS one_row LEFT JOIN saoma_logins ON saoma_logins.id = ");
    out.push_bind_param::<Text, _>(id)?;
    out.push_sql(" LEFT JOIN saoma_pending_links ON saoma_pending_links.login_id = ");
    out.push_bind_param::<Text, _>(id)
}

/// A query for what it depends on whether a login is issued a session; a row for each identity of the account and other
/// account with its unionid.
#[derive(QueryId)]
pub(super) struct IssueQuery {
    account: String,
    login: String,
}

impl IssueQuery {
    pub(super) fn of(account: AccountId, login: LoginId) -> Self {
        Self { account: account.to_string(), login: login.to_string() }
    }
}

impl<C> diesel::RunQueryDsl<C> for IssueQuery {}

impl Query for IssueQuery {
    type SqlType = (
        accounts::SqlType,
        Nullable<logins::SqlType>,
        Nullable<sessions::SqlType>,
        Nullable<identities::SqlType>,
        Nullable<accounts::SqlType>,
        BigInt,
    );
}

impl QueryFragment<Backend> for IssueQuery {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        accounts::all_columns.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        logins::all_columns.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        sessions::all_columns.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        identities::all_columns.walk_ast(out.reborrow())?;
        out.push_sql(OTHERS);
        out.push_sql(LIVE_SESSIONS);
        out.push_sql(" FROM saoma_accounts LEFT JOIN saoma_logins ON saoma_logins.id = ");
        out.push_bind_param::<Text, _>(&self.login)?;
        out.push_sql(" LEFT JOIN saoma_sessions ON saoma_sessions.login_id = ");
        out.push_bind_param::<Text, _>(&self.login)?;
        out.push_sql(IDENTITIES);
        out.push_sql(" WHERE saoma_accounts.id = ");
        out.push_bind_param::<Text, _>(&self.account)
    }
}

/// A query for the session with a token that was not ended, and its account; a row for each identity of the account and
/// other account with its unionid.
#[derive(QueryId)]
pub(super) struct ActiveSessionQuery {
    token_hash: Vec<u8>,
}

impl ActiveSessionQuery {
    pub(super) fn of(token_hash: &SessionTokenHash) -> Self {
        Self { token_hash: token_hash.as_bytes().to_vec() }
    }
}

impl<C> diesel::RunQueryDsl<C> for ActiveSessionQuery {}

impl Query for ActiveSessionQuery {
    type SqlType =
        (sessions::SqlType, accounts::SqlType, Nullable<identities::SqlType>, Nullable<accounts::SqlType>);
}

impl QueryFragment<Backend> for ActiveSessionQuery {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        sessions::all_columns.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        accounts::all_columns.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        identities::all_columns.walk_ast(out.reborrow())?;
        out.push_sql(OTHERS);
        out.push_sql(
            " FROM saoma_sessions INNER JOIN saoma_accounts ON saoma_accounts.id = saoma_sessions.account_id",
        );
        out.push_sql(IDENTITIES);
        out.push_sql(" WHERE saoma_sessions.ended_at IS NULL AND saoma_sessions.token_hash = ");
        out.push_bind_param::<Binary, _>(&self.token_hash)
    }
}
