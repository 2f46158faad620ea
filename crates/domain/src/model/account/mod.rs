//! Accounts, the WeChat identities bound to them, and phone numbers.

mod attributes;
mod id;
mod phone;

pub use attributes::{ATTRIBUTES_BYTES, ATTRIBUTES_DEPTH, Attributes, ExternalId, UnfitAttributes};
pub use id::{AccountId, IdentityId};
pub(crate) use id::{uuid_id, uuid_v7};
pub use phone::{MalformedPhone, PhoneNumber, VerifiedPhone};

use crate::{
    login::Channel,
    time::Timestamp,
    wechat::{AppName, OpenId, Profile, UnionId},
};

/// A person's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The phone number that the person proved to own, or that the site vouches for; no two accounts share one.
    pub phone: Option<PhoneNumber>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whether an operator has disabled it; no login leads to such an account.
    pub disabled: bool,
    /// The id that the site has for the person; no two accounts share one.
    pub external_id: Option<ExternalId>,
    /// What the site keeps with the account.
    pub attributes: Option<Attributes>,
    /// The name and the picture that the person chose for this site.
    pub profile: Profile,
}

impl Account {
    /// Makes an account that has nothing but its number.
    pub fn new(id: AccountId, phone: Option<PhoneNumber>, created_at: Timestamp) -> Self {
        Self {
            id,
            phone,
            created_at,
            disabled: false,
            external_id: None,
            attributes: None,
            profile: Profile::default(),
        }
    }

    /// Returns the phone number with its middle hidden, where there is one.
    pub fn masked_phone(&self) -> Option<String> {
        self.phone.as_ref().map(PhoneNumber::masked)
    }
}

/// A person as one WeChat app knows them, keyed by app and openid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its id.
    pub id: IdentityId,
    /// The WeChat app.
    pub app: AppName,
    /// The kind of that app.
    pub channel: Channel,
    /// The person's id within the app.
    pub openid: OpenId,
    /// The person within the open-platform account, once that is known.
    pub union: Option<UnionId>,
    /// The account that it is bound to, once there is one.
    pub account: Option<AccountId>,
    /// The person's name and picture in WeChat, where the channel tells them.
    pub profile: Profile,
    /// Since when the person does not follow the official account any more.
    pub unsubscribed_at: Option<Timestamp>,
}

/// A sign that two accounts are one person: an identity of the one and an identity of the other have the same
/// unionid. Nothing is merged; the person decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The identity of the account that was asked about.
    pub identity: Identity,
    /// The other account.
    pub other: Account,
}
