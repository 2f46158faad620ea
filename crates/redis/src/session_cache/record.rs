//! How a session is written down: `1 l <last seen> <the rest as a list in JSON>`, `1 c` when its account changed, or
//! `1 e` when it was ended.
//!
//! The `1` is the version of the format, and an entry of another one is taken for absent; it is left in place
//! until its time is over, since it may say that the session was ended.

use saoma_domain::{
    account::{Account, AccountId, Conflict, Identity, IdentityId, PhoneNumber},
    login::{Channel, ClientInfo, LoginId},
    ports::{ActiveSession, CachedSession},
    session::{Session, SessionId},
    text::MalformedText,
    time::Timestamp,
    wechat::{AppName, OpenAccount, OpenId, Profile, RawUnionId, UnionId},
};

/// The entry of a session that was ended.
pub(super) const ENDED: &str = "1 e";

/// The entry of a session whose account changed a moment ago.
pub(super) const CHANGED: &str = "1 c";

/// What an entry has beyond the last use: session, login, when it was made, address and browser of its holder;
/// the account; the identities; the
/// conflicts.
type Rest = (String, String, i64, String, String, Owner, Vec<Person>, Vec<(Person, Owner)>);

/// An account: its id, phone number, when it was made, whether it is shut.
type Owner = (String, String, i64, bool);

/// An identity: its id, app, channel, openid, open account and unionid, nickname, where the picture is, since when
/// the person does not follow.
type Person =
    (String, String, String, String, Option<(String, String)>, Option<String>, Option<String>, Option<i64>);

/// Writes the entry of a session that was not ended.
pub(super) fn write_live(known: &ActiveSession) -> String {
    let ActiveSession { session, account, identities, conflicts } = known;
    let rest = serde_json::json!([
        session.id.to_string(),
        session.login.to_string(),
        session.created_at.as_millis(),
        session.client_info.ip,
        session.client_info.user_agent,
        owner(account),
        identities.iter().map(person).collect::<Vec<_>>(),
        conflicts.iter().map(|found| (person(&found.identity), owner(&found.other))).collect::<Vec<_>>(),
    ]);
    format!("1 l {} {rest}", session.last_seen_at.as_millis())
}

/// Reads an entry; `None` when it is of another format.
pub(super) fn read(entry: &[u8]) -> Option<CachedSession> {
    let entry = std::str::from_utf8(entry).ok()?;
    if entry == ENDED {
        return Some(CachedSession::Ended);
    }
    if entry == CHANGED {
        return Some(CachedSession::Changed);
    }
    let (last_seen_at, rest) = entry.strip_prefix("1 l ")?.split_once(' ')?;
    let rest: Rest = serde_json::from_str(rest).ok()?;
    live(moment(last_seen_at.parse().ok()?), rest).map(CachedSession::Live)
}

fn owner(account: &Account) -> Owner {
    let phone = account.phone.e164().to_owned();
    (account.id.to_string(), phone, account.created_at.as_millis(), account.disabled)
}

fn account((id, phone, created_at, disabled): Owner) -> Option<Account> {
    let (id, phone) = (AccountId::parse(&id)?, PhoneNumber::from_store(&phone)?);
    Some(Account { id, phone, created_at: moment(created_at), disabled })
}

fn person(identity: &Identity) -> serde_json::Value {
    serde_json::json!([
        identity.id.to_string(),
        identity.app.as_str(),
        identity.channel.as_str(),
        identity.openid.as_str(),
        identity.union.as_ref().map(|union| (union.open_account.as_str(), union.unionid.as_str())),
        identity.profile.nickname,
        identity.profile.avatar_url,
        identity.unsubscribed_at.map(Timestamp::as_millis),
    ])
}

fn identity(account: AccountId, person: Person) -> Option<Identity> {
    let (id, app, channel, openid, union, nickname, avatar_url, unsubscribed_at) = person;
    Some(Identity {
        id: IdentityId::parse(&id)?,
        app: AppName::parse(app).ok()?,
        channel: Channel::parse(&channel)?,
        openid: OpenId::parse(openid).ok()?,
        union: union.map(union_of).transpose().ok()?,
        account: Some(account),
        profile: Profile { nickname, avatar_url },
        unsubscribed_at: unsubscribed_at.map(moment),
    })
}

fn union_of((open_account, unionid): (String, String)) -> Result<UnionId, MalformedText> {
    Ok(UnionId { open_account: OpenAccount::parse(open_account)?, unionid: RawUnionId::parse(unionid)? })
}

fn live(last_seen_at: Timestamp, rest: Rest) -> Option<ActiveSession> {
    let (id, login, created_at, ip, user_agent, owner, persons, conflicts) = rest;
    let account = account(owner)?;
    let session = Session {
        id: SessionId::parse(&id)?,
        login: LoginId::from_store(&login)?,
        account: account.id,
        created_at: moment(created_at),
        last_seen_at,
        client_info: ClientInfo { ip, user_agent },
    };
    let identities: Option<_> = persons.into_iter().map(|person| identity(account.id, person)).collect();
    let conflict = |(person, other)| {
        Some(Conflict { identity: identity(account.id, person)?, other: self::account(other)? })
    };
    let conflicts: Option<_> = conflicts.into_iter().map(conflict).collect();
    Some(ActiveSession { session, account, identities: identities?, conflicts: conflicts? })
}

const fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, known_session};

    use super::*;

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        let live = known_session(1, at(0));
        assert_eq!(read(write_live(&live).as_bytes()), Some(CachedSession::Live(live)));
        assert_eq!(read(ENDED.as_bytes()), Some(CachedSession::Ended));
        assert_eq!(read(CHANGED.as_bytes()), Some(CachedSession::Changed));
    }

    #[test]
    fn what_another_version_wrote_is_absent() {
        let live = write_live(&known_session(1, at(0)));
        let absent = [
            String::new(),
            "2 e".to_owned(),
            "1 x".to_owned(),
            "1 e ".to_owned(),
            live.replacen('1', "2", 1),
            live.replacen('l', "x", 1),
            live.replacen("1 l ", "1 l x", 1),
            live.replace("false", "0"),
            live.replace("false", "false,1"),
            live.replace("+86", "86"),
            live.replace("website", "telepathy"),
            live.trim_end_matches(']').to_owned(),
        ];
        for entry in absent {
            assert_eq!(read(entry.as_bytes()), None, "{entry}");
        }
        assert_eq!(read(b"\xff"), None);
    }
}
