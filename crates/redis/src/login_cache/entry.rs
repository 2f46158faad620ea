//! How a login is stored: `2 <until> <version> <bytes of the state>\n<sealed state><sealed context>`.
//!
//! The scripts read format, deadline and version; a node believes only what is sealed. Version `0` without a state is a
//! login without an outcome. An entry of another format counts as absent, as any cached entry may be. While nodes of two
//! formats run side by side, each overwrites what the other wrote.

use saoma_domain::{
    login::{LoginContext, LoginId},
    ports::CachedLogin,
    time::Timestamp,
};

use super::{context, state};
use crate::sealing::Sealer;

/// The version of the format.
const FORMAT: &str = "2";

/// How many bytes an entry has at most before its context.
pub(super) const HEAD_BYTES: usize = 160;

/// An entry that has not expired, taken apart.
struct Entry<'a> {
    version: u32,
    state: &'a [u8],
    context: &'a [u8],
}

impl<'a> Entry<'a> {
    fn parse(entry: &'a [u8], now: Timestamp) -> Option<Self> {
        let end = entry.iter().position(|&byte| byte == b'\n')?;
        let (head, rest) = entry.split_at_checked(end)?;
        let mut words = std::str::from_utf8(head).ok()?.split(' ');
        let has_our_format = words.next()? == FORMAT;
        let until = words.next()?.parse().ok().map(Timestamp::from_millis)?;
        let version = words.next()?.parse().ok()?;
        let length = words.next()?.parse().ok()?;
        let (state, context) = rest.get(1..)?.split_at_checked(length)?;
        (has_our_format && words.next().is_none() && now < until).then_some(Self { version, state, context })
    }
}

/// Reads what is cached of a login's state from the first [`HEAD_BYTES`] of its entry.
pub(super) fn read(sealer: &Sealer, id: LoginId, entry: &[u8], now: Timestamp) -> CachedLogin {
    match Entry::parse(entry, now) {
        Some(Entry { version: 0, state: [], .. }) => CachedLogin::Open,
        Some(Entry { state, .. }) => {
            state::read(sealer, id, state).map_or(CachedLogin::Absent, CachedLogin::Outcome)
        }
        None => CachedLogin::Absent,
    }
}

/// Reads the context from an entry.
pub(super) fn read_context(
    sealer: &Sealer,
    id: LoginId,
    entry: &[u8],
    now: Timestamp,
) -> Option<LoginContext> {
    context::read(sealer, id, Entry::parse(entry, now)?.context)
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, login, longest_context};
    use saoma_domain::login::{ExpiryReason, Login, LoginState};

    use super::*;
    use crate::sealing::tests::sealer;

    fn entry(head: &str, rest: &[u8]) -> Vec<u8> {
        [head.as_bytes(), b"\n", rest].concat()
    }

    fn outcome() -> Login {
        let state = LoginState::Expired { reason: ExpiryReason::Timeout, since: at(1) };
        Login { id: login(1), version: 2, state }
    }

    #[test]
    fn the_longest_state_fits_the_head() {
        for state in state::tests::states() {
            let sealed = state::write(&sealer(), &Login { version: u32::MAX, state, ..outcome() });
            let head = format!("{FORMAT} {} {} {}\n", i64::MIN, u32::MAX, sealed.len());
            assert!(head.len() + sealed.len() <= HEAD_BYTES, "{}", head.len() + sealed.len());
        }
    }

    #[test]
    fn an_entry_of_another_format_is_absent() {
        let (sealer, until) = (sealer(), at(9).as_millis());
        let sealed = state::write(&sealer, &outcome());
        let length = sealed.len();
        let absent = [
            entry(&format!("1 {until} 2 {length}"), &sealed),
            entry(&format!("2 {until} 2 {length} x"), &sealed),
            entry(&format!("2 {until} 2 {}", length - 1), &sealed),
            entry(&format!("2 {until} 2 {}", length + 1), &sealed),
            entry(&format!("2 {until} 2 0"), b""),
            entry(&format!("2 {until} -1 {length}"), &sealed),
            entry(&format!("2 x 2 {length}"), &sealed),
            entry(&format!("1 {until} 2 e timeout 1"), b""),
            format!("2 {until} 2 {length}").into_bytes(),
            b"\xff\n".to_vec(),
            vec![],
        ];
        for entry in absent {
            assert_eq!(
                read(&sealer, login(1), &entry, at(0)),
                CachedLogin::Absent,
                "{}",
                entry.escape_ascii()
            );
        }
        let sound = entry(&format!("2 {until} 2 {length}"), &sealed);
        assert_eq!(read(&sealer, login(1), &sound, at(0)), CachedLogin::Outcome(outcome()));
    }

    #[test]
    fn an_expired_entry_is_absent() {
        let open = entry(&format!("2 {} 0 0", at(9).as_millis()), b"");
        assert_eq!(read(&sealer(), login(1), &open, at(8)), CachedLogin::Open);
        assert_eq!(read(&sealer(), login(1), &open, at(9)), CachedLogin::Absent);
    }

    #[test]
    fn a_context_is_found_behind_the_state() {
        let (sealer, context) = (sealer(), longest_context("\n"));
        let sealed = [state::write(&sealer, &outcome()), context::write(&sealer, login(1), &context)];
        let head = format!("2 {} 2 {}", at(9).as_millis(), sealed[0].len());
        let entry = entry(&head, &sealed.concat());
        assert_eq!(read_context(&sealer, login(1), &entry, at(0)), Some(context));
        assert_eq!(read_context(&sealer, login(1), &entry, at(9)), None);
    }
}
