//! Rows of consents.

use saoma_domain::{
    account::AccountId,
    login::LoginId,
    rules::rows::{ConsentRow, ConsentRows, RowResult},
};

use super::{MemoryRows, unless_raced};

impl ConsentRows for MemoryRows<'_> {
    async fn consent_of_login(&mut self, login: LoginId) -> RowResult<Option<ConsentRow>> {
        Ok(self.tables().consents.get(&login).cloned())
    }

    async fn consents_of_account(&mut self, account: AccountId) -> RowResult<Vec<ConsentRow>> {
        let tables = self.tables();
        let of_account = tables.consents.rows().filter(|row| row.account == Some(account));
        let mut consents: Vec<ConsentRow> = of_account.cloned().collect();
        consents.sort_by_key(|row| (row.consent.at, row.login.to_string()));
        Ok(consents)
    }

    async fn insert_consent(&mut self, row: &ConsentRow) -> RowResult<()> {
        unless_raced(self.tables().consents.insert(row.login, row.clone()))
    }

    async fn update_consent(&mut self, row: &ConsentRow) -> RowResult<()> {
        self.tables().consents.update(&row.login, |_| true, |known| *known = row.clone());
        Ok(())
    }

    async fn delete_consents(&mut self, account: AccountId, logins: &[LoginId]) -> RowResult<()> {
        let tables = self.tables();
        let theirs = |row: &ConsentRow| row.account == Some(account) || logins.contains(&row.login);
        for login in tables.consents.keys_of(theirs).collect::<Vec<_>>() {
            tables.consents.remove(&login);
        }
        Ok(())
    }
}
