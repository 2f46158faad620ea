//! OpenID: other systems that log people in by this service, and what they are given.
//!
//! | file | what it has |
//! | --- | --- |
//! | `client` | a system that is configured, and the proof that a caller is that system |
//! | `scope` | what a client may learn of a person |
//! | `parameters`, `request` | what a browser asks for on behalf of a client, and whether that is allowed |
//! | `redirect_uri` | what an address that codes are sent to may look like |
//! | `pkce` | the proof that the one who redeems a code is the one who asked for it |
//! | `tokens` | codes, access tokens and refresh tokens |
//! | `grant` | what a person's session has given a client |

mod client;
mod grant;
mod parameters;
mod pkce;
mod redirect_uri;
mod request;
mod scope;
mod tokens;

pub use client::{Client, ClientAuth, ClientId, ClientSecretHash};
pub use grant::{ACCESS_TOKEN_LIVES, CODE_LIVES, Grant, GrantId, REFRESH_GRACE, RefreshState};
pub use parameters::{Parameters, Repeated};
pub use pkce::{CodeChallenge, CodeVerifier};
pub use redirect_uri::{MalformedRedirectUri, RedirectUri};
pub use request::{
    AuthorizationRequest, AuthorizeError, LOGIN_AFTER, LOGIN_TAKES, Prompt, RefusedRedirect, RefusedRequest,
    UnknownTarget,
};
pub use scope::{Scope, Scopes};
pub use tokens::{AccessToken, AuthorizationCode, RefreshToken, TokenHash};
