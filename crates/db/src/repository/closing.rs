//! Ending sessions, one or all of an account.

use diesel::{
    BoolExpressionMethods,
    dsl::{exists, not},
    prelude::{ExpressionMethods, QueryDsl, SelectableHelper},
};
use diesel_async::RunQueryDsl;
use saoma_domain::{
    account::{AccountId, IdentityId},
    ports::{AuditEntry, AuditKind, LOGIN_KEPT_FOR, StoredSession},
    session::{Session, SessionId, SessionTokenHash},
    time::Timestamp,
};

use super::{Connection, audit};
use crate::{
    failure::Failure,
    rows::SessionRow,
    schema::{accounts, logins, sessions},
};

/// Sessions to end.
pub(super) struct Close {
    pub(super) account: AccountId,
    pub(super) which: Which,
    pub(super) at: Timestamp,
}

/// Which of an account's sessions are to end.
#[derive(Clone, Copy)]
pub(super) enum Which {
    One(SessionId),
    All,
    /// Those that were opened until then.
    Until(Timestamp),
    /// Those that came from an identity, or may have: a login is forgotten after a day. One stays in any case.
    Of {
        identity: IdentityId,
        asked_by: SessionId,
    },
}

/// Ends the sessions that were not ended before and returns the hashes of their tokens.
pub(super) async fn close(
    connection: &mut Connection,
    close: &Close,
) -> Result<Vec<SessionTokenHash>, Failure> {
    match close.which {
        Which::One(_) | Which::Of { .. } => {}
        Which::All => end_uncollected(connection, close.account, close.at).await?,
        Which::Until(until) => end_uncollected(connection, close.account, until).await?,
    }
    let mut ended = Vec::new();
    for opened in open_ones(connection, close).await? {
        end(connection, &opened.session, close.at).await?;
        ended.push(opened.token_hash);
    }
    Ok(ended)
}

/// Keeps the logins that an account had at a moment from opening a session later.
async fn end_uncollected(
    connection: &mut Connection,
    account: AccountId,
    until: Timestamp,
) -> Result<(), Failure> {
    let until = until.as_millis();
    let is_news = accounts::sessions_ended_at.is_null().or(accounts::sessions_ended_at.lt(until));
    let account = accounts::table.filter(accounts::id.eq(account.to_string())).filter(is_news);
    diesel::update(account).set(accounts::sessions_ended_at.eq(until)).execute(connection).await?;
    Ok(())
}

async fn open_ones(connection: &mut Connection, close: &Close) -> Result<Vec<StoredSession>, Failure> {
    let mut query = sessions::table
        .filter(sessions::account_id.eq(close.account.to_string()).and(sessions::ended_at.is_null()))
        .order(sessions::id)
        .select(SessionRow::as_select())
        .into_boxed();
    match close.which {
        Which::One(id) => query = query.filter(sessions::id.eq(id.to_string())),
        Which::All => {}
        Which::Until(until) => query = query.filter(sessions::created_at.le(until.as_millis())),
        Which::Of { identity, asked_by } => {
            let of_another = logins::table
                .filter(logins::id.eq(sessions::login_id))
                .filter(logins::identity_id.ne(identity.to_string()));
            query = query.filter(sessions::id.ne(asked_by.to_string())).filter(not(exists(of_another)));
        }
    }
    let rows: Vec<SessionRow> = query.load(connection).await?;
    Ok(rows.into_iter().map(SessionRow::into_opened).collect::<Result<_, _>>()?)
}

async fn end(connection: &mut Connection, session: &Session, at: Timestamp) -> Result<(), Failure> {
    let unended =
        sessions::table.filter(sessions::id.eq(session.id.to_string())).filter(sessions::ended_at.is_null());
    let change =
        (sessions::ended_at.eq(at.as_millis()), sessions::prune_at.eq(at.plus(LOGIN_KEPT_FOR).as_millis()));
    if diesel::update(unended).set(change).execute(connection).await? != 1 {
        return Err(Failure::Raced);
    }
    let entry = AuditEntry {
        at,
        kind: AuditKind::SessionEnded,
        account: session.account,
        login: Some(session.login),
    };
    audit::record(connection, &entry).await
}
