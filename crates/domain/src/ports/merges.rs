//! Merging two accounts of one person, and undoing that.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    account::{Account, AccountId, IdentityId, VerifiedPhone, uuid_id},
    actor::Actor,
    login::LoginId,
    session::SessionTokenHash,
    time::Timestamp,
    wechat::AppName,
};

uuid_id! {
    /// The id of a merge, by which it can be undone.
    MergeId
}

/// A part of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergePart {
    /// A WeChat user.
    Identity {
        /// Its id.
        id: IdentityId,
        /// The app that knows them.
        app: AppName,
    },
    /// The phone number.
    Phone,
    /// The site's own id.
    ExternalId,
    /// What the site keeps with the account.
    Attributes,
    /// The name that the person chose.
    Nickname,
    /// The picture that the person chose.
    AvatarUrl,
}

impl MergePart {
    /// Returns the name of the part.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Identity { .. } => "identity",
            Self::Phone => "phone",
            Self::ExternalId => "external_id",
            Self::Attributes => "attributes",
            Self::Nickname => "nickname",
            Self::AvatarUrl => "avatar_url",
        }
    }
}

/// Two accounts to merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The id for the merge.
    pub id: MergeId,
    /// The account that stays.
    pub into: AccountId,
    /// The account that is merged into it.
    pub from: AccountId,
    /// Whether it is only to be said what would happen.
    pub dry_run: bool,
    /// When they are merged.
    pub at: Timestamp,
    /// Who merges them.
    pub actor: Actor,
}

/// The result of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged {
    /// They are merged, or would be.
    Done {
        /// What moves to the account that stays.
        moves: Vec<MergePart>,
        /// What both have: it stays where it is, and the other account is shut with it.
        clashes: Vec<MergePart>,
        /// The hashes of the tokens of the sessions that ended with it.
        ended: Vec<SessionTokenHash>,
    },
    /// One of the accounts is not there.
    Unknown,
    /// Both are one account, or one of them was merged into another one before.
    Impossible,
}

/// What proves that an account is a person's, besides the one that they are logged in to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountProof {
    /// A login that led there, within [`RECENT_LOGIN`](crate::rules::RECENT_LOGIN).
    Login(LoginId),
    /// The account's number, proven by a code.
    Number(VerifiedPhone),
}

/// Two accounts that their person wants to be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnMerge {
    /// The id for the merge.
    pub id: MergeId,
    /// The account that stays.
    pub into: AccountId,
    /// The login of the session that asks for it, which is one of that account.
    pub asked_by: LoginId,
    /// What shows that the other account is the person's, too.
    pub proof: AccountProof,
    /// A number alone says nothing about an account whose owner was not seen since then.
    pub seen_since: Option<Timestamp>,
    /// Whether it is only to be said what would happen.
    pub dry_run: bool,
    /// When they are merged.
    pub at: Timestamp,
}

/// The result of a merge by the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnMerged {
    /// They are merged, or would be.
    Done {
        /// The account that is merged into the other one, as it was before.
        from: Box<Account>,
        /// What moves to the account that stays.
        moves: Vec<MergePart>,
        /// What both have: it stays where it is, and the other account is shut with it.
        clashes: Vec<MergePart>,
        /// The hashes of the tokens of the sessions that ended with it.
        ended: Vec<SessionTokenHash>,
    },
    /// The login that was to prove the other account led to none; the name of its state.
    NotRegistered(&'static str),
    /// That login is too long ago, or the account's sessions were ended since.
    TooLongAgo,
    /// No account has the number.
    Unknown,
    /// The identity that asks came by the number alone, less than [`PROBATION`](crate::rules::PROBATION) ago.
    OnProbation,
    /// Nothing but the number says that the other account is the person's, and it has WeChat users.
    ScanNeeded,
    /// An operator has shut the other account.
    Disabled,
    /// Both are one account, or one of them was merged into another one before.
    Impossible,
}

/// A merge to undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// The merge.
    pub merge: MergeId,
    /// Where its person undoes it: the account that stayed, and the login of the session that asks.
    pub asked_by: Option<(AccountId, LoginId)>,
    /// When it is undone.
    pub at: Timestamp,
    /// Who undoes it.
    pub actor: Actor,
}

/// The result of undoing a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undone {
    /// Both accounts are as they were; their sessions are over.
    Done {
        /// The account that had stayed.
        into: AccountId,
        /// The account that is its own again.
        from: AccountId,
        /// The hashes of the tokens of the sessions that ended with it.
        ended: Vec<SessionTokenHash>,
    },
    /// Something happened to one of them since; the names of the trail say what.
    Changed(Vec<&'static str>),
    /// The identity that asks came by the number alone, less than [`PROBATION`](crate::rules::PROBATION) ago.
    OnProbation,
    /// There is no such merge, it was undone, or it is too long ago.
    Unknown,
}

/// Merges accounts. Each call is one transaction, is in the trail with who made it, and is durable once it answers.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Merges: Send + Sync {
    /// Moves to one account what it does not have of another one, and shuts the other one. Two users of one app, and
    /// everything else that both have, stay where they are. The sessions of the account that is shut end.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn merge(&self, merge: Merge) -> Result<Merged, StoreError>;

    /// Merges an account into one of a person who has proven that both are theirs, as [`Merges::merge`] does.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn merge_own(&self, merge: OwnMerge) -> Result<OwnMerged, StoreError>;

    /// Undoes a merge of the last [`MERGE_UNDONE_FOR`](crate::rules::MERGE_UNDONE_FOR), where nothing happened to
    /// what it moved.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn undo_merge(&self, undo: Undo) -> Result<Undone, StoreError>;
}
