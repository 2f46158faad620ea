//! Accounts and identities as the site's own back end sees them: whole numbers, openids and unionids.

use saoma_domain::account::{Account, Identity};
use serde::Serialize;
use utoipa::ToSchema;

use crate::dto::rfc3339;

/// An account as the site's own back end sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteAccount {
    id: String,
    /// The phone number in E.164.
    phone: String,
    created_at: String,
    disabled: bool,
    identities: Vec<SiteIdentity>,
}

impl SiteAccount {
    pub(super) fn new(account: &Account, identities: &[Identity]) -> Self {
        Self {
            id: account.id.to_string(),
            phone: account.phone.e164().to_owned(),
            created_at: rfc3339(account.created_at),
            disabled: account.disabled,
            identities: identities.iter().map(SiteIdentity::new).collect(),
        }
    }
}

/// A WeChat identity of an account as the site's own back end sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteIdentity {
    id: String,
    /// The name of the app in the configuration.
    app: String,
    /// The way in by which the person was seen first.
    kind: &'static str,
    openid: String,
    unionid: Option<String>,
    nickname: Option<String>,
    avatar_url: Option<String>,
}

impl SiteIdentity {
    fn new(identity: &Identity) -> Self {
        Self {
            id: identity.id.to_string(),
            app: identity.app.to_string(),
            kind: identity.channel.as_str(),
            openid: identity.openid.to_string(),
            unionid: identity.union.as_ref().map(|union| union.unionid.to_string()),
            nickname: identity.profile.nickname.clone(),
            avatar_url: identity.profile.avatar_url.clone(),
        }
    }
}
