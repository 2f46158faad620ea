//! Columns of sessions.

use diesel::prelude::{Insertable, Queryable, Selectable};
use saoma_domain::{
    account::AccountId,
    login::{ClientInfo, LoginId},
    rules::rows::{RowResult, SessionRow},
    session::{Session, SessionId, SessionTokenHash},
    time::Timestamp,
};

use super::{corrupt::corrupt, login::auth_methods};
use crate::schema::sessions;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub(crate) struct SessionColumns {
    id: String,
    login_id: String,
    token_hash: Vec<u8>,
    account_id: String,
    created_at: i64,
    last_seen_at: i64,
    ip: String,
    user_agent: String,
    ended_at: Option<i64>,
    prune_at: i64,
    amr: Option<String>,
}

impl SessionColumns {
    pub(crate) fn of(row: &SessionRow) -> Self {
        let session = &row.session;
        Self {
            id: session.id.to_string(),
            login_id: session.login.to_string(),
            token_hash: row.token_hash.as_bytes().to_vec(),
            account_id: session.account.to_string(),
            created_at: session.created_at.as_millis(),
            last_seen_at: session.last_seen_at.as_millis(),
            ip: session.client_info.ip.clone(),
            user_agent: session.client_info.user_agent.clone(),
            ended_at: row.ended_at.map(Timestamp::as_millis),
            prune_at: row.prune_at.as_millis(),
            amr: Some(session.auth_methods.to_string()),
        }
    }

    pub(crate) fn into_row(self) -> RowResult<SessionRow> {
        let wrong = |column| corrupt("sessions", column, &self.id);
        let token_hash = <[u8; 32]>::try_from(self.token_hash.as_slice());
        let token_hash = token_hash.map_err(|_| wrong("token_hash"))?;
        let session = Session {
            id: SessionId::parse(&self.id).ok_or_else(|| wrong("id"))?,
            login: LoginId::from_store(&self.login_id).ok_or_else(|| wrong("login_id"))?,
            account: AccountId::parse(&self.account_id).ok_or_else(|| wrong("account_id"))?,
            created_at: Timestamp::from_millis(self.created_at),
            last_seen_at: Timestamp::from_millis(self.last_seen_at),
            client_info: ClientInfo { ip: self.ip, user_agent: self.user_agent },
            auth_methods: auth_methods(self.amr.as_deref()),
        };
        Ok(SessionRow {
            session,
            token_hash: SessionTokenHash::from_store(token_hash),
            ended_at: self.ended_at.map(Timestamp::from_millis),
            prune_at: Timestamp::from_millis(self.prune_at),
        })
    }
}
