//! Rows of logins and pending links.

use saoma_domain::{
    account::IdentityId,
    login::LoginId,
    ports::PendingLink,
    rules::rows::{FoundByScan, LoginRow, LoginRows, RowResult, ScanDecision, ScanRow},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

use super::{MemoryRows, tables::PendingLinkRow, unless_raced};

impl LoginRows for MemoryRows<'_> {
    async fn login(&mut self, id: LoginId) -> RowResult<Option<LoginRow>> {
        Ok(self.tables().logins.get(&id).cloned())
    }

    async fn login_and_pending_link(
        &mut self,
        id: LoginId,
    ) -> RowResult<(Option<LoginRow>, Option<PendingLink>)> {
        let tables = self.tables();
        let link = tables.pending_links.get(&id).map(|row| row.link.clone());
        Ok((tables.logins.get(&id).cloned(), link))
    }

    async fn find_by_scan(&mut self, id: LoginId, app: &AppName, openid: &OpenId) -> RowResult<FoundByScan> {
        let tables = self.tables();
        let person = tables.identity_of(app, openid);
        Ok(FoundByScan {
            login: tables.logins.get(&id).cloned(),
            pending_link: tables.pending_links.get(&id).map(|row| row.link.clone()),
            is_disabled: person.as_ref().is_some_and(|row| tables.is_disabled(row)),
            person,
        })
    }

    async fn last_asked(&mut self, identity: IdentityId) -> RowResult<Option<LoginRow>> {
        let asked = |scan: &ScanRow| scan.identity == Some(identity) && scan.outcome == ScanDecision::Asked;
        let rows = self.tables().logins.rows();
        let rows = rows.filter(|row| row.scan.as_ref().is_some_and(asked));
        Ok(rows.max_by_key(|row| (row.scan.as_ref().map(|scan| scan.at), row.login.id)).cloned())
    }

    async fn logins(&mut self, ids: &[LoginId]) -> RowResult<Vec<LoginRow>> {
        let logins = &self.tables().logins;
        Ok(logins.rows().filter(|row| ids.contains(&row.login.id)).cloned().collect())
    }

    async fn insert_login(&mut self, row: &LoginRow) -> RowResult<()> {
        unless_raced(self.tables().logins.insert(row.login.id, row.clone()))
    }

    async fn update_login(&mut self, row: &LoginRow, read_version: u32) -> RowResult<()> {
        let is_read = |kept: &LoginRow| kept.login.version == read_version;
        unless_raced(self.tables().logins.update(&row.login.id, is_read, |kept| *kept = row.clone()))
    }

    async fn insert_pending_link(&mut self, link: &PendingLink, prune_at: Timestamp) -> RowResult<()> {
        let row = PendingLinkRow { link: link.clone(), prune_at };
        unless_raced(self.tables().pending_links.insert(link.login, row))
    }
}
