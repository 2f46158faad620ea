//! The request that starts a login, by whichever way in.

use crate::{account::AccountId, login::LoginContext};

/// A request to log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartLogin {
    /// What is known about it.
    pub context: LoginContext,
    /// What the client counts as for the limits: its IPv4 address or IPv6 network.
    pub client: String,
    /// The account that the identity is to be added to, for a person who is logged in already.
    pub link_to: Option<AccountId>,
}
