//! What a browser asks for on behalf of a client, and whether that is allowed.
//!
//! Nothing is sent to an address before that address is known to be the client's: until then the person is told. Then the
//! client is told, at that address.

use std::time::Duration;

use super::{Client, ClientId, CodeChallenge, Parameters, Scope, Scopes};
use crate::time::Timestamp;

/// The parameter by which the service remembers, in the address that the login page returns to, that it asked for a new login
/// and when. Its value is a time in milliseconds. It is not signed: who changes it could leave `prompt` or `max_age` out as
/// well, and the client reads `auth_time`.
pub const LOGIN_AFTER: &str = "login_after";

/// How long a person may take to log in; what was remembered of the wish for a new login counts for so long.
pub const LOGIN_TAKES: Duration = Duration::from_secs(30 * 60);

/// How long a nonce may be, in bytes.
const MAX_NONCE: usize = 512;

/// Why a request is answered by a page of ours, and nothing is sent to any address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownTarget {
    /// It names no client, or one that is not configured.
    Client,
    /// It names no address, or one that is not among the client's.
    RedirectUri,
}

/// The errors of OpenID Connect and RFC 6749 that a client is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizeError {
    /// A parameter is missing, wrong or given twice.
    InvalidRequest,
    /// The client may not do this.
    UnauthorizedClient,
    /// The person refused.
    AccessDenied,
    /// Only codes are given out.
    UnsupportedResponseType,
    /// It does not ask for `openid`.
    InvalidScope,
    /// Something is broken here.
    ServerError,
    /// Something is away for the moment.
    TemporarilyUnavailable,
    /// A person would have to log in, and no page may be shown.
    LoginRequired,
    /// A person would have to agree, and no page may be shown.
    ConsentRequired,
    /// A person is logged in who is not the one that the client means.
    InteractionRequired,
    /// Request objects are not known here.
    RequestNotSupported,
    /// Nor are references to them.
    RequestUriNotSupported,
    /// Nor are clients that describe themselves.
    RegistrationNotSupported,
}

impl AuthorizeError {
    /// Returns the word of the standard.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::InteractionRequired => "interaction_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
        }
    }
}

/// A request that the client is told is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRedirect {
    /// Where the client is told.
    pub redirect_uri: String,
    /// The client's own `state`.
    pub state: Option<String>,
    /// The error.
    pub error: AuthorizeError,
    /// What is wrong, for the developer.
    pub description: &'static str,
}

/// A request that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefusedRequest {
    /// The person is told, by a page.
    Page(UnknownTarget),
    /// The client is told.
    Redirect(RefusedRedirect),
}

/// Which pages may be shown to the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// None at all.
    pub none: bool,
    /// The login page, even if the person is logged in.
    pub login: bool,
    /// The page that asks for consent, even if the person gave it before.
    pub consent: bool,
}

impl Prompt {
    /// Reads the words of `prompt`; `None` where they contradict each other or are not known.
    fn parse(text: &str) -> Option<Self> {
        let mut prompt = Self::default();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            match word {
                "none" => prompt.none = true,
                // Another account is chosen by another phone.
                "login" | "select_account" => prompt.login = true,
                "consent" => prompt.consent = true,
                _ => return None,
            }
        }
        (!prompt.none || !(prompt.login || prompt.consent)).then_some(prompt)
    }
}

/// A request that is allowed, no matter who is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// The client.
    pub client: ClientId,
    /// Where the code is to be sent.
    pub redirect_uri: String,
    /// What the client wants to get back with it.
    pub state: Option<String>,
    /// What it asks for and may ask for.
    pub scopes: Scopes,
    /// What it wants to find in the ID token.
    pub nonce: Option<String>,
    /// The challenge for the one who redeems the code.
    pub challenge: Option<CodeChallenge>,
    /// Which pages may be shown.
    pub prompt: Prompt,
    /// How old the login may be.
    pub max_age: Option<Duration>,
    /// An ID token of the person whom the client means.
    pub id_token_hint: Option<String>,
    /// From when on a login is the new one that this request has asked for.
    pub login_after: Option<Timestamp>,
}

