//! Columns of logins.

use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use saoma_domain::{
    account::{AccountId, IdentityId},
    login::{ClientInfo, ConfirmNumber, ExpiryReason, Login, LoginId, LoginState, PhoneQuestion},
    ports::BindingProof,
    rules::rows::{LoginRow, Rejected, RowResult, ScanDecision, ScanRow},
    session::AuthMethods,
    time::Timestamp,
};

use super::corrupt::corrupt;
use crate::schema::logins;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = logins, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct LoginColumns {
    id: String,
    version: i64,
    state: String,
    reason: Option<String>,
    outcome: Option<String>,
    identity_id: Option<String>,
    account_id: Option<String>,
    deadline: Option<i64>,
    since: Option<i64>,
    client_ip: Option<String>,
    client_user_agent: Option<String>,
    scanned_at: Option<i64>,
    proof: Option<Vec<u8>>,
    prune_at: i64,
    amr: Option<String>,
    confirm_number: Option<i64>,
    confirm_tries: Option<i64>,
}

impl LoginColumns {
    pub(crate) fn of(row: &LoginRow) -> Self {
        let (account, reason, deadline, since) = match row.login.state {
            LoginState::Loop { deadline }
            | LoginState::Scanned { deadline, .. }
            | LoginState::Unregistered { deadline, .. } => (None, None, Some(deadline), None),
            LoginState::Registered { account, since, collect_by } => {
                (Some(account), None, Some(collect_by), Some(since))
            }
            LoginState::Expired { reason, since } => (None, Some(reason), None, Some(since)),
        };
        let scan = row.scan.as_ref();
        let number = asked_number(&row.login.state);
        Self {
            id: row.login.id.to_string(),
            version: row.login.version.into(),
            state: row.login.state.stored_name().to_owned(),
            reason: reason.map(|reason| reason.as_str().to_owned()),
            outcome: scan.map(|scan| scan.outcome.as_str().to_owned()),
            identity_id: scan.and_then(|scan| scan.identity).map(|identity| identity.to_string()),
            account_id: account.map(|account| account.to_string()),
            deadline: deadline.map(Timestamp::as_millis),
            since: since.map(Timestamp::as_millis),
            client_ip: scan.map(|scan| scan.client_info.ip.clone()),
            client_user_agent: scan.map(|scan| scan.client_info.user_agent.clone()),
            scanned_at: scan.map(|scan| scan.at.as_millis()),
            proof: row.proof.map(|BindingProof(bytes)| bytes.to_vec()),
            prune_at: row.prune_at.as_millis(),
            amr: Some(row.auth_methods.to_string()),
            confirm_number: number.map(|(number, _)| number.get().into()),
            confirm_tries: number.map(|(_, wrong)| wrong.into()),
        }
    }

    pub(crate) fn into_row(self) -> RowResult<LoginRow> {
        let scan = self.scan()?;
        let proof = match &self.proof {
            Some(bytes) => {
                let bytes = <[u8; 32]>::try_from(bytes.as_slice());
                Some(BindingProof(bytes.map_err(|_| self.corrupt("proof"))?))
            }
            None => None,
        };
        let login = Login {
            id: LoginId::from_store(&self.id).ok_or_else(|| self.corrupt("id"))?,
            version: u32::try_from(self.version).map_err(|_| self.corrupt("version"))?,
            state: self.state(scan.as_ref().and_then(|scan| scan.identity))?,
        };
        let auth_methods = auth_methods(self.amr.as_deref());
        Ok(LoginRow { login, scan, auth_methods, proof, prune_at: Timestamp::from_millis(self.prune_at) })
    }

    fn state(&self, scanned_by: Option<IdentityId>) -> RowResult<LoginState> {
        let columns = (
            self.state.as_str(),
            self.reason.as_deref(),
            scanned_by,
            self.account_id.as_deref(),
            self.deadline.map(Timestamp::from_millis),
            self.since.map(Timestamp::from_millis),
        );
        match columns {
            ("unregistered", None, identity, None, Some(deadline), None) => {
                Ok(LoginState::Unregistered { identity, deadline })
            }
            ("scanned", None, Some(identity), None, Some(deadline), None) => {
                Ok(LoginState::Scanned { identity, question: self.question()?, deadline })
            }
            ("registered", None, _, Some(account), Some(collect_by), Some(since)) => {
                let account = AccountId::parse(account).ok_or_else(|| self.corrupt("account_id"))?;
                Ok(LoginState::Registered { account, since, collect_by })
            }
            ("expired", Some(reason), _, None, None, Some(since)) => {
                let reason = ExpiryReason::parse(reason).ok_or_else(|| self.corrupt("reason"))?;
                Ok(LoginState::Expired { reason, since })
            }
            _ => Err(self.corrupt("state")),
        }
    }

    fn question(&self) -> RowResult<PhoneQuestion> {
        match (self.confirm_number, self.confirm_tries) {
            (None, None) => Ok(PhoneQuestion::YesOrNo),
            (Some(number), Some(wrong)) => {
                let number = ConfirmNumber::parse(&number.to_string());
                let number = number.ok_or_else(|| self.corrupt("confirm_number"))?;
                let wrong = u8::try_from(wrong).map_err(|_| self.corrupt("confirm_tries"))?;
                Ok(PhoneQuestion::Number { number, wrong })
            }
            (None, Some(_)) | (Some(_), None) => Err(self.corrupt("confirm_tries")),
        }
    }

    fn scan(&self) -> RowResult<Option<ScanRow>> {
        let identity = match &self.identity_id {
            Some(id) => Some(IdentityId::parse(id).ok_or_else(|| self.corrupt("identity_id"))?),
            None => None,
        };
        match (&self.outcome, &self.client_ip, &self.client_user_agent, self.scanned_at) {
            (Some(outcome), Some(ip), Some(user_agent), Some(at)) => {
                let outcome = ScanDecision::parse(outcome).ok_or_else(|| self.corrupt("outcome"))?;
                let client_info = ClientInfo { ip: ip.clone(), user_agent: user_agent.clone() };
                Ok(Some(ScanRow { identity, outcome, client_info, at: Timestamp::from_millis(at) }))
            }
            (None, None, None, None) if identity.is_none() => Ok(None),
            _ => Err(self.corrupt("scanned_at")),
        }
    }

    fn corrupt(&self, column: &str) -> Rejected {
        corrupt("logins", column, &self.id)
    }
}

/// Returns the number that the phone is asked for, and how often it sent another one.
fn asked_number(state: &LoginState) -> Option<(ConfirmNumber, u8)> {
    match state {
        LoginState::Scanned { question: PhoneQuestion::Number { number, wrong }, .. } => {
            Some((*number, *wrong))
        }
        LoginState::Scanned { question: PhoneQuestion::YesOrNo, .. }
        | LoginState::Loop { .. }
        | LoginState::Unregistered { .. }
        | LoginState::Registered { .. }
        | LoginState::Expired { .. } => None,
    }
}

/// Reads how a person proved who they are; rows of earlier versions do not say it.
pub(super) fn auth_methods(words: Option<&str>) -> AuthMethods {
    words.map(AuthMethods::from_store).unwrap_or_default()
}
