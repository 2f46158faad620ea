//! Logins as the database has them: what a scan, a binding or a cancellation led to.

mod answer;
mod binding;
mod scan;

use async_trait::async_trait;

use super::StoreError;
use crate::{
    consent::Consent,
    login::{Login, LoginEvent, LoginId},
    time::Timestamp,
    wechat::{AppName, OpenId},
};

pub use self::{answer::*, binding::*, scan::*};
pub use crate::sms::BindingProof;

/// Stores what happens to logins.
///
/// Each method is one transaction, and what it returned as done MUST be durable. Every change MUST be a
/// compare-and-set: with any number of callers at once on any number of nodes, one of them changes the login
/// and the others are told what it led to. A login has no row until something happened to it.
///
/// The decisions are those of [`crate::rules`], which make this port for every store of rows.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Logins: Send + Sync {
    /// Stores the pending link of a new login. The login stays as it is, and [`Logins::find`] does not find it, until
    /// its code is scanned. The same link may be added again; any other one for the login is an error.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed; the login MUST NOT be used then.
    async fn add_pending_link(&self, pending_link: PendingLink) -> Result<(), StoreError>;

    /// Stores the scan of a login's code: the identity if it is new, its link to an account, and what the scan led
    /// to. The first scan wins, and every later one is told what it led to.
    ///
    /// * The identity keeps what the scan does not tell: an empty profile erases nothing.
    /// * An identity without an account is linked to the account of another identity with the same unionid
    ///   (the longest linked first), unless that account has another user of the app.
    /// * An identity with an account stays where it is. When its unionid is new to it and another account has it
    ///   too, a conflict goes into the trail of both.
    /// * A pending link ([`Logins::add_pending_link`]) links an identity without an account to its account, and the
    ///   login is registered, as it is for an identity that is linked to that account already. An identity of another
    ///   account, or of an app of which the account has another user, ends the login ([`LoginEvent::Denied`]) and
    ///   changes nothing else. So does any identity once a session of the account was ended
    ///   ([`super::Sessions::end_all`] too) or an identity unlinked from it since the link was asked for: the person
    ///   who was shut out may have been the one who asked.
    /// * A person who scans the code of an official account follows it: an earlier mark of not following goes away.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed; the caller MUST NOT tell the client or the person then.
    async fn take_scan(&self, scan: Scan) -> Result<ScanTaken, StoreError>;

    /// Binds a phone number: links the identity to the number's account, or to a new one, and registers the login.
    ///
    /// An identity that was linked meanwhile, by another login, keeps its account, and the login leads there.
    /// An identity that nothing but the number leads to an account cannot change the ways into it for
    /// [`PROBATION`](crate::rules::PROBATION), and the account's other identities get a notice
    /// ([`super::Accounts::notices_of_account`]).
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn bind(&self, binding: Binding) -> Result<Bound, StoreError>;

    /// Makes a login wait for a phone number that alone is to say who the person is, and returns it.
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn ask_for_number(&self, login: NumberLogin) -> Result<Login, StoreError> {
        let _ = login;
        Err(StoreError::Unavailable("logins by a number alone are not kept".to_owned()))
    }

    /// Keeps that the person of a login agreed to terms; the last time counts. It goes to the account that the login leads to,
    /// unless the account has agreed to that version before.
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn give_consent(&self, login: LoginId, consent: Consent) -> Result<(), StoreError> {
        let _ = (login, consent);
        Err(StoreError::Unavailable("consents are not kept".to_owned()))
    }

    /// Returns what the person of a login agreed to.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn consent(&self, login: LoginId) -> Result<Option<Consent>, StoreError> {
        let _ = login;
        Ok(None)
    }

    /// Stores an identity's unionid; if another identity with it has an account, links this one to it, and
    /// registers the login where it still waits for a phone number. Returns the login if it moved.
    ///
    /// An account that has another user of the same app is left alone. An identity that has an account stays
    /// where it is; the conflict goes into the trail as in [`Logins::take_scan`].
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn link(&self, link: UnionIdLink) -> Result<Option<Login>, StoreError>;

    /// Takes the answer of the phone that scanned a login. With a yes, and the right number where one is asked for, the
    /// scan counts as if it was taken now ([`Logins::take_scan`]); a no, or the last of
    /// [`WRONG_NUMBERS`](crate::login::WRONG_NUMBERS) wrong numbers, ends the login. So does a yes from where nothing lets the
    /// client in; one from where it takes a number that was not asked for asks for it.
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn confirm(&self, confirmation: Confirmation) -> Result<Answered, StoreError>;

    /// Returns the login that a person scanned last, if their phone is asked about it at this moment.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn asked_of(
        &self,
        app: &AppName,
        openid: &OpenId,
        at: Timestamp,
    ) -> Result<Option<AskedLogin>, StoreError>;

    /// Ends a login of which the person who scanned it says that they did not mean it, and the session that it led to;
    /// within [`NOT_ME_WITHIN`](crate::rules::NOT_ME_WITHIN) of the scan. Where this very login linked their identity to the
    /// account, by a number or by a pending link, the identity is unlinked, and the sessions that came from it end; one that
    /// nothing else leads into stays the person's.
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn disown(&self, not_me: NotMe) -> Result<Disowned, StoreError>;

    /// Ends a login by [`LoginEvent::Cancelled`] or [`LoginEvent::Denied`] and returns how it stands: ended,
    /// or unchanged when it was final before.
    ///
    /// # Errors
    /// [`StoreError`] as above.
    async fn end(&self, id: LoginId, event: LoginEvent, at: Timestamp) -> Result<Login, StoreError>;

    /// Returns a login, if something happened to it.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn find(&self, id: LoginId) -> Result<Option<LoginRecord>, StoreError>;

    /// Returns those of the logins (at most 1,000) to which something happened, in one query: each once, in any
    /// order.
    ///
    /// # Errors
    /// [`StoreError`] when the store gave no usable answer.
    async fn find_many(&self, ids: &[LoginId]) -> Result<Vec<Login>, StoreError>;
}
