//! Bodies about merges of accounts by their person.

use saoma_domain::services::OwnAccountMerge;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{MergeBody, accounts::AccountBody};

/// The number of the account that is to be merged, with the code that was sent to it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeByNumber {
    pub(crate) phone: String,
    /// The code of `POST /v1/session/sms-codes`; the same one is good for the preview and for the merge while it lives.
    pub(crate) code: String,
    /// Whether it is only to be said what would happen.
    #[serde(default)]
    pub(crate) dry_run: bool,
}

/// Merges the account of the login that the path names.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeByLogin {
    /// The token of the session whose account stays, of a device; a browser sends its cookie.
    pub(crate) session: Option<String>,
    /// Whether it is only to be said what would happen.
    #[serde(default)]
    pub(crate) dry_run: bool,
}

/// What a merge moved into the client's account, or would move.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnMergeBody {
    /// The other account, as it was before.
    account: AccountBody,
    #[serde(flatten)]
    merge: MergeBody,
}

impl OwnMergeBody {
    pub(crate) fn new(merged: &OwnAccountMerge) -> Self {
        Self { account: AccountBody::new(&merged.from), merge: MergeBody::new(&merged.merge) }
    }
}
