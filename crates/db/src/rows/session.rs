//! Rows of `sessions`.

use std::time::Duration;

use diesel::prelude::{Insertable, Queryable, Selectable};
use saoma_domain::{
    account::AccountId,
    login::{ClientInfo, LoginId},
    ports::{NewSession, StoreError, StoredSession},
    session::{Session, SessionId, SessionTokenHash},
    time::Timestamp,
};

use super::corrupt;
use crate::schema::sessions;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
pub(crate) struct SessionRow {
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
}

impl SessionRow {
    /// How long the row of a session that nobody ended is kept after its last use.
    ///
    /// The database does not know how long sessions live, so this is longer than any sensible idle time.
    const KEPT_UNUSED: Duration = Duration::from_secs(400 * 24 * 60 * 60);

    /// Returns when the row of a session last used at `at` may be removed, unless it is ended before.
    pub(crate) fn prune_unused_at(at: Timestamp) -> i64 {
        at.plus(Self::KEPT_UNUSED).as_millis()
    }

    pub(crate) fn new(new: &NewSession) -> Self {
        let at = new.at.as_millis();
        Self {
            id: new.id.to_string(),
            login_id: new.login.to_string(),
            token_hash: new.token_hash.as_bytes().to_vec(),
            account_id: new.account.to_string(),
            created_at: at,
            last_seen_at: at,
            ip: new.client_info.ip.clone(),
            user_agent: new.client_info.user_agent.clone(),
            ended_at: None,
            prune_at: Self::prune_unused_at(new.at),
        }
    }

    pub(crate) fn into_opened(self) -> Result<StoredSession, StoreError> {
        let bytes = <[u8; 32]>::try_from(self.token_hash.as_slice());
        let token_hash = bytes.map_err(|_| corrupt("sessions", "token_hash", &self.id))?;
        Ok(StoredSession {
            token_hash: SessionTokenHash::from_store(token_hash),
            ended: self.ended_at.is_some(),
            session: self.into_domain()?,
        })
    }

    pub(crate) fn into_domain(self) -> Result<Session, StoreError> {
        let wrong = |column| corrupt("sessions", column, &self.id);
        Ok(Session {
            id: SessionId::parse(&self.id).ok_or_else(|| wrong("id"))?,
            login: LoginId::from_store(&self.login_id).ok_or_else(|| wrong("login_id"))?,
            account: AccountId::parse(&self.account_id).ok_or_else(|| wrong("account_id"))?,
            created_at: Timestamp::from_millis(self.created_at),
            last_seen_at: Timestamp::from_millis(self.last_seen_at),
            client_info: ClientInfo { ip: self.ip, user_agent: self.user_agent },
        })
    }
}
