//! The answer about a login.

use saoma_domain::{
    account::Account,
    login::{Login, LoginState},
    time::Timestamp,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{AccountBody, SessionBody};

/// How a login stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LoginAnswer {
    id: String,
    /// `loop`, `unregistered`, `registered` or `expired`.
    state: &'static str,
    /// Grows with each change.
    version: u32,
    /// What the client is to show while the phone is asked; in `loop`.
    #[serde(skip_serializing_if = "Option::is_none")]
    confirm: Option<ConfirmBody>,
    /// Whether a phone has scanned the code and a confirmation is awaited; in `loop`.
    #[serde(skip_serializing_if = "Option::is_none")]
    scanned: Option<bool>,
    /// Seconds until the state is over; in `loop` and `unregistered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<u64>,
    /// Why the login ended without a session; in `expired`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// Whose login it is; in `registered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<AccountBody>,
    /// The session; in `registered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<SessionBody>,
}

/// What a client shows while the phone is asked.
#[derive(Debug, Serialize, ToSchema)]
struct ConfirmBody {
    /// The two digits that the person enters on the phone.
    number: String,
}

impl ConfirmBody {
    fn of(state: &LoginState) -> Option<Self> {
        match state {
            LoginState::Scanned { question, .. } => {
                question.number().map(|number| Self { number: number.to_string() })
            }
            LoginState::Loop { .. }
            | LoginState::Unregistered { .. }
            | LoginState::Registered { .. }
            | LoginState::Expired { .. } => None,
        }
    }
}

impl LoginAnswer {
    /// Says how a login stands.
    pub(crate) fn new(login: &Login, now: Timestamp) -> Self {
        let confirm = ConfirmBody::of(&login.state);
        let (scanned, expires_in, reason) = match login.state {
            LoginState::Loop { deadline } => (Some(false), Some(deadline.secs_until(now)), None),
            LoginState::Scanned { deadline, .. } => (Some(true), Some(deadline.secs_until(now)), None),
            LoginState::Unregistered { deadline, .. } => (None, Some(deadline.secs_until(now)), None),
            LoginState::Registered { .. } => (None, None, None),
            LoginState::Expired { reason, .. } => (None, None, Some(reason.as_str())),
        };
        let (id, state, version) = (login.id.to_string(), login.state.name(), login.version);
        Self { id, state, version, confirm, scanned, expires_in, reason, account: None, session: None }
    }

    /// Adds the account.
    pub(crate) fn with_account(mut self, account: &Account) -> Self {
        self.account = Some(AccountBody::new(account));
        self
    }

    /// Adds the account and its session.
    pub(crate) fn with_session(mut self, account: AccountBody, session: SessionBody) -> Self {
        self.account = Some(account);
        self.session = Some(session);
        self
    }
}
