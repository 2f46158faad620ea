//! How a login is written down: `1 <until> <version> <state>\n<context>`, the scripts know the first three.
//!
//! The `1` is the version of the format; an entry of another one is taken for absent, as the cache may be at
//! any moment. While nodes of two versions run side by side, each overwrites what the other wrote.

use saoma_domain::{
    account::{AccountId, IdentityId},
    login::{Channel, ClientInfo, ExpiryReason, Login, LoginContext, LoginId, LoginState, ScenePurpose},
    ports::CachedLogin,
    time::Timestamp,
    wechat::AppName,
};

const FORMAT: &str = "1";

/// How long an entry is at the most up to its context.
pub(super) const HEAD_BYTES: usize = 160;

/// Writes a state, without spaces at its ends and without a line break.
pub(super) fn write_state(state: &LoginState) -> String {
    match state {
        LoginState::Loop { deadline } => format!("l {}", deadline.as_millis()),
        LoginState::Unregistered { identity, deadline } => format!("u {identity} {}", deadline.as_millis()),
        LoginState::Registered { account, since, collect_by } => {
            format!("r {account} {} {}", since.as_millis(), collect_by.as_millis())
        }
        LoginState::Expired { reason, since } => format!("e {} {}", reason.as_str(), since.as_millis()),
    }
}

fn read_state(text: &str) -> Option<LoginState> {
    let words: Vec<&str> = text.split(' ').collect();
    Some(match *words.as_slice() {
        ["l", deadline] => LoginState::Loop { deadline: moment(deadline)? },
        ["u", identity, deadline] => {
            LoginState::Unregistered { identity: IdentityId::parse(identity)?, deadline: moment(deadline)? }
        }
        ["r", account, since, collect_by] => LoginState::Registered {
            account: AccountId::parse(account)?,
            since: moment(since)?,
            collect_by: moment(collect_by)?,
        },
        ["e", reason, since] => {
            LoginState::Expired { reason: ExpiryReason::parse(reason)?, since: moment(since)? }
        }
        _ => return None,
    })
}

/// Reads what the cache says of a login from the beginning of its entry, or from nothing.
pub(super) fn read(id: LoginId, entry: &[u8], now: Timestamp) -> CachedLogin {
    let Some((version, state, _)) = parts(entry, now) else {
        return CachedLogin::Absent;
    };
    match (version, read_state(state)) {
        (0, None) if state.is_empty() => CachedLogin::Open,
        (1.., Some(state)) => CachedLogin::Outcome(Login { id, version, state }),
        (0, None | Some(_)) | (1.., None) => CachedLogin::Absent,
    }
}

/// Writes a context as a list in JSON: the names of its parts would be half of it.
pub(super) fn write_context(context: &LoginContext) -> String {
    let LoginContext { channel, app, purpose, client_info, return_to } = context;
    let (channel, app, purpose) = (channel.as_str(), app.to_string(), purpose.to_string());
    serde_json::json!([channel, app, purpose, client_info.ip, client_info.user_agent, return_to]).to_string()
}

/// Reads the context from an entry.
pub(super) fn read_context(entry: &[u8], now: Timestamp) -> Option<LoginContext> {
    let (_, _, context) = parts(entry, now)?;
    let (channel, app, purpose, ip, user_agent, return_to): (String, String, String, String, String, _) =
        serde_json::from_slice(context).ok()?;
    Some(LoginContext {
        channel: Channel::parse(&channel)?,
        app: AppName::parse(&app).ok()?,
        purpose: ScenePurpose::parse(&purpose).ok()?,
        client_info: ClientInfo { ip, user_agent },
        return_to,
    })
}

/// Takes an entry that is not over apart, into version, state and context.
fn parts(entry: &[u8], now: Timestamp) -> Option<(u32, &str, &[u8])> {
    let end = entry.iter().position(|&byte| byte == b'\n')?;
    let (head, context) = entry.split_at_checked(end)?;
    let mut words = std::str::from_utf8(head).ok()?.splitn(4, ' ');
    let is_ours = words.next()? == FORMAT;
    let until = moment(words.next()?)?;
    let version = words.next()?.parse().ok()?;
    let state = words.next()?;
    (is_ours && now < until).then_some((version, state, context.get(1..)?))
}

fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok().map(Timestamp::from_millis)
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, client_info, login, new_account_id};

    use super::*;

    fn entry(head: &str, context: &str) -> Vec<u8> {
        format!("{head}\n{context}").into_bytes()
    }

    #[test]
    fn the_longest_state_fits_the_head() {
        let end = Timestamp::from_millis(i64::MIN);
        let state = LoginState::Registered { account: new_account_id(at(0)), since: end, collect_by: end };
        let head = format!("{FORMAT} {} {} {}\n", i64::MIN, u32::MAX, write_state(&state));
        assert!(head.len() <= HEAD_BYTES, "{}", head.len());
        assert_eq!(read_state(&write_state(&state)), Some(state));
    }

    #[test]
    fn what_another_version_wrote_is_absent() {
        let (id, until) = (login(1), at(9).as_millis());
        let absent = [
            entry(&format!("2 {until} 2 e timeout 1"), ""),
            entry(&format!("1 {until} 2 x timeout 1"), ""),
            entry(&format!("1 {until} 2 e tired 1"), ""),
            entry(&format!("1 {until} 2 "), ""),
            entry(&format!("1 {until} 0 e timeout 1"), ""),
            entry(&format!("1 {until} -1 e timeout 1"), ""),
            entry("1 x 2 e timeout 1", ""),
            format!("1 {until} 2 e timeout 1").into_bytes(),
            b"\xff\n".to_vec(),
            vec![],
        ];
        for entry in absent {
            assert_eq!(read(id, &entry, at(0)), CachedLogin::Absent, "{}", entry.escape_ascii());
        }
        assert_ne!(read(id, &entry(&format!("1 {until} 2 e timeout 1"), ""), at(0)), CachedLogin::Absent);
    }

    #[test]
    fn an_entry_that_is_over_is_absent() {
        let open = entry(&format!("1 {} 0 ", at(9).as_millis()), "");
        assert_eq!(read(login(1), &open, at(8)), CachedLogin::Open);
        assert_eq!(read(login(1), &open, at(9)), CachedLogin::Absent);
    }

    #[test]
    fn a_context_of_another_kind_is_none() {
        let context = LoginContext {
            channel: Channel::Website,
            app: AppName::parse("main").unwrap(),
            purpose: ScenePurpose::default(),
            client_info: client_info(),
            return_to: Some("/\n".to_owned()),
        };
        let written = write_context(&context);
        let head = format!("1 {} 0 ", at(9).as_millis());
        assert_eq!(read_context(&entry(&head, &written), at(0)), Some(context));
        for other in [String::new(), "{}".to_owned(), written.replace("website", "telepathy")] {
            assert_eq!(read_context(&entry(&head, &other), at(0)), None, "{other}");
        }
    }
}
