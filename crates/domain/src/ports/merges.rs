//! Merging two accounts of one person, and undoing that.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    account::{AccountId, IdentityId, uuid_id},
    actor::Actor,
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

/// A merge to undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// The merge.
    pub merge: MergeId,
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

    /// Undoes a merge of the last [`MERGE_UNDONE_FOR`](crate::rules::MERGE_UNDONE_FOR), where nothing happened to
    /// what it moved.
    ///
    /// # Errors
    /// [`StoreError`] when it is not known to be committed.
    async fn undo_merge(&self, undo: Undo) -> Result<Undone, StoreError>;
}
