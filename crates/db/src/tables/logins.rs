//! Rows of logins.

use diesel::{
    QueryResult,
    prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper},
};
use saoma_domain::{
    account::IdentityId,
    login::LoginId,
    ports::PendingLink,
    rules::rows::{FoundByScan, LoginRow, LoginRows, RowResult, ScanDecision},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

use super::{
    super::dialect::RunQueryDsl,
    joins::{LoginAndPendingLink, ScanQuery},
    rows::SqlRows,
};
use crate::{
    columns::{IdentityColumns, LoginColumns, PendingLinkColumns},
    schema::{logins, pending_links},
};

type FoundColumns = (Option<LoginColumns>, Option<PendingLinkColumns>, Option<IdentityColumns>, Option<bool>);

impl LoginRows for SqlRows<'_> {
    async fn login(&mut self, id: LoginId) -> RowResult<Option<LoginRow>> {
        let query = logins::table.find(id.to_string()).select(LoginColumns::as_select());
        let found: QueryResult<LoginColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(LoginColumns::into_row).transpose()
    }

    async fn login_and_pending_link(
        &mut self,
        id: LoginId,
    ) -> RowResult<(Option<LoginRow>, Option<PendingLink>)> {
        let found: QueryResult<(Option<LoginColumns>, Option<PendingLinkColumns>)> =
            LoginAndPendingLink::of(id).get_result(self.reading().await?).await;
        let (login, link) = self.answer(found)?;
        let login = login.map(LoginColumns::into_row).transpose()?;
        Ok((login, link.map(PendingLinkColumns::into_link).transpose()?))
    }

    async fn find_by_scan(&mut self, id: LoginId, app: &AppName, openid: &OpenId) -> RowResult<FoundByScan> {
        let found: QueryResult<FoundColumns> =
            ScanQuery::of(id, app, openid).get_result(self.reading().await?).await;
        let (login, pending_link, person, is_disabled) = self.answer(found)?;
        Ok(FoundByScan {
            login: login.map(LoginColumns::into_row).transpose()?,
            pending_link: pending_link.map(PendingLinkColumns::into_link).transpose()?,
            person: person.map(IdentityColumns::into_row).transpose()?,
            is_disabled: is_disabled.unwrap_or(false),
        })
    }

    async fn last_asked(&mut self, identity: IdentityId) -> RowResult<Option<LoginRow>> {
        let query = logins::table
            .filter(logins::identity_id.eq(identity.to_string()))
            .filter(logins::outcome.eq(ScanDecision::Asked.as_str()))
            .order((logins::scanned_at.desc(), logins::id.desc()))
            .limit(1)
            .select(LoginColumns::as_select());
        let found: QueryResult<LoginColumns> = query.get_result(self.reading().await?).await;
        self.answer(found.optional())?.map(LoginColumns::into_row).transpose()
    }

    async fn logins(&mut self, ids: &[LoginId]) -> RowResult<Vec<LoginRow>> {
        let query = logins::table
            .filter(logins::id.eq_any(ids.iter().map(LoginId::to_string)))
            .select(LoginColumns::as_select());
        let found: QueryResult<Vec<LoginColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(LoginColumns::into_row).collect()
    }

    async fn insert_login(&mut self, row: &LoginRow) -> RowResult<()> {
        if self.deferred.login.is_some() {
            self.writing().await?;
        }
        self.deferred.login = Some(row.clone());
        Ok(())
    }

    async fn update_login(&mut self, row: &LoginRow, read_version: u32) -> RowResult<()> {
        let unmoved =
            logins::table.find(row.login.id.to_string()).filter(logins::version.eq(i64::from(read_version)));
        let updated = diesel::update(unmoved).set(LoginColumns::of(row)).execute(self.writing().await?).await;
        self.changed_one(updated)
    }

    async fn insert_pending_link(&mut self, link: &PendingLink, prune_at: Timestamp) -> RowResult<()> {
        let insert = diesel::insert_into(pending_links::table).values(PendingLinkColumns::of(link, prune_at));
        let inserted = insert.execute(self.writing().await?).await;
        self.answer(inserted).map(drop)
    }
}
