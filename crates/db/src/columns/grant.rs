//! Columns of what OpenID clients were granted.

use diesel::prelude::{Insertable, Queryable, Selectable};
use saoma_domain::{
    account::AccountId,
    oidc::{ClientId, CodeChallenge, Grant, GrantId, RefreshState, Scopes, TokenHash},
    rules::rows::{GrantRow, RowResult},
    session::SessionId,
    time::Timestamp,
};

use super::corrupt::corrupt;
use crate::schema::grants;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = grants, treat_none_as_default_value = false)]
pub(crate) struct GrantColumns {
    id: String,
    client_id: String,
    account_id: String,
    session_id: String,
    scopes: String,
    redirect_uri: String,
    nonce: Option<String>,
    challenge: Option<String>,
    granted_at: i64,
    code_hash: Vec<u8>,
    redeemed_at: Option<i64>,
    generation: Option<i64>,
    refresh_hash: Option<Vec<u8>>,
    previous_hash: Option<Vec<u8>>,
    refreshed_at: Option<i64>,
    ended_at: Option<i64>,
    version: i64,
    prune_at: i64,
}

impl GrantColumns {
    pub(crate) fn of(row: &GrantRow) -> Self {
        let (grant, refresh) = (&row.grant, row.refresh.as_ref());
        Self {
            id: grant.id.to_string(),
            client_id: grant.client.to_string(),
            account_id: grant.account.to_string(),
            session_id: grant.session.to_string(),
            scopes: grant.scopes.to_string(),
            redirect_uri: grant.redirect_uri.clone(),
            nonce: grant.nonce.clone(),
            challenge: grant.challenge.as_ref().map(|challenge| challenge.as_str().to_owned()),
            granted_at: grant.at.as_millis(),
            code_hash: bytes_of(&row.code),
            redeemed_at: row.redeemed_at.map(Timestamp::as_millis),
            generation: refresh.map(|refresh| refresh.generation.into()),
            refresh_hash: refresh.map(|refresh| bytes_of(&refresh.current)),
            previous_hash: refresh.and_then(|refresh| refresh.previous.as_ref().map(bytes_of)),
            refreshed_at: refresh.map(|refresh| refresh.since.as_millis()),
            ended_at: row.ended_at.map(Timestamp::as_millis),
            version: row.version.into(),
            prune_at: row.prune_at.as_millis(),
        }
    }

    pub(crate) fn into_row(self) -> RowResult<GrantRow> {
        let wrong = |column| corrupt("grants", column, &self.id);
        let hash = |bytes: &[u8], column| {
            let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| wrong(column));
            bytes.map(TokenHash::from_store)
        };
        let refresh = match (self.generation, &self.refresh_hash, self.refreshed_at) {
            (None, None, None) => None,
            (Some(generation), Some(current), Some(since)) => Some(RefreshState {
                generation: u32::try_from(generation).map_err(|_| wrong("generation"))?,
                current: hash(current, "refresh_hash")?,
                previous: self.previous_hash.as_deref().map(|it| hash(it, "previous_hash")).transpose()?,
                since: Timestamp::from_millis(since),
            }),
            (Some(_) | None, Some(_) | None, Some(_) | None) => return Err(wrong("generation")),
        };
        let challenge = self.challenge.as_deref();
        let challenge = challenge.map(|text| CodeChallenge::parse(text).ok_or_else(|| wrong("challenge")));
        Ok(GrantRow {
            grant: Grant {
                id: GrantId::parse(&self.id).ok_or_else(|| wrong("id"))?,
                client: ClientId::parse(self.client_id.as_str()).map_err(|_| wrong("client_id"))?,
                account: AccountId::parse(&self.account_id).ok_or_else(|| wrong("account_id"))?,
                session: SessionId::parse(&self.session_id).ok_or_else(|| wrong("session_id"))?,
                scopes: Scopes::parse(&self.scopes),
                redirect_uri: self.redirect_uri.clone(),
                nonce: self.nonce.clone(),
                challenge: challenge.transpose()?,
                at: Timestamp::from_millis(self.granted_at),
            },
            code: hash(&self.code_hash, "code_hash")?,
            redeemed_at: self.redeemed_at.map(Timestamp::from_millis),
            refresh,
            ended_at: self.ended_at.map(Timestamp::from_millis),
            version: u32::try_from(self.version).map_err(|_| wrong("version"))?,
            prune_at: Timestamp::from_millis(self.prune_at),
        })
    }
}

fn bytes_of(hash: &TokenHash) -> Vec<u8> {
    hash.as_bytes().to_vec()
}
