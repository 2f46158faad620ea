//! How the two databases say the same.

use std::ops::Range;

use crate::{logins::OldSession, scans::now};

/// The words in which two databases differ.
pub(super) struct Dialect {
    /// The numbers `n` from `{from}` to before `{to}`, as what is selected from.
    series: &'static str,
    /// `n` as twelve hexadecimal digits; as nine, 22 and 32 decimal ones.
    hexadecimal: &'static str,
    digits_9: &'static str,
    digits_22: &'static str,
    digits_32: &'static str,
    /// 32 bytes that differ for each `n` and for each kind of session.
    hash: &'static str,
    /// The bytes that `{hex}` says.
    bytes: &'static str,
    no: &'static str,
}

pub(super) const SQLITE: Dialect = Dialect {
    series: "(WITH RECURSIVE numbers (n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {to}) \
             SELECT n FROM numbers) AS numbers",
    hexadecimal: "printf('%012x', n)",
    digits_9: "printf('%09d', n)",
    digits_22: "printf('%022d', n)",
    digits_32: "printf('%032d', n)",
    hash: "randomblob(32)",
    bytes: "x'{hex}'",
    no: "0",
};

pub(super) const POSTGRES: Dialect = Dialect {
    series: "generate_series({from}, {to} - 1) AS numbers (n)",
    hexadecimal: "lpad(to_hex(n), 12, '0')",
    digits_9: "lpad(n::text, 9, '0')",
    digits_22: "lpad(n::text, 22, '0')",
    digits_32: "lpad(n::text, 32, '0')",
    hash: "sha256(('{kind}' || n)::bytea)",
    bytes: "decode('{hex}', 'hex')",
    no: "false",
};

/// Who is there already stays. Without the condition SQLite would take `ON` for a part of a join.
const ONCE: &str = "WHERE true ON CONFLICT DO NOTHING";

impl Dialect {
    fn from(&self, numbers: &Range<u64>) -> String {
        let series = self.series.replace("{from}", &numbers.start.to_string());
        series.replace("{to}", &numbers.end.to_string())
    }

    pub(super) fn accounts(&self, numbers: Range<u64>) -> String {
        let Self { hexadecimal, digits_9, no, .. } = self;
        let (from, now) = (self.from(&numbers), now().as_millis());
        format!(
            "INSERT INTO saoma_accounts (id, phone, external_id, created_at, disabled, last_seen_at) \
             SELECT '00000000-0000-7000-8000-' || {hexadecimal}, '+8613' || {digits_9}, 'c' || {digits_9}, {now}, {no}, {now} \
             FROM {from} {ONCE}"
        )
    }

    pub(super) fn identities(&self, numbers: Range<u64>) -> String {
        let Self { hexadecimal, digits_22, .. } = self;
        let (from, now) = (self.from(&numbers), now().as_millis());
        format!(
            "INSERT INTO saoma_identities (id, app, channel, openid, account_id, created_at, linked_at) \
             SELECT '00000000-0000-7000-9000-' || {hexadecimal}, 'main', 'official_account', \
             'oBench' || {digits_22}, '00000000-0000-7000-8000-' || {hexadecimal}, {now}, {now} FROM {from} {ONCE}"
        )
    }

    pub(super) fn sessions(&self, numbers: Range<u64>, are_past: bool) -> String {
        let Self { hexadecimal, digits_32, hash, .. } = self;
        let (from, now) = (self.from(&numbers), now().as_millis());
        // Past ones belong to accounts that there are not: a session has no foreign key.
        let (kind, prune_at) = if are_past { ("b000", 1) } else { ("a000", now + 30 * 86_400_000) };
        let login = if are_past { format!("'p' || substr({digits_32}, 2)") } else { (*digits_32).to_owned() };
        let hash = hash.replace("{kind}", kind);
        let account = if are_past { "c000" } else { "8000" };
        format!(
            "INSERT INTO saoma_sessions (id, login_id, token_hash, account_id, created_at, last_seen_at, ip, user_agent, \
             prune_at) SELECT '00000000-0000-7000-{kind}-' || {hexadecimal}, {login}, {hash}, \
             '00000000-0000-7000-{account}-' || {hexadecimal}, {now}, {now}, '127.0.0.1', 'bench/1', {prune_at} FROM {from} {ONCE}"
        )
    }

    /// The rows of sessions whose tokens are known.
    pub(super) fn known_sessions(&self, sessions: &[OldSession]) -> String {
        let now = now().as_millis();
        let prune_at = now + 30 * 86_400_000;
        let rows = sessions.iter().map(|OldSession { number, login, account, hash, .. }| {
            let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            let hash = self.bytes.replace("{hex}", &hex);
            format!(
                "('00000000-0000-7000-d000-{number:012x}', '{login}', {hash}, '{account}', {now}, {now}, '127.0.0.1', \
                 'bench/1', {prune_at})"
            )
        });
        let rows = rows.collect::<Vec<_>>().join(", ");
        format!(
            "INSERT INTO saoma_sessions (id, login_id, token_hash, account_id, created_at, last_seen_at, ip, user_agent, \
             prune_at) VALUES {rows}"
        )
    }
}
