//! Asking the gate whether a person is admitted.

use std::sync::Arc;

use super::ServiceError;
use crate::{
    account::{AccountId, Identity, IdentityId},
    login::{LoginId, LoginState},
    ports::{Accounts, Admission, Gate, GateVerdict, Logins, Refusal, RefusalCode, StoreError},
};

/// The code of a refusal where the gate did not decide.
const UNAVAILABLE: &str = "gate_unavailable";

/// Asks the gate. Where every person is admitted nothing is read or asked.
#[derive(Clone)]
pub(super) struct Gatekeeping {
    /// Absent where every person is admitted.
    gate: Option<Arc<dyn Gate>>,
    logins: Arc<dyn Logins>,
    accounts: Arc<dyn Accounts>,
}

impl Gatekeeping {
    pub(super) fn new(gate: Arc<dyn Gate>, logins: Arc<dyn Logins>, accounts: Arc<dyn Accounts>) -> Self {
        let gate = (!gate.is_open()).then_some(gate);
        Self { gate, logins, accounts }
    }

    /// Returns whether a person may be refused.
    pub(super) fn is_closed(&self) -> bool {
        self.gate.is_some()
    }

    /// Asks about the person of an identity who is about to be logged in to an account by a scan.
    pub(super) async fn refusal_of_scan(
        &self,
        login: LoginId,
        account: AccountId,
        identity: IdentityId,
    ) -> Result<Option<Refusal>, StoreError> {
        let Some(gate) = &self.gate else { return Ok(None) };
        let identity = self.accounts.identity(identity).await?;
        Ok(ask(&**gate, Some(account), identity, login).await)
    }

    /// Asks about a person who is about to get an account by being identified alone; not about one who has an account. `newcomer`
    /// is what they would be stored as.
    pub(super) async fn refusal_of_newcomer(
        &self,
        login: LoginId,
        newcomer: Identity,
    ) -> Result<Option<Refusal>, StoreError> {
        let Some(gate) = &self.gate else { return Ok(None) };
        let known = self.accounts.identity_of(&newcomer.app, &newcomer.openid).await?;
        match known {
            Some(known) if known.account.is_some() => Ok(None),
            known => Ok(ask(&**gate, None, Some(known.unwrap_or(newcomer)), login).await),
        }
    }

    /// Refuses unless the person of a registered login is admitted to its account.
    pub(super) async fn admit_to_session(
        &self,
        login: LoginId,
        account: AccountId,
    ) -> Result<(), ServiceError> {
        let Some(gate) = &self.gate else { return Ok(()) };
        let record = self.logins.find(login).await?;
        let identity = match record.and_then(|record| record.identity) {
            Some(id) => self.accounts.identity(id).await?,
            None => None,
        };
        refuse(ask(&**gate, Some(account), identity, login).await)
    }

    /// Refuses unless the person of a login that waits for a phone number may have an account.
    pub(super) async fn admit_to_account(&self, login: LoginId) -> Result<(), ServiceError> {
        let Some(gate) = &self.gate else { return Ok(()) };
        let state = self.logins.find(login).await?.map(|record| record.login.state);
        let identity = match state {
            Some(LoginState::Unregistered { identity: Some(id), .. }) => self.accounts.identity(id).await?,
            Some(LoginState::Unregistered { identity: None, .. }) => None,
            // The number cannot be bound then.
            Some(
                LoginState::Loop { .. }
                | LoginState::Scanned { .. }
                | LoginState::Registered { .. }
                | LoginState::Expired { .. },
            )
            | None => return Ok(()),
        };
        let account = identity.as_ref().and_then(|identity| identity.account);
        refuse(ask(&**gate, account, identity, login).await)
    }
}

async fn ask(
    gate: &dyn Gate,
    account: Option<AccountId>,
    identity: Option<Identity>,
    login: LoginId,
) -> Option<Refusal> {
    match gate.admit(&Admission { account, identity, login }).await {
        Ok(GateVerdict::Admit) => None,
        Ok(GateVerdict::Refuse(refusal)) => Some(refusal),
        Err(_) => RefusalCode::parse(UNAVAILABLE).ok().map(|code| Refusal::new(code, "", "")),
    }
}

fn refuse(refusal: Option<Refusal>) -> Result<(), ServiceError> {
    refusal.map_or(Ok(()), |refusal| Err(ServiceError::Refused(Box::new(refusal))))
}
