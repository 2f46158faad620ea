//! What happens to logins.

use std::collections::BTreeSet;

use async_trait::async_trait;
use saoma_domain::{
    login::{Login, LoginEvent, LoginId},
    ports::{Binding, Bound, LoginRecord, Logins, PendingLink, Scan, ScanTaken, StoreError, UnionIdLink},
    time::Timestamp,
};

use super::{MemoryLedger, state::LoginRow};

#[async_trait]
impl Logins for MemoryLedger {
    async fn add_pending_link(&self, pending_link: PendingLink) -> Result<(), StoreError> {
        self.begin()?.add_pending_link(&pending_link)
    }

    async fn take_scan(&self, scan: Scan) -> Result<ScanTaken, StoreError> {
        self.begin()?.take_scan(scan)
    }

    async fn bind(&self, binding: Binding) -> Result<Bound, StoreError> {
        self.begin()?.bind_phone(&binding)
    }

    async fn link(&self, link: UnionIdLink) -> Result<Option<Login>, StoreError> {
        self.begin()?.link(&link)
    }

    async fn end(&self, id: LoginId, event: LoginEvent, at: Timestamp) -> Result<Login, StoreError> {
        let mut state = self.begin()?;
        let known = state.logins.get(&id).cloned();
        let row = known.unwrap_or_else(|| LoginRow::unscanned(Login::new(id)));
        Ok(match row.login.clone().apply(event, at) {
            Ok(login) => {
                state.record(LoginRow { login: login.clone(), ..row });
                login
            }
            Err(refusal) => refusal.login,
        })
    }

    async fn find(&self, id: LoginId) -> Result<Option<LoginRecord>, StoreError> {
        let state = self.begin()?;
        Ok(state.logins.get(&id).map(|row| LoginRecord {
            login: row.login.clone(),
            proof: row.proof,
            link_refused: row.link_refused,
        }))
    }

    async fn find_many(&self, ids: &[LoginId]) -> Result<Vec<Login>, StoreError> {
        let state = self.begin()?;
        let ids: BTreeSet<_> = ids.iter().collect();
        Ok(ids.into_iter().filter_map(|id| state.logins.get(id)).map(|row| row.login.clone()).collect())
    }
}
