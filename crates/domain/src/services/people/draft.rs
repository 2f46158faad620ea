//! A person as the site describes them, still to be read.

use std::collections::BTreeMap;

use crate::{
    account::{Attributes, ExternalId, PhoneNumber},
    login::Channel,
    services::ServiceError,
    time::Timestamp,
    wechat::{AppName, OpenId, Profile, RawUnionId},
};

/// What is to change of an account; what is `None` stays, and what is `Some(None)` is taken away. Texts are as they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeDraft {
    /// The phone number, for which the site vouches.
    pub phone: Option<Option<String>>,
    /// Whether the account is disabled.
    pub disabled: Option<bool>,
    /// Why it is disabled.
    pub reason: Option<String>,
    /// The site's own id.
    pub external_id: Option<Option<String>>,
    /// What the site keeps with it: a JSON object.
    pub attributes: Option<Option<String>>,
    /// The name that the person shows.
    pub nickname: Option<Option<String>>,
    /// Where the picture is that the person shows.
    pub avatar_url: Option<Option<String>>,
}

/// By what the site looks for an account. Texts are as they came; the first one that is given counts, and the others have
/// to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchDraft {
    /// The phone number.
    pub phone: Option<String>,
    /// The person within an app.
    pub openid: Option<String>,
    /// The app of the openid; any, where it is not said.
    pub app: Option<String>,
    /// The person within an open-platform account.
    pub unionid: Option<String>,
    /// The site's own id.
    pub external_id: Option<String>,
}

impl SearchDraft {
    /// Returns by what is looked for, and nothing of what it says.
    pub(super) fn names(&self) -> Vec<&'static str> {
        let Self { phone, openid, app: _, unionid, external_id } = self;
        let given = [
            ("phone", phone.is_some()),
            ("openid", openid.is_some()),
            ("unionid", unionid.is_some()),
            ("external_id", external_id.is_some()),
        ];
        given.into_iter().filter_map(|(name, is_given)| is_given.then_some(name)).collect()
    }
}

/// The longest name that a person can show, in characters.
const NICKNAME_CHARS: usize = 64;

/// The longest address of a picture, in bytes.
const AVATAR_URL_BYTES: usize = 1024;

/// The most WeChat users of one description.
const IDENTITIES: usize = 64;

/// A person as the site describes them. Texts are as they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonDraft {
    /// The phone number.
    pub phone: Option<String>,
    /// The site's own id.
    pub external_id: Option<String>,
    /// What the site keeps with the account: a JSON object without blanks between its parts.
    pub attributes: Option<String>,
    /// The name that the person shows.
    pub nickname: Option<String>,
    /// Where the picture is that the person shows.
    pub avatar_url: Option<String>,
    /// The WeChat users that lead to the account.
    pub identities: Vec<IdentityDraft>,
    /// Since when the site knows the person; now, where that is not said.
    pub since: Option<Timestamp>,
}

/// A WeChat user as the site describes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentityDraft {
    /// The name of the app in the configuration.
    pub app: String,
    /// The person within the app.
    pub openid: String,
    /// The person within the open-platform account.
    pub unionid: Option<String>,
    /// The name in WeChat.
    pub nickname: Option<String>,
    /// Where the picture in WeChat is.
    pub avatar_url: Option<String>,
}

/// What a draft was read into.
pub(super) struct ReadPerson {
    pub(super) phone: Option<PhoneNumber>,
    pub(super) external_id: Option<ExternalId>,
    pub(super) attributes: Option<Attributes>,
    pub(super) profile: Profile,
    pub(super) identities: Vec<ReadIdentity>,
}

pub(super) struct ReadIdentity {
    pub(super) app: AppName,
    pub(super) channel: Channel,
    pub(super) openid: OpenId,
    pub(super) unionid: Option<RawUnionId>,
    pub(super) profile: Profile,
}

