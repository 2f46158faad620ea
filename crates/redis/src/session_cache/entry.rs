//! How a session is stored: `2l` and a sealed record for a live one, `2i` for an invalidated one, `2e` for one that has
//! ended.
//!
//! The `2` is the version of the format. An entry of another format counts as absent, but stays until it expires: it may
//! say that the session has ended. The record says itself until when it is valid, so that a copy which is put back into
//! Redis is not believed for longer.

use std::sync::Arc;

use saoma_domain::{
    keys::Purpose,
    ports::{ActiveSession, CachedSession},
    session::SessionTokenHash,
    time::Timestamp,
};

use super::session_record::SessionRecord;
use crate::{record, sealing::Sealer};

/// The entry of an invalidated session.
pub(super) const INVALIDATED: &str = "2i";

/// The entry of a session that has ended.
pub(super) const ENDED: &str = "2e";

const LIVE: &[u8] = b"2l";

/// Writes the entry of a live session.
pub(super) fn write_live(
    sealer: &Sealer,
    token_hash: &SessionTokenHash,
    known: &ActiveSession,
    until: Timestamp,
) -> Vec<u8> {
    let plain = record::write(&(until.as_millis(), SessionRecord::from(known)));
    [LIVE, &sealer.seal(Purpose::CachedSession, token_hash.as_bytes(), &plain)].concat()
}

/// Reads an entry; `None` when it is of another format, has expired, or was not sealed for the session with this token.
pub(super) fn read(
    sealer: &Sealer,
    token_hash: &SessionTokenHash,
    entry: &[u8],
    now: Timestamp,
) -> Option<CachedSession> {
    if entry == ENDED.as_bytes() {
        return Some(CachedSession::Ended);
    }
    if entry == INVALIDATED.as_bytes() {
        return Some(CachedSession::Invalidated);
    }
    let sealed = entry.strip_prefix(LIVE)?;
    let plain = sealer.open(Purpose::CachedSession, token_hash.as_bytes(), sealed)?;
    let (until, record): (i64, SessionRecord) = record::read(&plain)?;
    let until = Timestamp::from_millis(until);
    if until <= now {
        return None;
    }
    record.into_known().map(|active| CachedSession::Live { active: Arc::new(active), until })
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, known_session, token_hash};

    use super::*;
    use crate::sealing::tests::sealer;

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        let (sealer, hash, live) = (sealer(), token_hash(1), known_session(1, at(0)));
        let entry = write_live(&sealer, &hash, &live, at(60));
        let read = |entry: &[u8]| read(&sealer, &hash, entry, at(59));
        assert_eq!(read(&entry), Some(CachedSession::Live { active: Arc::new(live), until: at(60) }));
        assert_eq!(read(ENDED.as_bytes()), Some(CachedSession::Ended));
        assert_eq!(read(INVALIDATED.as_bytes()), Some(CachedSession::Invalidated));
        for other in
            [b"".as_slice(), b"2", b"2l", b"2e ", b"1 e", b"\xff", &entry[1..], &entry[..entry.len() - 1]]
        {
            assert_eq!(read(other), None, "{}", other.escape_ascii());
        }
    }

    #[test]
    fn an_entry_that_is_put_back_is_not_believed_after_its_time() {
        let (sealer, hash) = (sealer(), token_hash(1));
        let entry = write_live(&sealer, &hash, &known_session(1, at(0)), at(60));
        assert_eq!(read(&sealer, &hash, &entry, at(60)), None);
    }

    #[test]
    fn an_entry_is_believed_for_its_own_session_only() {
        let sealer = sealer();
        let entry = write_live(&sealer, &token_hash(1), &known_session(1, at(0)), at(60));
        assert_eq!(read(&sealer, &token_hash(2), &entry, at(0)), None);
    }

    #[test]
    fn an_entry_with_an_impossible_field_is_absent() {
        let (sealer, hash) = (sealer(), token_hash(1));
        let plain = record::write(&(at(60).as_millis(), SessionRecord::from(&known_session(1, at(0)))));
        let read = |plain: &[u8]| {
            let sealed = sealer.seal(Purpose::CachedSession, hash.as_bytes(), plain);
            read(&sealer, &hash, &[LIVE, &sealed].concat(), at(0))
        };
        assert!(read(&plain).is_some());
        let replaced = |from: &str, to: &str| {
            let at = plain.windows(from.len()).position(|bytes| bytes == from.as_bytes()).unwrap();
            [&plain[..at], to.as_bytes(), &plain[at + from.len()..]].concat()
        };
        for changed in
            [replaced("+8613", "08613"), replaced("website", "telepat"), replaced("main", "MAI\u{0}")]
        {
            assert_eq!(read(&changed), None);
        }
        assert_eq!(read(&[plain.as_slice(), b"x"].concat()), None);
    }
}
