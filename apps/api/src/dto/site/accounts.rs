//! Accounts and identities as the site's own back end sees them: whole numbers, openids and unionids.

use saoma_domain::{
    account::{Account, Identity, IdentityId},
    consent::Consent,
    login::Channel,
    ports::{ActiveSession, Person},
    wechat::AppProfile,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::dto::rfc3339;

/// An account as the site's own back end sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteAccount {
    id: String,
    /// The phone number in E.164.
    phone: Option<String>,
    created_at: String,
    /// When the person logged in last, give or take a day; left out where a session is asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen_at: Option<String>,
    disabled: bool,
    /// Why the account was shut.
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_reason: Option<String>,
    external_id: Option<String>,
    /// What the site keeps with the account.
    #[schema(value_type = Option<Object>)]
    attributes: Option<Value>,
    /// The name that the person chose for this site.
    nickname: Option<String>,
    avatar_url: Option<String>,
    identities: Vec<SiteIdentity>,
    /// To which terms the person agreed, the first time first; left out where a session is asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    consents: Option<Vec<SiteConsent>>,
}

impl SiteAccount {
    fn new(account: &Account, identities: Vec<SiteIdentity>) -> Self {
        let attributes = account.attributes.as_ref().map(|kept| kept.as_json().to_owned());
        Self {
            id: account.id.to_string(),
            phone: account.phone.as_ref().map(|phone| phone.e164().to_owned()),
            created_at: rfc3339(account.created_at),
            last_seen_at: None,
            disabled: account.disabled,
            disabled_reason: None,
            external_id: account.external_id.as_ref().map(ToString::to_string),
            // It was checked when it was stored.
            attributes: attributes.and_then(|json| serde_json::from_str(&json).ok()),
            nickname: account.profile.nickname.clone(),
            avatar_url: account.profile.avatar_url.clone(),
            identities,
            consents: None,
        }
    }

    /// Describes the account of a session, with what the apps know of its persons.
    pub(crate) fn of_session(active: &ActiveSession, profiles: &[(IdentityId, AppProfile)]) -> Self {
        let identities = active.identities.iter().map(|identity| SiteIdentity::new(identity, profiles));
        Self::new(&active.account, identities.collect())
    }

    /// Describes an account.
    pub(crate) fn of(person: &Person) -> Self {
        let identities = person.identities.iter().map(|(identity, linked_at)| SiteIdentity {
            linked_at: linked_at.map(rfc3339),
            ..SiteIdentity::new(identity, &person.app_profiles)
        });
        Self {
            last_seen_at: Some(rfc3339(person.last_seen_at)),
            disabled_reason: person.disabled_reason.clone(),
            consents: Some(person.consents.iter().map(SiteConsent::new).collect()),
            ..Self::new(&person.account, identities.collect())
        }
    }

    /// Returns the id of the account.
    pub(crate) fn id(&self) -> String {
        self.id.clone()
    }
}

/// That a person agreed to the terms.
#[derive(Serialize, ToSchema)]
struct SiteConsent {
    /// The version of the terms.
    version: String,
    agreed_at: String,
    /// The address from which the person agreed.
    ip: String,
}

impl SiteConsent {
    fn new(consent: &Consent) -> Self {
        Self { version: consent.version.to_string(), agreed_at: rfc3339(consent.at), ip: consent.ip.clone() }
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
    /// Whether the person follows the official account; only of those.
    subscribed: Option<bool>,
    /// Since when the person does not follow it any more.
    unsubscribed_at: Option<String>,
    #[serde(flatten)]
    profile: SiteAppProfile,
    /// Since when it is linked; left out where a session is asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    linked_at: Option<String>,
}

impl SiteIdentity {
    fn new(identity: &Identity, profiles: &[(IdentityId, AppProfile)]) -> Self {
        let profile = profiles.iter().find(|(id, _)| *id == identity.id).map(|(_, profile)| profile.clone());
        let follows = identity.channel == Channel::OfficialAccount;
        Self {
            id: identity.id.to_string(),
            app: identity.app.to_string(),
            kind: identity.channel.as_str(),
            openid: identity.openid.to_string(),
            unionid: identity.union.as_ref().map(|union| union.unionid.to_string()),
            nickname: identity.profile.nickname.clone(),
            avatar_url: identity.profile.avatar_url.clone(),
            subscribed: follows.then_some(identity.unsubscribed_at.is_none()),
            unsubscribed_at: identity.unsubscribed_at.map(rfc3339),
            profile: SiteAppProfile::new(profile.unwrap_or_default()),
            linked_at: None,
        }
    }
}

/// What the app knows of a person besides name and picture, at most a day old; `null` is what WeChat does not tell.
#[derive(Serialize, ToSchema)]
struct SiteAppProfile {
    /// Since when the person follows the official account.
    subscribed_at: Option<String>,
    /// How they came to follow it, in WeChat's words, such as `ADD_SCENE_QR_CODE`.
    scene: Option<String>,
    /// What the account's operators note of the person in WeChat's console.
    remark: Option<String>,
    /// The ids of the tags that the account has given the person.
    tags: Vec<i64>,
    /// The language of their WeChat.
    language: Option<String>,
    /// 1: male, 2: female.
    sex: Option<u8>,
    province: Option<String>,
    city: Option<String>,
    country: Option<String>,
}

impl SiteAppProfile {
    fn new(profile: AppProfile) -> Self {
        let AppProfile { subscribed_at, scene, remark, tags, language, sex, province, city, country } =
            profile;
        let subscribed_at = subscribed_at.map(rfc3339);
        Self { subscribed_at, scene, remark, tags, language, sex, province, city, country }
    }
}