impl PersonDraft {
    /// Reads what the site describes.
    pub(super) fn read(&self, apps: &BTreeMap<AppName, Channel>) -> Result<ReadPerson, ServiceError> {
        if self.phone.is_none() && self.external_id.is_none() && self.identities.is_empty() {
            return Err(malformed("phone", "an account needs a phone, an external_id or an identity"));
        }
        if self.identities.len() > IDENTITIES {
            return Err(malformed("identities", "an account can have 64 identities"));
        }
        let identities =
            self.identities.iter().map(|draft| draft.read(apps)).collect::<Result<Vec<_>, _>>()?;
        let has_twice = |at: usize, app: &AppName| identities.iter().take(at).any(|other| other.app == *app);
        if identities.iter().enumerate().any(|(at, identity)| has_twice(at, &identity.app)) {
            return Err(malformed("identities", "an account has one user of an app"));
        }
        Ok(ReadPerson {
            phone: self.phone.as_deref().map(read_phone).transpose()?,
            external_id: self.external_id.as_deref().map(read_external_id).transpose()?,
            attributes: self.attributes.as_deref().map(read_attributes).transpose()?,
            profile: Profile {
                nickname: self.nickname.as_deref().map(read_nickname).transpose()?,
                avatar_url: self.avatar_url.as_deref().map(read_avatar_url).transpose()?,
            },
            identities,
        })
    }
}

impl IdentityDraft {
    fn read(&self, apps: &BTreeMap<AppName, Channel>) -> Result<ReadIdentity, ServiceError> {
        let unknown = || malformed("app", "no WeChat app of this name is configured");
        let app = AppName::parse(self.app.as_str()).map_err(|_| unknown())?;
        let channel = *apps.get(&app).ok_or_else(unknown)?;
        let wrong = |what| malformed(what, "expected 1 to 128 printable ASCII characters");
        let unionid = self.unionid.as_deref().map(RawUnionId::parse).transpose();
        Ok(ReadIdentity {
            app,
            channel,
            openid: OpenId::parse(self.openid.as_str()).map_err(|_| wrong("openid"))?,
            unionid: unionid.map_err(|_| wrong("unionid"))?,
            profile: Profile {
                nickname: self.nickname.as_deref().map(read_nickname).transpose()?,
                avatar_url: self.avatar_url.as_deref().map(read_avatar_url).transpose()?,
            },
        })
    }
}

pub(super) fn malformed(field: &'static str, expected: &'static str) -> ServiceError {
    ServiceError::Malformed { field, expected }
}

pub(super) fn read_phone(text: &str) -> Result<PhoneNumber, ServiceError> {
    PhoneNumber::parse(text).map_err(|_| ServiceError::PhoneInvalid)
}

pub(super) fn read_external_id(text: &str) -> Result<ExternalId, ServiceError> {
    let expected = "expected 1 to 128 printable ASCII characters without blanks";
    ExternalId::parse(text).map_err(|_| malformed("external_id", expected))
}

pub(super) fn read_attributes(json: &str) -> Result<Attributes, ServiceError> {
    let expected = "expected a JSON object of at most 4096 bytes, 16 levels deep";
    Attributes::of_json(json).map_err(|_| malformed("attributes", expected))
}

pub(super) fn read_nickname(text: &str) -> Result<String, ServiceError> {
    let fits = !text.trim().is_empty()
        && text.chars().count() <= NICKNAME_CHARS
        && !text.contains(|c: char| c.is_control());
    let expected = "expected 1 to 64 characters, none of them a control character";
    if fits { Ok(text.to_owned()) } else { Err(malformed("nickname", expected)) }
}

pub(super) fn read_avatar_url(text: &str) -> Result<String, ServiceError> {
    let is_address = text.len() <= AVATAR_URL_BYTES
        && (text.starts_with("https://") || text.starts_with("http://"))
        && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\'));
    let expected = "expected an http or https URL of at most 1024 bytes";
    if is_address { Ok(text.to_owned()) } else { Err(malformed("avatar_url", expected)) }
}
