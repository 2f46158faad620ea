//! Rows of logins, and of pending links.

use crate::{
    account::IdentityId,
    login::{ClientInfo, Login, LoginId},
    ports::{BindingProof, PendingLink},
    session::AuthMethods,
    time::Timestamp,
    wechat::{AppName, OpenId},
};

use super::{IdentityRow, RowResult};

/// What a scan led to at the moment when it was taken; the login may have moved on since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanDecision {
    /// The identity had an account, or a unionid led it to one.
    Known,
    /// The identity was linked to the account that the login was to add it to.
    Linked,
    /// The identity has no account: the client asks for a phone number.
    New,
    /// The phone is asked first: what it leads to is decided with the answer.
    Asked,
    /// The login was to link an identity to an account, and the one that scanned cannot be: the login is over.
    LinkRefused,
    /// The identity has no account, and new ones are not made: the login is over.
    RegistrationClosed,
    /// There was no scan: the client asks for a phone number, which alone is to say who it is.
    NumberAlone,
}

impl ScanDecision {
    /// Returns the name used in stores.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Linked => "linked",
            Self::New => "new",
            Self::Asked => "asked",
            Self::LinkRefused => "link_refused",
            Self::RegistrationClosed => "registration_closed",
            Self::NumberAlone => "number_alone",
        }
    }

    /// Reads an outcome's name.
    pub fn parse(name: &str) -> Option<Self> {
        let all = [
            Self::Known,
            Self::Linked,
            Self::New,
            Self::Asked,
            Self::LinkRefused,
            Self::RegistrationClosed,
            Self::NumberAlone,
        ];
        all.into_iter().find(|outcome| outcome.as_str() == name)
    }
}

/// The scan of a login's code, as it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanRow {
    /// Who scanned; absent where the link was refused, since nothing of them is kept then, and where there was no scan.
    pub identity: Option<IdentityId>,
    /// What it led to.
    pub outcome: ScanDecision,
    /// The client that asked for the login, as far as it was known.
    pub client_info: ClientInfo,
    /// When the scan was taken.
    pub at: Timestamp,
}

/// The row of a login; a login has none until something happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginRow {
    /// The login as it was last written; its state is never `loop`.
    pub login: Login,
    /// The scan of its code; absent where the login ended unscanned.
    pub scan: Option<ScanRow>,
    /// How the person proved who they are, up to now.
    pub auth_methods: AuthMethods,
    /// What a phone number was bound with.
    pub proof: Option<BindingProof>,
    /// From when on the row may be removed.
    pub prune_at: Timestamp,
}

/// What a scan finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundByScan {
    /// The row of the login.
    pub login: Option<LoginRow>,
    /// The pending link of the login.
    pub pending_link: Option<PendingLink>,
    /// The identity of the person who scanned.
    pub person: Option<IdentityRow>,
    /// Whether the account of that identity is disabled.
    pub is_disabled: bool,
}

/// Operations on rows of logins and pending links.
pub trait LoginRows: Send {
    /// Reads the row of a login.
    fn login(&mut self, id: LoginId) -> impl Future<Output = RowResult<Option<LoginRow>>> + Send;

    /// Reads the row of a login and its pending link, in one query.
    fn login_and_pending_link(
        &mut self,
        id: LoginId,
    ) -> impl Future<Output = RowResult<(Option<LoginRow>, Option<PendingLink>)>> + Send;

    /// Reads the row of a login, its pending link, the identity of a person within an app, and whether its account is
    /// disabled, in one query.
    fn find_by_scan(
        &mut self,
        id: LoginId,
        app: &AppName,
        openid: &OpenId,
    ) -> impl Future<Output = RowResult<FoundByScan>> + Send;

    /// Reads the row of the login that an identity scanned last of those whose phone is asked ([`ScanDecision::Asked`]), over
    /// or not.
    fn last_asked(
        &mut self,
        identity: IdentityId,
    ) -> impl Future<Output = RowResult<Option<LoginRow>>> + Send;

    /// Reads those of the rows that there are, each once and in any order, in one query.
    fn logins(&mut self, ids: &[LoginId]) -> impl Future<Output = RowResult<Vec<LoginRow>>> + Send;

    /// Writes the row of a login that has none; [`Rejected::Raced`](super::Rejected::Raced) where it has one.
    fn insert_login(&mut self, row: &LoginRow) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes the whole row of a login in place of the one of the version that was read;
    /// [`Rejected::Raced`](super::Rejected::Raced) where it has another version now.
    fn update_login(
        &mut self,
        row: &LoginRow,
        read_version: u32,
    ) -> impl Future<Output = RowResult<()>> + Send;

    /// Writes a pending link, to be kept until `prune_at`; [`Rejected::Raced`](super::Rejected::Raced) where the
    /// login has one.
    fn insert_pending_link(
        &mut self,
        link: &PendingLink,
        prune_at: Timestamp,
    ) -> impl Future<Output = RowResult<()>> + Send;
}
