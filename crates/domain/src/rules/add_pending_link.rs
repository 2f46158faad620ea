//! Adding a pending link: a new login is to link an identity to an account.

use super::{
    corrupt::corrupt,
    retention::pending_link_prune_at,
    rows::{LoginRows, RowResult},
};
use crate::ports::PendingLink;

/// Writes the pending link of a login that has no row. The same link may be added again; any other one is an
/// error.
pub(super) async fn add_pending_link(rows: &mut impl LoginRows, link: &PendingLink) -> RowResult<()> {
    match rows.login_and_pending_link(link.login).await? {
        (None, None) => rows.insert_pending_link(link, pending_link_prune_at(link.login)).await,
        (None, Some(earlier)) if earlier.account == link.account => Ok(()),
        (None, Some(_)) => Err(corrupt("pending_links.account", link.login)),
        (Some(_), _) => Err(corrupt("logins.state", link.login)),
    }
}
