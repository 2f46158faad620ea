//! All tables.

use saoma_domain::{
    account::{AccountId, IdentityId},
    actor::Actor,
    login::LoginId,
    message::MessageId,
    ports::{AuditEntry, CodeHash, MergeId, PendingLink},
    rules::rows::{AccountRow, IdentityRow, LoginRow, MergeRow, MessageRow, OneTimeCodeRow, SessionRow},
    session::SessionId,
    time::Timestamp,
};

use super::table::Table;

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
    /// By their number, in the order in which they were written.
    pub(super) audit: Table<usize, AuditEntry>,
    /// Who did what an entry says, by its number; only where it was another one than the owner.
    pub(super) actors: Table<usize, Actor>,
    pub(super) merges: Table<MergeId, MergeRow>,
}

impl Tables {
    pub(super) fn commit(&mut self) {
        let Self {
            logins,
            pending_links,
            accounts,
            identities,
            sessions,
            one_time_codes,
            messages,
            audit,
            actors,
            merges,
        } = self;
        logins.commit();
        pending_links.commit();
        accounts.commit();
        identities.commit();
        sessions.commit();
        one_time_codes.commit();
        messages.commit();
        audit.commit();
        actors.commit();
        merges.commit();
    }

    pub(super) fn roll_back(&mut self) {
        let Self {
            logins,
            pending_links,
            accounts,
            identities,
            sessions,
            one_time_codes,
            messages,
            audit,
            actors,
            merges,
        } = self;
        logins.roll_back();
        pending_links.roll_back();
        accounts.roll_back();
        identities.roll_back();
        sessions.roll_back();
        one_time_codes.roll_back();
        messages.roll_back();
        audit.roll_back();
        actors.roll_back();
        merges.roll_back();
    }
}
