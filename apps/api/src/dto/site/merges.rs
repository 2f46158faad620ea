//! Bodies about merges of accounts.

use saoma_domain::{ports::MergePart, services::AccountMerge};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which account is to be merged into the one of the path.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeRequest {
    /// The account that goes.
    pub(crate) from: String,
    /// Whether it is only to be said what would happen.
    #[serde(default)]
    pub(crate) dry_run: bool,
}

/// What a merge moved, or would move.
#[derive(Serialize, ToSchema)]
pub(crate) struct MergeBody {
    /// By what it can be undone, for seven days; `null` in a dry run.
    id: Option<String>,
    /// What moves to the account that stays.
    moves: Vec<PartBody>,
    /// What both have: it stays where it is.
    clashes: Vec<PartBody>,
}

/// A part of an account.
#[derive(Serialize, ToSchema)]
struct PartBody {
    /// `identity`, `phone`, `external_id`, `attributes`, `nickname` or `avatar_url`.
    what: &'static str,
    /// The identity's id; only of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// The identity's app; only of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<String>,
}

impl MergeBody {
    pub(crate) fn new(merge: &AccountMerge) -> Self {
        Self {
            id: merge.id.map(|id| id.to_string()),
            moves: merge.moves.iter().map(PartBody::new).collect(),
            clashes: merge.clashes.iter().map(PartBody::new).collect(),
        }
    }
}

impl PartBody {
    fn new(part: &MergePart) -> Self {
        let (id, app) = match part {
            MergePart::Identity { id, app } => (Some(id.to_string()), Some(app.to_string())),
            MergePart::Phone
            | MergePart::ExternalId
            | MergePart::Attributes
            | MergePart::Nickname
            | MergePart::AvatarUrl => (None, None),
        };
        Self { what: part.as_str(), id, app }
    }
}
