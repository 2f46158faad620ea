//! Logins.

use async_trait::async_trait;

use crate::{
    consent::Consent,
    login::{Login, LoginEvent, LoginId},
    ports::{
        Answered, AskedLogin, Binding, Bound, Confirmation, Disowned, LoginRecord, Logins, NotMe,
        NumberLogin, PendingLink, Scan, ScanTaken, StoreError, UnionIdLink,
    },
    rules::{
        add_pending_link::add_pending_link,
        ask_for_number::ask_for_number,
        bind_phone::bind_phone,
        cancel_login::{LoginToCancel, cancel_login},
        confirm_scan::confirm_scan,
        consents::{ConsentToGive, find_consent, give_consent},
        disown_login::disown_login,
        link_by_unionid::link_by_unionid,
        reads::{find_asked, find_login, find_logins},
        take_scan::take_scan,
        transactions::Transactions,
    },
    time::Timestamp,
    wechat::{AppName, OpenId},
};

#[async_trait]
impl<X: Transactions> Logins for X {
    async fn add_pending_link(&self, pending_link: PendingLink) -> Result<(), StoreError> {
        self.run(pending_link, |rows, link| Box::pin(add_pending_link(rows, link))).await
    }

    async fn take_scan(&self, scan: Scan) -> Result<ScanTaken, StoreError> {
        self.run(scan, |rows, scan| Box::pin(take_scan(rows, scan))).await
    }

    async fn bind(&self, binding: Binding) -> Result<Bound, StoreError> {
        self.run(binding, |rows, binding| Box::pin(bind_phone(rows, binding))).await
    }

    async fn ask_for_number(&self, login: NumberLogin) -> Result<Login, StoreError> {
        self.run(login, |rows, asked| Box::pin(ask_for_number(rows, asked))).await
    }

    async fn give_consent(&self, login: LoginId, consent: Consent) -> Result<(), StoreError> {
        let agreement = ConsentToGive { login, consent };
        self.run(agreement, |rows, agreement| Box::pin(give_consent(rows, agreement))).await
    }

    async fn consent(&self, login: LoginId) -> Result<Option<Consent>, StoreError> {
        self.read(login, |rows, login| Box::pin(find_consent(rows, *login))).await
    }

    async fn link(&self, link: UnionIdLink) -> Result<Option<Login>, StoreError> {
        self.run(link, |rows, link| Box::pin(link_by_unionid(rows, link))).await
    }

    async fn confirm(&self, confirmation: Confirmation) -> Result<Answered, StoreError> {
        self.run(confirmation, |rows, confirmation| Box::pin(confirm_scan(rows, confirmation))).await
    }

    async fn asked_of(
        &self,
        app: &AppName,
        openid: &OpenId,
        at: Timestamp,
    ) -> Result<Option<AskedLogin>, StoreError> {
        let asked = (app.clone(), openid.clone(), at);
        self.read(asked, |rows, asked| Box::pin(find_asked(rows, asked))).await
    }

    async fn disown(&self, not_me: NotMe) -> Result<Disowned, StoreError> {
        self.run(not_me, |rows, not_me| Box::pin(disown_login(rows, not_me))).await
    }

    async fn end(&self, id: LoginId, event: LoginEvent, at: Timestamp) -> Result<Login, StoreError> {
        let cancel = LoginToCancel { login: id, event, at };
        self.run(cancel, |rows, cancel| Box::pin(cancel_login(rows, cancel))).await
    }

    async fn find(&self, id: LoginId) -> Result<Option<LoginRecord>, StoreError> {
        self.read(id, |rows, id| Box::pin(find_login(rows, *id))).await
    }

    async fn find_many(&self, ids: &[LoginId]) -> Result<Vec<Login>, StoreError> {
        self.read(ids.to_vec(), |rows, ids| Box::pin(find_logins(rows, ids))).await
    }
}
