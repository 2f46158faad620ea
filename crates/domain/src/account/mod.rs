//! Accounts, the WeChat identities bound to them, and phone numbers.

mod id;
mod phone;

pub use id::{AccountId, IdentityId};
pub(crate) use id::{uuid_id, uuid_v7};
pub use phone::{MalformedPhone, PhoneNumber, VerifiedPhone};

use crate::{
    login::Channel,
    time::Timestamp,
    wechat::{AppName, OpenId, UnionId},
};

/// A person's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The phone number that the person proved to own; no two accounts share one.
    pub phone: PhoneNumber,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whether an operator has shut it; nobody is logged in to such an account.
    pub disabled: bool,
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
    /// The person's id within the open-platform account, once it is known.
    pub unionid: Option<UnionId>,
    /// The account that it is bound to, once there is one.
    pub account: Option<AccountId>,
    /// The person's name in WeChat, where the channel tells it.
    pub nickname: Option<String>,
    /// Where the person's picture is, where the channel tells it.
    pub avatar_url: Option<String>,
}
