//! How a login is stored: `1 <until> <version> <state>\n<context>`.
//!
//! The scripts read format, deadline and version; version `0` with an empty state is a login without an outcome. An
//! entry of another format counts as absent, as any cached entry may be. While nodes of two formats run side by side,
//! each overwrites what the other wrote.

use saoma_domain::{
    login::{Login, LoginContext, LoginId},
    ports::CachedLogin,
    time::Timestamp,
};

use super::{context, state};

/// The version of the format.
const FORMAT: &str = "1";

/// How many bytes an entry has at most before its context.
pub(super) const HEAD_BYTES: usize = 160;

/// An entry that has not expired, taken apart.
struct Entry<'a> {
    version: u32,
    state: &'a str,
    context: &'a [u8],
}

impl<'a> Entry<'a> {
    fn parse(entry: &'a [u8], now: Timestamp) -> Option<Self> {
        let end = entry.iter().position(|&byte| byte == b'\n')?;
        let (head, context) = entry.split_at_checked(end)?;
        let mut words = std::str::from_utf8(head).ok()?.splitn(4, ' ');
        let has_our_format = words.next()? == FORMAT;
        let until = words.next()?.parse().ok().map(Timestamp::from_millis)?;
        let version = words.next()?.parse().ok()?;
        let state = words.next()?;
        (has_our_format && now < until).then_some(Self { version, state, context: context.get(1..)? })
    }
}

/// Reads what is cached of a login's state from the first [`HEAD_BYTES`] of its entry.
pub(super) fn read(id: LoginId, entry: &[u8], now: Timestamp) -> CachedLogin {
    let Some(Entry { version, state, .. }) = Entry::parse(entry, now) else {
        return CachedLogin::Absent;
    };
    match (version, state::read(state)) {
        (0, None) if state.is_empty() => CachedLogin::Open,
        (1.., Some(state)) => CachedLogin::Outcome(Login { id, version, state }),
        (0, None | Some(_)) | (1.., None) => CachedLogin::Absent,
    }
}

/// Reads the context from an entry.
pub(super) fn read_context(entry: &[u8], now: Timestamp) -> Option<LoginContext> {
    context::read(Entry::parse(entry, now)?.context)
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, login, longest_context, new_account_id};
    use saoma_domain::login::LoginState;

    use super::*;

    fn entry(head: &str, context: &[u8]) -> Vec<u8> {
        [head.as_bytes(), b"\n", context].concat()
    }

    #[test]
    fn the_longest_state_fits_the_head() {
        let end = Timestamp::from_millis(i64::MIN);
        let state = LoginState::Registered { account: new_account_id(at(0)), since: end, collect_by: end };
        let head = format!("{FORMAT} {} {} {}\n", i64::MIN, u32::MAX, state::write(&state));
        assert!(head.len() <= HEAD_BYTES, "{}", head.len());
    }

    #[test]
    fn an_entry_of_another_format_is_absent() {
        let (id, until) = (login(1), at(9).as_millis());
        let absent = [
            entry(&format!("2 {until} 2 e timeout 1"), b""),
            entry(&format!("1 {until} 2 x timeout 1"), b""),
            entry(&format!("1 {until} 2 e tired 1"), b""),
            entry(&format!("1 {until} 2 "), b""),
            entry(&format!("1 {until} 0 e timeout 1"), b""),
            entry(&format!("1 {until} -1 e timeout 1"), b""),
            entry("1 x 2 e timeout 1", b""),
            format!("1 {until} 2 e timeout 1").into_bytes(),
            b"\xff\n".to_vec(),
            vec![],
        ];
        for entry in absent {
            assert_eq!(read(id, &entry, at(0)), CachedLogin::Absent, "{}", entry.escape_ascii());
        }
        assert_ne!(read(id, &entry(&format!("1 {until} 2 e timeout 1"), b""), at(0)), CachedLogin::Absent);
    }

    #[test]
    fn an_expired_entry_is_absent() {
        let open = entry(&format!("1 {} 0 ", at(9).as_millis()), b"");
        assert_eq!(read(login(1), &open, at(8)), CachedLogin::Open);
        assert_eq!(read(login(1), &open, at(9)), CachedLogin::Absent);
    }

    #[test]
    fn a_context_is_found_behind_the_head() {
        let context = longest_context("\n");
        let written = context::write(&context);
        let entry = entry(&format!("1 {} 0 ", at(9).as_millis()), &written);
        assert_eq!(read_context(&entry, at(0)), Some(context));
        assert_eq!(read_context(&entry, at(9)), None);
    }
}