impl AuthorizationRequest {
    /// Checks a request against the client that it names, which `find` finds.
    ///
    /// # Errors
    /// [`RefusedRequest`].
    pub fn check<'c>(
        parameters: &Parameters,
        find: impl FnOnce(&str) -> Option<&'c Client>,
    ) -> Result<Self, RefusedRequest> {
        let page = RefusedRequest::Page;
        let client = parameters.get("client_id").ok().flatten().and_then(find);
        let client = client.ok_or(page(UnknownTarget::Client))?;
        let redirect_uri = parameters.get("redirect_uri").ok().flatten();
        let redirect_uri = redirect_uri
            .filter(|wanted| client.may_get_codes_at(wanted))
            .ok_or(page(UnknownTarget::RedirectUri))?;
        read(parameters, client, redirect_uri).map_err(|(error, description)| {
            let (redirect_uri, state) = (redirect_uri.to_owned(), state_of(parameters));
            RefusedRequest::Redirect(RefusedRedirect { redirect_uri, state, error, description })
        })
    }

    /// Returns what the client is told where the request cannot be granted.
    pub fn refused(&self, error: AuthorizeError, description: &'static str) -> RefusedRedirect {
        let (redirect_uri, state) = (self.redirect_uri.clone(), self.state.clone());
        RefusedRedirect { redirect_uri, state, error, description }
    }

    /// Returns whether a login of this moment is new enough.
    pub fn takes_login_of(&self, auth_time: Timestamp, now: Timestamp) -> bool {
        let asked = self.login_after.filter(|asked| *asked <= now && now < asked.plus(LOGIN_TAKES));
        if let Some(asked) = asked {
            return auth_time >= asked;
        }
        !self.prompt.login && self.max_age.is_none_or(|max_age| now <= auth_time.plus(max_age))
    }
}

/// Returns the client's own `state`; `None` where it is given twice.
fn state_of(parameters: &Parameters) -> Option<String> {
    parameters.get("state").ok().flatten().map(str::to_owned)
}

/// Reads a request whose answer is sent to this address.
fn read(
    parameters: &Parameters,
    client: &Client,
    redirect_uri: &str,
) -> Result<AuthorizationRequest, (AuthorizeError, &'static str)> {
    use AuthorizeError as Error;
    let invalid = |description| (Error::InvalidRequest, description);
    if parameters.repeated().is_some() {
        return Err(invalid("a parameter is given more than once"));
    }
    for (name, error) in [
        ("request", Error::RequestNotSupported),
        ("request_uri", Error::RequestUriNotSupported),
        ("registration", Error::RegistrationNotSupported),
    ] {
        if parameters.has(name) {
            return Err((error, "this parameter is not supported"));
        }
    }
    let get = |name| parameters.get(name).ok().flatten();
    match get("response_type") {
        Some("code") => {}
        Some(_) => return Err((Error::UnsupportedResponseType, "response_type has to be code")),
        None => return Err(invalid("response_type is missing")),
    }
    if get("response_mode").is_some_and(|mode| mode != "query") {
        return Err(invalid("response_mode has to be query"));
    }
    let asked = Scopes::parse(get("scope").unwrap_or_default());
    if !asked.has(Scope::OpenId) {
        return Err((Error::InvalidScope, "scope has to contain openid"));
    }
    let challenge = challenge(get("code_challenge"), get("code_challenge_method"), client)?;
    let prompt = Prompt::parse(get("prompt").unwrap_or_default())
        .ok_or(invalid("prompt has an unknown word, or none beside another one"))?;
    let max_age = get("max_age").map(|secs| secs.parse().map(|secs: u32| Duration::from_secs(secs.into())));
    let max_age = max_age.transpose().map_err(|_| invalid("max_age has to be a number of seconds"))?;
    let nonce = get("nonce");
    if nonce.is_some_and(|nonce| nonce.len() > MAX_NONCE) {
        return Err(invalid("nonce is too long"));
    }
    Ok(AuthorizationRequest {
        client: client.id.clone(),
        redirect_uri: redirect_uri.to_owned(),
        state: state_of(parameters),
        scopes: asked.and(client.scopes.or([Scope::OpenId].into_iter().collect())),
        nonce: nonce.map(str::to_owned),
        challenge,
        prompt,
        max_age,
        id_token_hint: get("id_token_hint").map(str::to_owned),
        login_after: get(LOGIN_AFTER).and_then(|millis| millis.parse().ok()).map(Timestamp::from_millis),
    })
}

fn challenge(
    challenge: Option<&str>,
    method: Option<&str>,
    client: &Client,
) -> Result<Option<CodeChallenge>, (AuthorizeError, &'static str)> {
    let invalid = |description| Err((AuthorizeError::InvalidRequest, description));
    match (challenge, method) {
        (None, None) if client.is_public() => invalid("code_challenge is missing: this client needs PKCE"),
        (None, None) => Ok(None),
        (None, Some(_)) => invalid("code_challenge is missing"),
        (Some(_), method) if method != Some("S256") => invalid("code_challenge_method has to be S256"),
        (Some(text), _) => match CodeChallenge::parse(text) {
            Some(challenge) => Ok(Some(challenge)),
            None => invalid("code_challenge is no SHA-256 in base64url"),
        },
    }
}

#[cfg(test)]
mod tests;
