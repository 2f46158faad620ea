//! What a person's session has given a client.

use std::time::Duration;

use super::{ClientId, CodeChallenge, Scopes, TokenHash};
use crate::{
    account::{AccountId, uuid_id},
    session::SessionId,
    time::Timestamp,
};

uuid_id! {
    /// The id of a grant; it is part of its codes and tokens, and says nothing.
    GrantId
}

/// How long a code can be redeemed.
pub const CODE_LIVES: Duration = Duration::from_secs(60);

/// How long an access token is good.
pub const ACCESS_TOKEN_LIVES: Duration = Duration::from_secs(600);

/// For so long a refresh token that was used gets the same answer again: an answer may be lost on its way, and two parts of
/// a client may refresh at once.
pub const REFRESH_GRACE: Duration = Duration::from_secs(10);

/// The refresh tokens of a grant, of which one is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshState {
    /// Which one it is, from 1 on.
    pub generation: u32,
    /// Its hash.
    pub current: TokenHash,
    /// The hash of the one before.
    pub previous: Option<TokenHash>,
    /// Since when it is the good one.
    pub since: Timestamp,
}

/// What a person's session has given a client: one code, and the tokens that came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The client.
    pub client: ClientId,
    /// The person's account.
    pub account: AccountId,
    /// The session; what it has given ends with it.
    pub session: SessionId,
    /// What was granted.
    pub scopes: Scopes,
    /// Where the code was sent.
    pub redirect_uri: String,
    /// What the client wants to find in the ID token.
    pub nonce: Option<String>,
    /// The challenge to be met when the code is redeemed.
    pub challenge: Option<CodeChallenge>,
    /// When it was granted.
    pub at: Timestamp,
}
