//! The request that starts a login, by whichever way in.

use super::ClientSubject;
use crate::{account::AccountId, login::LoginContext};

/// A request to log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartLogin {
    /// What is known about it.
    pub context: LoginContext,
    /// The client, as limits count it.
    pub client: ClientSubject,
    /// The account that the identity is to be added to, for a person who is logged in already.
    pub link_to: Option<AccountId>,
    /// The version of the terms to which the person agreed, if they did.
    pub consent: Option<String>,
}
