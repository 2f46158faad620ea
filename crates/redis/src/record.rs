//! Records in Redis: typed fields in their order, without names.
//!
//! A record does not say of which version it is; the entry that holds it does. Change a record only together with the
//! format of its entry.

use serde::{Deserialize, Serialize};

/// Writes a record.
pub(crate) fn write(record: &impl Serialize) -> Vec<u8> {
    // Fails only for types whose length is unknown, of which no record has any; an empty record is read as none.
    postcard::to_allocvec(record).unwrap_or_default()
}

/// Reads a record; `None` when the bytes are not exactly one.
pub(crate) fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    let (record, rest) = postcard::take_from_bytes(bytes).ok()?;
    rest.is_empty().then_some(record)
}
