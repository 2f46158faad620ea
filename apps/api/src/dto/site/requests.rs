//! What the site's own back end sends about accounts.

use saoma_domain::services::{ChangeDraft, IdentityDraft, PersonDraft, SearchDraft};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A person for whom an account is to be made; at least a number, an external id or an identity.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateAccount {
    phone: Option<String>,
    external_id: Option<String>,
    /// What the site keeps with the account: at most 4096 bytes, 16 levels deep.
    #[schema(value_type = Option<Object>)]
    attributes: Option<Map<String, Value>>,
    nickname: Option<String>,
    avatar_url: Option<String>,
    #[serde(default)]
    identities: Vec<CreateIdentity>,
}

/// A WeChat user who leads to the account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateIdentity {
    /// The name of the app in the configuration.
    app: String,
    openid: String,
    unionid: Option<String>,
    nickname: Option<String>,
    avatar_url: Option<String>,
}

impl CreateAccount {
    /// Returns it as the services take it.
    pub(crate) fn into_draft(self) -> PersonDraft {
        let identity = |identity: CreateIdentity| IdentityDraft {
            app: identity.app,
            openid: identity.openid,
            unionid: identity.unionid,
            nickname: identity.nickname,
            avatar_url: identity.avatar_url,
        };
        PersonDraft {
            phone: self.phone,
            external_id: self.external_id,
            attributes: self.attributes.map(|attributes| Value::Object(attributes).to_string()),
            nickname: self.nickname,
            avatar_url: self.avatar_url,
            identities: self.identities.into_iter().map(identity).collect(),
            since: None,
        }
    }
}

/// What is to change of an account; `null` takes away what is there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeAccount {
    disabled: Option<bool>,
    /// Why it is disabled.
    reason: Option<String>,
    #[serde(default, deserialize_with = "given")]
    external_id: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Object>)]
    attributes: Option<Option<Map<String, Value>>>,
    #[serde(default, deserialize_with = "given")]
    phone: Option<Option<String>>,
}

impl ChangeAccount {
    /// Returns it as the services take it.
    pub(crate) fn into_draft(self) -> ChangeDraft {
        let json = |attributes: Map<String, Value>| Value::Object(attributes).to_string();
        ChangeDraft {
            phone: self.phone,
            disabled: self.disabled,
            reason: self.reason,
            external_id: self.external_id,
            attributes: self.attributes.map(|attributes| attributes.map(json)),
            ..ChangeDraft::default()
        }
    }
}

/// What a person shows of themselves on this site, such as a mini program's fill-in gives; `null` takes it away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileRequest {
    #[serde(default, deserialize_with = "given")]
    nickname: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    avatar_url: Option<Option<String>>,
}

impl ProfileRequest {
    /// Returns it as the services take it.
    pub(crate) fn into_draft(self) -> ChangeDraft {
        ChangeDraft { nickname: self.nickname, avatar_url: self.avatar_url, ..ChangeDraft::default() }
    }
}

/// Tells `null` from a field that is not there.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(value).map(Some)
}

/// By what accounts are looked for, and which page of them is wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountsQuery {
    phone: Option<String>,
    openid: Option<String>,
    app: Option<String>,
    unionid: Option<String>,
    external_id: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) limit: Option<u32>,
}

impl AccountsQuery {
    /// Returns it as the services take it.
    pub(crate) fn search(&self) -> SearchDraft {
        SearchDraft {
            // A `+` that was not written as `%2B` arrives as a blank.
            phone: self.phone.as_ref().map(|phone| match phone.strip_prefix(' ') {
                Some(rest) => format!("+{rest}"),
                None => phone.clone(),
            }),
            openid: self.openid.clone(),
            app: self.app.clone(),
            unionid: self.unionid.clone(),
            external_id: self.external_id.clone(),
        }
    }
}

/// What a mini program got of a person from WeChat, as it came: both in base64.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenDataRequest {
    /// The name of the mini program in the configuration.
    pub(crate) app: String,
    pub(crate) encrypted_data: String,
    pub(crate) iv: String,
}
