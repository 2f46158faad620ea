//! Bodies about accounts and their identities.

use saoma_domain::{
    account::{Account, Conflict, Identity},
    login::Channel,
};
use serde::Serialize;
use utoipa::ToSchema;

/// An account, as its owner sees it right after a login.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountBody {
    id: String,
    /// The phone number with its middle hidden.
    phone: Option<String>,
}

impl AccountBody {
    pub(crate) fn new(account: &Account) -> Self {
        Self { id: account.id.to_string(), phone: account.masked_phone() }
    }
}

/// An account after a change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountAnswer {
    account: AccountBody,
}

impl AccountAnswer {
    pub(crate) fn new(account: &Account) -> Self {
        Self { account: AccountBody::new(account) }
    }
}

/// What the person shows of themselves on this site.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProfileBody {
    nickname: Option<String>,
    avatar_url: Option<String>,
}

impl ProfileBody {
    /// Describes the profile of an account.
    pub(crate) fn of(account: &Account) -> Self {
        Self { nickname: account.profile.nickname.clone(), avatar_url: account.profile.avatar_url.clone() }
    }
}

/// A WeChat identity of the account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdentityBody {
    id: String,
    app: String,
    channel: &'static str,
    nickname: Option<String>,
    avatar_url: Option<String>,
    /// Whether the person follows the official account; only of those.
    #[serde(skip_serializing_if = "Option::is_none")]
    subscribed: Option<bool>,
}

/// By what a person can prove another account.
pub(crate) const MERGE_BY: [&str; 2] = ["sms", "scan"];

/// An identity of the account whose person has another account too.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConflictBody {
    /// The identity of this account.
    identity_id: String,
    app: String,
    channel: &'static str,
    /// The other account.
    account: AccountBody,
    /// By what the person can prove it, to merge it into this one: `sms` (`POST /v1/session/merge`), `scan`
    /// (`POST /v1/logins/{id}/merge`).
    merge_by: Vec<&'static str>,
}

impl ConflictBody {
    pub(super) fn new(conflict: &Conflict) -> Self {
        let Conflict { identity, other } = conflict;
        Self {
            identity_id: identity.id.to_string(),
            app: identity.app.to_string(),
            channel: identity.channel.as_str(),
            account: AccountBody::new(other),
            merge_by: MERGE_BY.into_iter().filter(|by| *by != "sms" || other.phone.is_some()).collect(),
        }
    }
}

impl IdentityBody {
    pub(super) fn new(identity: &Identity) -> Self {
        let follows = identity.channel == Channel::OfficialAccount;
        Self {
            id: identity.id.to_string(),
            app: identity.app.to_string(),
            channel: identity.channel.as_str(),
            nickname: identity.profile.nickname.clone(),
            avatar_url: identity.profile.avatar_url.clone(),
            subscribed: follows.then_some(identity.unsubscribed_at.is_none()),
        }
    }
}
