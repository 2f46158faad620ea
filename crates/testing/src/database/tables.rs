//! All tables.

use saoma_domain::{
    account::{AccountId, IdentityId},
    event::EventId,
    journal::{JournalEntry, JournalId},
    login::LoginId,
    message::MessageId,
    oidc::{ClientId, GrantId, Scopes},
    ports::{AuditRecord, CodeHash, MergeId, PendingLink},
    rules::rows::{
        AccountRow, AppProfileRow, AuditChainRow, ConsentRow, EventRow, FunnelRow, GrantRow, IdentityRow,
        LoginRow, MergeRow, MessageRow, OneTimeCodeRow, SessionRow, SigningKeyRow,
    },
    session::SessionId,
    signing::SigningAlgorithm,
    time::Timestamp,
};

use super::table::{Changes, Table};

/// A pending link, and from when on it may be removed.
#[derive(Clone, Debug)]
pub(super) struct PendingLinkRow {
    pub(super) link: PendingLink,
    pub(super) prune_at: Timestamp,
}

/// The tables of a service.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) logins: Table<LoginId, LoginRow>,
    pub(super) pending_links: Table<LoginId, PendingLinkRow>,
    pub(super) accounts: Table<AccountId, AccountRow>,
    pub(super) identities: Table<IdentityId, IdentityRow>,
    pub(super) sessions: Table<SessionId, SessionRow>,
    pub(super) one_time_codes: Table<CodeHash, OneTimeCodeRow>,
    pub(super) messages: Table<MessageId, MessageRow>,
    pub(super) events: Table<EventId, EventRow>,
    /// By all that its rows are counted by.
    pub(super) funnel: Table<String, FunnelRow>,
    pub(super) journal: Table<JournalId, JournalEntry>,
    /// The number of the last event; it is never given again.
    pub(super) last_event: i64,
    /// By their number, in the order in which they were written.
    pub(super) audit: Table<i64, AuditRecord>,
    /// The number of the last record; it is never given again.
    pub(super) last_audit: i64,
    pub(super) audit_chain: Table<(), AuditChainRow>,
    pub(super) merges: Table<MergeId, MergeRow>,
    pub(super) app_profiles: Table<IdentityId, AppProfileRow>,
    pub(super) consents: Table<LoginId, ConsentRow>,
    pub(super) grants: Table<GrantId, GrantRow>,
    pub(super) client_consents: Table<(AccountId, ClientId), Scopes>,
    pub(super) signing_keys: Table<(SigningAlgorithm, u32), SigningKeyRow>,
}

impl Tables {
    pub(super) fn commit(&mut self) {
        self.each(|table| table.commit());
    }

    pub(super) fn roll_back(&mut self) {
        self.each(|table| table.roll_back());
    }

    fn each(&mut self, end: impl Fn(&mut dyn Changes)) {
        let Self {
            logins,
            pending_links,
            accounts,
            identities,
            sessions,
            one_time_codes,
            messages,
            events,
            last_event: _,
            funnel,
            journal,
            audit,
            last_audit: _,
            audit_chain,
            merges,
            app_profiles,
            consents,
            grants,
            client_consents,
            signing_keys,
        } = self;
        let tables: [&mut dyn Changes; 18] = [
            logins,
            pending_links,
            accounts,
            identities,
            sessions,
            one_time_codes,
            messages,
            events,
            funnel,
            journal,
            audit,
            audit_chain,
            merges,
            app_profiles,
            consents,
            grants,
            client_consents,
            signing_keys,
        ];
        tables.into_iter().for_each(end);
    }
}
