//! Operations on sessions.

use proptest::prelude::*;
use saoma_domain::{
    account::AccountId,
    login::LoginId,
    rules::rows::{PrunableTable, PruningRows, RowResult, SessionRow, SessionRows},
    session::{AuthMethod, Session, SessionId, SessionTokenHash},
    time::Timestamp,
};

use super::{
    answer::Answer,
    pool::{ALL, LINKED, account, client_info, login, moment, session, token_hash},
};

#[derive(Clone, Debug)]
pub(super) enum SessionOperation {
    IssueBasis(AccountId, LoginId),
    FindLive(SessionTokenHash),
    LiveOfAccount(AccountId, SessionId),
    Live(AccountId),
    LiveWithIdentities(AccountId),
    Insert(SessionRow),
    Touch(SessionId, Timestamp, Timestamp),
    End(SessionId, Timestamp, Timestamp),
    Prune(Timestamp),
}

impl SessionOperation {
    pub(super) async fn apply(&self, rows: &mut (impl SessionRows + PruningRows)) -> RowResult<Answer> {
        Ok(match self {
            Self::IssueBasis(account, login) => Answer::IssueBasis(rows.issue_basis(*account, *login).await?),
            Self::FindLive(hash) => Answer::SessionAndAccount(rows.live_session(hash).await?),
            Self::LiveOfAccount(account, id) => {
                Answer::Session(rows.live_session_of_account(*account, *id).await?)
            }
            Self::Live(account) => Answer::Sessions(rows.live_sessions(*account).await?),
            Self::LiveWithIdentities(account) => {
                Answer::SessionsOfIdentities(rows.live_sessions_with_identities(*account).await?)
            }
            Self::Insert(row) => rows.insert_session(row).await?.into(),
            Self::Touch(id, at, prune_at) => rows.touch_session(*id, *at, *prune_at).await?.into(),
            Self::End(id, at, prune_at) => Answer::Yes(rows.end_session(*id, *at, *prune_at).await?),
            Self::Prune(until) => {
                Answer::Removed(rows.remove_prunable(PrunableTable::Sessions, *until, 1000).await?)
            }
        })
    }

    pub(super) fn any() -> impl Strategy<Value = Self> {
        let id = || ALL.prop_map(session);
        let of = || (0..LINKED).prop_map(account);
        prop_oneof![
            2 => (of(), ALL).prop_map(|(of, number)| Self::IssueBasis(of, login(number))),
            1 => ALL.prop_map(|number| Self::FindLive(token_hash(number))),
            1 => (of(), id()).prop_map(|(of, id)| Self::LiveOfAccount(of, id)),
            1 => of().prop_map(Self::Live),
            1 => of().prop_map(Self::LiveWithIdentities),
            6 => row().prop_map(Self::Insert),
            2 => (id(), moment(), moment()).prop_map(|(id, at, prune_at)| Self::Touch(id, at, prune_at)),
            2 => (id(), moment(), moment()).prop_map(|(id, at, prune_at)| Self::End(id, at, prune_at)),
            1 => moment().prop_map(Self::Prune),
        ]
    }

    pub(super) fn reads() -> Vec<Self> {
        let mut reads: Vec<_> = ALL.map(|number| Self::FindLive(token_hash(number))).collect();
        // There is an account for each number but the last, which has none.
        reads.extend(ALL.map(|number| Self::IssueBasis(account(number), login(number))));
        for of in (0..LINKED).map(account) {
            reads.extend([Self::Live(of), Self::LiveWithIdentities(of)]);
        }
        reads
    }
}

fn row() -> impl Strategy<Value = SessionRow> {
    let moments = (moment(), moment(), moment());
    (ALL, ALL, ALL, 0..LINKED, ALL, moments).prop_map(
        |(id, of_login, token, of, client, (created_at, last_seen_at, prune_at))| SessionRow {
            session: Session {
                id: session(id),
                login: login(of_login),
                account: account(of),
                created_at,
                last_seen_at,
                client_info: client_info(client),
                auth_methods: AuthMethod::WechatQr.into(),
            },
            token_hash: token_hash(token),
            ended_at: None,
            prune_at,
        },
    )
}
