//! How a session is stored: `1 l <last use> <record>` for a live one, `1 i` for an invalidated one, `1 e` for one that
//! has ended.
//!
//! The `1` is the version of the format. An entry of another format counts as absent, but stays until it expires: it may
//! say that the session has ended.

use saoma_domain::{
    ports::{ActiveSession, CachedSession},
    time::Timestamp,
};

use super::session_record::SessionRecord;
use crate::record;

/// The entry of an invalidated session.
pub(super) const INVALIDATED: &str = "1 i";

/// The entry of a session that has ended.
pub(super) const ENDED: &str = "1 e";

const LIVE: &str = "1 l ";

/// Writes the entry of a live session. The last use stands before the record, so that a script can replace it.
pub(super) fn write_live(known: &ActiveSession) -> Vec<u8> {
    let head = format!("{LIVE}{} ", known.session.last_seen_at.as_millis());
    [head.into_bytes(), record::write(&SessionRecord::from(known))].concat()
}

/// Reads an entry; `None` when it is of another format.
pub(super) fn read(entry: &[u8]) -> Option<CachedSession> {
    if entry == ENDED.as_bytes() {
        return Some(CachedSession::Ended);
    }
    if entry == INVALIDATED.as_bytes() {
        return Some(CachedSession::Invalidated);
    }
    let rest = entry.strip_prefix(LIVE.as_bytes())?;
    let end = rest.iter().position(|&byte| byte == b' ')?;
    let (last_use, record) = rest.split_at_checked(end)?;
    let last_seen_at = std::str::from_utf8(last_use).ok()?.parse().ok().map(Timestamp::from_millis)?;
    let record: SessionRecord = record::read(record.get(1..)?)?;
    record.into_known(last_seen_at).map(CachedSession::Live)
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, known_session};

    use super::*;

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        let live = known_session(1, at(0));
        assert_eq!(read(&write_live(&live)), Some(CachedSession::Live(live)));
        assert_eq!(read(ENDED.as_bytes()), Some(CachedSession::Ended));
        assert_eq!(read(INVALIDATED.as_bytes()), Some(CachedSession::Invalidated));
    }

    #[test]
    fn an_entry_of_another_format_is_absent() {
        let live = write_live(&known_session(1, at(0)));
        let replaced = |from: &str, to: &str| {
            let at = live.windows(from.len()).position(|bytes| bytes == from.as_bytes()).unwrap();
            [&live[..at], to.as_bytes(), &live[at + from.len()..]].concat()
        };
        assert!(read(&replaced("1 l ", "1 l ")).is_some());
        let absent = [
            vec![],
            b"2 e".to_vec(),
            b"1 x".to_vec(),
            b"1 e ".to_vec(),
            b"1 l ".to_vec(),
            b"\xff".to_vec(),
            replaced("1 l ", "2 l "),
            replaced("1 l ", "1 x "),
            replaced("1 l ", "1 l x"),
            replaced("+8613", "08613"),
            replaced("website", "telepat"),
            replaced("main", "MAI\u{0}"),
            [live.as_slice(), b"x"].concat(),
            live[..live.len() - 1].to_vec(),
        ];
        for entry in absent {
            assert_eq!(read(&entry), None, "{}", entry.escape_ascii());
        }
    }
}
