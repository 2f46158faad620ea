//! Bodies of signed tokens.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Asks for a signed token about the session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRequest {
    /// The service that the token is for, by the name of its section `[[tokens]]`.
    #[schema(example = "orders")]
    pub(crate) audience: String,
}

/// A signed token.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenBody {
    /// A JSON Web Token; `/oauth2/jwks` has the keys that verify it.
    pub(crate) token: String,
    /// For how many seconds it is valid.
    pub(crate) expires_in: u64,
}
