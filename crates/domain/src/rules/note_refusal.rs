//! Noting a refusal: a login that ended because the person said no, or is not let in, is in the trail and told to webhooks.

use super::{
    outbox::tell,
    rows::{AuditRows, RowResult},
};
use crate::{
    account::AccountId,
    event::{Event, EventKind},
    login::{ClientInfo, LoginId},
    ports::{AuditKind, AuditNote},
    time::Timestamp,
    wechat::AppName,
};

/// A login that was refused.
pub(super) struct RefusedLogin<'a> {
    pub(super) login: LoginId,
    /// The app that identified the person, where that is known.
    pub(super) app: Option<&'a AppName>,
    /// Why, in one word of the trail and of the event.
    pub(super) why: &'a str,
    pub(super) at: Timestamp,
}

/// Writes a refusal into the trail and the outbox.
pub(super) async fn note_refusal(rows: &mut impl AuditRows, refused: RefusedLogin<'_>) -> RowResult<()> {
    note_refusal_by(rows, refused, None, &ClientInfo::default()).await
}

/// As [`note_refusal`], with the account of the person who refused, and the client that had asked for the login.
pub(super) async fn note_refusal_by(
    rows: &mut impl AuditRows,
    RefusedLogin { login, app, why, at }: RefusedLogin<'_>,
    account: Option<AccountId>,
    client: &ClientInfo,
) -> RowResult<()> {
    let (login, why) = (Some(login), Some(why.to_owned()));
    let note = AuditNote::new(AuditKind::LoginRefused, at);
    let note = AuditNote { account, login, client: client.clone(), outcome: why.clone(), ..note };
    rows.insert_audit_note(&note.plain()).await?;
    let event = Event::new(EventKind::LoginDenied, at);
    tell(rows, Event { account, login, app: app.cloned(), detail: why, ..event }).await
}
