//! The port for logins: what is done in one transaction each stands in a file of its own.

use async_trait::async_trait;
use diesel::prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;
use saoma_domain::{
    login::{Login, LoginEvent, LoginId, LoginState},
    ports::{
        Binding, BindingProof, Bound, LoginRecord, Logins, PendingLink, Scan, ScanTaken, StoreError,
        UnionIdLink,
    },
    time::Timestamp,
};

use super::{Connection, Repository, binding, ending, expecting, linking, scanning};
use crate::{
    failure::Failure,
    rows::{LoginChange, LoginRow},
    schema::logins,
};

#[async_trait]
impl Logins for Repository {
    async fn add_pending_link(&self, pending_link: PendingLink) -> Result<(), StoreError> {
        self.transaction(pending_link, |connection, pending_link| {
            Box::pin(expecting::expect(connection, pending_link))
        })
        .await
    }

    async fn take_scan(&self, scan: Scan) -> Result<ScanTaken, StoreError> {
        self.transaction(scan, |connection, scan| Box::pin(scanning::take(connection, scan))).await
    }

    async fn bind(&self, binding: Binding) -> Result<Bound, StoreError> {
        self.transaction(binding, |connection, binding| Box::pin(binding::bind(connection, binding))).await
    }

    async fn link(&self, link: UnionIdLink) -> Result<Option<Login>, StoreError> {
        self.transaction(link, |connection, link| Box::pin(linking::link(connection, link))).await
    }

    async fn end(&self, id: LoginId, event: LoginEvent, at: Timestamp) -> Result<Login, StoreError> {
        let end = ending::End { id, event, at };
        self.transaction(end, |connection, end| Box::pin(ending::end(connection, end))).await
    }

    async fn find(&self, id: LoginId) -> Result<Option<LoginRecord>, StoreError> {
        let row = self.query(id, |connection, id| Box::pin(row(connection, *id))).await?;
        let record = row.map(|row| row.record()).transpose()?;
        Ok(record.filter(|record| has_history(&record.login)))
    }

    async fn find_many(&self, ids: &[LoginId]) -> Result<Vec<Login>, StoreError> {
        let ids: Vec<_> = ids.iter().map(LoginId::to_string).collect();
        let rows = self.query(ids, |connection, ids| Box::pin(rows(connection, ids))).await?;
        let logins = rows.iter().map(LoginRow::login).collect::<Result<Vec<_>, _>>()?;
        Ok(logins.into_iter().filter(has_history).collect())
    }
}

/// Returns whether anything happened to a login; one that is only expected has a row without that.
fn has_history(login: &Login) -> bool {
    !matches!(login.state, LoginState::Loop { .. })
}

/// Reads the row of a login.
pub(super) async fn row(connection: &mut Connection, id: LoginId) -> Result<Option<LoginRow>, Failure> {
    let query = logins::table.filter(logins::id.eq(id.to_string())).select(LoginRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

async fn rows(connection: &mut Connection, ids: &[String]) -> Result<Vec<LoginRow>, Failure> {
    let query = logins::table.filter(logins::id.eq_any(ids)).select(LoginRow::as_select());
    Ok(query.load(connection).await?)
}

/// Writes the row of a login that had none; another one's row in its place is a lost race.
pub(super) async fn insert(connection: &mut Connection, row: &LoginRow) -> Result<(), Failure> {
    diesel::insert_into(logins::table).values(row).execute(connection).await?;
    Ok(())
}

/// Writes what the first scan of a login led to, in place of the row of one that was expected; a row that moved
/// meanwhile is a lost race.
pub(super) async fn begin(
    connection: &mut Connection,
    expected: Option<&LoginRow>,
    row: &LoginRow,
) -> Result<(), Failure> {
    let Some(expected) = expected else { return insert(connection, row).await };
    let (id, version) = expected.key();
    let unmoved = logins::table.filter(logins::id.eq(id)).filter(logins::version.eq(version));
    match diesel::update(unmoved).set(row).execute(connection).await? {
        1 => Ok(()),
        _ => Err(Failure::Raced),
    }
}

/// Moves a login on from the row that was read; a row that moved meanwhile is a lost race.
pub(super) async fn advance(
    connection: &mut Connection,
    row: &LoginRow,
    login: &Login,
    proof: Option<BindingProof>,
) -> Result<(), Failure> {
    let (id, version) = row.key();
    let unmoved = logins::table.filter(logins::id.eq(id)).filter(logins::version.eq(version));
    let change = LoginChange::new(login, proof);
    match diesel::update(unmoved).set(change).execute(connection).await? {
        1 => Ok(()),
        _ => Err(Failure::Raced),
    }
}
