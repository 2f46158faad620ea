//! Accounts as a site and its operators manage them.

use async_trait::async_trait;

use crate::{
    account::{AccountId, IdentityId},
    login::LoginId,
    ports::{
        Act, Changed, Erased, KnownPerson, Made, OwnErased, OwnErasure, People, Person, PersonChange,
        PersonExport, PersonKey, StoreError,
    },
    rules::{
        change_person::{change_person, end_session_of, end_sessions_of, unlink_identity_of},
        erase_person::{erase_own, erase_person, export_person},
        find_people::{find_people, last_login_of, list_people},
        make_people::make_people,
        transactions::Transactions,
    },
    session::{SessionId, SessionTokenHash},
};

#[async_trait]
impl<X: Transactions> People for X {
    async fn find_people(&self, key: PersonKey) -> Result<Vec<Person>, StoreError> {
        self.read(key, |rows, key| Box::pin(find_people(rows, key))).await
    }

    async fn last_login_of(&self, identity: IdentityId) -> Result<Option<LoginId>, StoreError> {
        self.read(identity, |rows, identity| Box::pin(last_login_of(rows, *identity))).await
    }

    async fn list_people(&self, after: Option<AccountId>, limit: u32) -> Result<Vec<Person>, StoreError> {
        self.read((after, limit), |rows, (after, limit)| Box::pin(list_people(rows, *after, *limit))).await
    }

    async fn make_people(&self, people: Vec<KnownPerson>) -> Result<Vec<Made>, StoreError> {
        self.run(people, |rows, people| Box::pin(make_people(rows, people))).await
    }

    async fn change_person(&self, change: PersonChange) -> Result<Changed, StoreError> {
        self.run(change, |rows, change| Box::pin(change_person(rows, change))).await
    }

    async fn end_sessions_of(&self, act: Act) -> Result<Option<Vec<SessionTokenHash>>, StoreError> {
        self.run(act, |rows, act| Box::pin(end_sessions_of(rows, act))).await
    }

    async fn end_session_of(&self, act: Act, id: SessionId) -> Result<Option<SessionTokenHash>, StoreError> {
        self.run((act, id), |rows, (act, id)| Box::pin(end_session_of(rows, act, *id))).await
    }

    async fn unlink_identity_of(
        &self,
        act: Act,
        identity: IdentityId,
    ) -> Result<Option<Vec<SessionTokenHash>>, StoreError> {
        self.run((act, identity), |rows, (act, id)| Box::pin(unlink_identity_of(rows, act, *id))).await
    }

    async fn erase_person(&self, act: Act) -> Result<Option<Erased>, StoreError> {
        self.run(act, |rows, act| Box::pin(erase_person(rows, act))).await
    }

    async fn erase_own(&self, erasure: OwnErasure) -> Result<OwnErased, StoreError> {
        self.run(erasure, |rows, erasure| Box::pin(erase_own(rows, erasure))).await
    }

    async fn export_person(&self, act: Act) -> Result<Option<PersonExport>, StoreError> {
        self.run(act, |rows, act| Box::pin(export_person(rows, act))).await
    }
}
