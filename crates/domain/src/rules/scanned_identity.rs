//! The identity that scanned: what a scan tells about it, and until when it is kept.

use super::{
    corrupt::corrupt,
    link_identity::{Link, insert_linked_identity, link_identity},
    notices::told_until,
    outbox::tell,
    rows::{AuditRows, IdentityChange, IdentityRow, IdentityRows, RowResult},
    scan_destination::Destination,
};
use crate::{
    event::{Event, EventKind},
    login::Channel,
    ports::Scan,
    time::Timestamp,
};

/// Writes the identity if it is new, else what the scan tells about it, and links it where the scan leads it to an
/// account. One that stays without an account is kept until `prune_at`, as long as the login that needs it.
pub(super) async fn write_scanned_identity(
    rows: &mut (impl IdentityRows + AuditRows),
    scan: &Scan,
    person: Option<&IdentityRow>,
    destination: Destination,
    prune_at: Timestamp,
) -> RowResult<()> {
    let identity = person.map_or(scan.new_identity, |row| row.identity.id);
    let link = destination.links_to();
    let app = || scan.app.clone();
    let link = link.map(|terms| Link { identity, app: app(), terms, login: scan.login, at: scan.at });
    let Some(person) = person else {
        let row = first_seen(scan, prune_at);
        return match link {
            Some(link) => insert_linked_identity(rows, row, &link).await,
            None => rows.insert_identity(&row).await,
        };
    };
    let news = news(scan, person);
    if news != IdentityChange::default() {
        rows.update_identity(identity, &news).await?;
    }
    if news.follows_again {
        let account = person.identity.account.or(destination.account());
        let event = Event::new(EventKind::IdentityFollowed, scan.at);
        tell(rows, Event { account, identity: Some(identity), app: Some(app()), ..event }).await?;
    }
    link_or_keep(rows, person, link, prune_at).await
}

/// Links a known identity, or keeps it as long as the login that needs it, where it has no account.
pub(super) async fn link_or_keep(
    rows: &mut (impl IdentityRows + AuditRows),
    person: &IdentityRow,
    link: Option<Link>,
    prune_at: Timestamp,
) -> RowResult<()> {
    let identity = person.identity.id;
    match link {
        Some(link) => link_identity(rows, &link).await,
        None if person.identity.account.is_some() => Ok(()),
        None => {
            let read = person.prune_at.ok_or_else(|| corrupt("identities.prune_at", identity))?;
            rows.keep_identity(identity, read, read.max(prune_at)).await
        }
    }
}

/// Returns the row of a person who scans for the first time.
fn first_seen(scan: &Scan, prune_at: Timestamp) -> IdentityRow {
    IdentityRow {
        identity: scan.first_seen(),
        created_at: scan.at,
        linked_at: None,
        prune_at: Some(prune_at),
        probation_until: None,
        notice_until: None,
    }
}

/// Returns what a scan tells that was not known; what it does not tell stays as it is. Only a scan of an official
/// account's code says that the person follows: one can authorize without following.
fn news(scan: &Scan, row: &IdentityRow) -> IdentityChange {
    let known = &row.identity;
    let new = |told: &Option<String>, known: &Option<String>| told.clone().filter(|_| told != known);
    IdentityChange {
        union: scan.union.clone().filter(|union| known.union.as_ref() != Some(union)),
        nickname: new(&scan.profile.nickname, &known.profile.nickname),
        avatar_url: new(&scan.profile.avatar_url, &known.profile.avatar_url),
        follows_again: scan.channel == Channel::OfficialAccount && known.unsubscribed_at.is_some(),
        notice_until: told_until(row, scan.at).filter(|_| scan.channel == Channel::OfficialAccount),
        probation_until: None,
    }
}
