//! The systems of the configuration, and the proof that a caller is one of them.

use actix_web::{HttpRequest, http::header};
use base64::{Engine, engine::general_purpose::STANDARD};
use saoma_domain::oidc::{Client, ClientAuth, ClientId, ClientSecretHash, Parameters};

use super::OAuthError;
use crate::config::OidcClient;

/// The systems that log people in by this service.
pub(crate) struct Clients {
    all: Vec<OidcClient>,
    /// What a secret of no client is compared with, so that an unknown client takes as long as a known one.
    of_none: ClientSecretHash,
}

/// A client that has proven who it is; one that keeps no secret has only said so.
pub(crate) struct ProvenClient<'c>(pub(crate) &'c OidcClient);

/// What a caller shows.
struct ClientCredentials {
    id: String,
    secret: Option<String>,
    by_header: bool,
}

impl Clients {
    /// Takes the clients of the configuration.
    pub(crate) fn new(all: Vec<OidcClient>) -> Self {
        Self { all, of_none: ClientSecretHash::of("") }
    }

    /// Finds a client by its id.
    pub(crate) fn find(&self, id: &str) -> Option<&OidcClient> {
        self.all.iter().find(|client| client.client.id.as_str() == id)
    }

    /// Finds the client of a grant.
    pub(crate) fn of(&self, id: &ClientId) -> Option<&OidcClient> {
        self.find(id.as_str())
    }

    /// Finds out which client calls.
    ///
    /// # Errors
    /// `invalid_client` where it is not proven, `invalid_request` where it is shown in two ways.
    pub(crate) fn prove(
        &self,
        request: &HttpRequest,
        form: &Parameters,
    ) -> Result<ProvenClient<'_>, OAuthError> {
        let shown = credentials(request, form)?;
        let refused = || OAuthError::invalid_client(shown.by_header);
        let client = self.find(&shown.id);
        let is_proven = match (client.map(|client| &client.client.auth), shown.secret.as_deref()) {
            (Some(ClientAuth::Secret(hash)), Some(secret)) => is_of(hash, secret, shown.by_header),
            (Some(ClientAuth::Public), None) => true,
            (Some(ClientAuth::Public) | None, Some(secret)) => {
                is_of(&self.of_none, secret, shown.by_header);
                false
            }
            (Some(ClientAuth::Secret(_)) | None, None) => false,
        };
        client.filter(|_| is_proven).map(ProvenClient).ok_or_else(refused)
    }
}

impl ProvenClient<'_> {
    /// Returns the client as the rules know it.
    pub(crate) fn client(&self) -> &Client {
        &self.0.client
    }
}

/// Compares a secret. In the header it is percent-encoded (RFC 6749, section 2.3.1), and many clients forget that.
fn is_of(hash: &ClientSecretHash, secret: &str, by_header: bool) -> bool {
    let as_sent = hash.is_of(secret);
    let decoded = by_header && hash.is_of(&decoded(secret));
    as_sent || decoded
}

fn decoded(text: &str) -> String {
    let pair = format!("x={text}");
    let mut read = url::form_urlencoded::parse(pair.as_bytes());
    read.next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn credentials(request: &HttpRequest, form: &Parameters) -> Result<ClientCredentials, OAuthError> {
    let in_form =
        |name| form.get(name).map_err(|_| OAuthError::invalid_request("a parameter is given twice"));
    let (form_id, form_secret) = (in_form("client_id")?, in_form("client_secret")?);
    if form.has("client_assertion") || form.has("client_assertion_type") {
        return Err(OAuthError::invalid_client(false));
    }
    let Some(value) = request.headers().get(header::AUTHORIZATION) else {
        let id = form_id.ok_or_else(|| OAuthError::invalid_client(false))?.to_owned();
        return Ok(ClientCredentials { id, secret: form_secret.map(str::to_owned), by_header: false });
    };
    let (id, secret) = basic(value.as_bytes()).ok_or_else(|| OAuthError::invalid_client(true))?;
    if form_secret.is_some() {
        return Err(OAuthError::invalid_request("the client is shown in two ways"));
    }
    let id = decoded(&id);
    if form_id.is_some_and(|other| other != id) {
        return Err(OAuthError::invalid_request("two clients are named"));
    }
    // A client without a secret may send an empty one.
    Ok(ClientCredentials { id, secret: Some(secret).filter(|secret| !secret.is_empty()), by_header: true })
}

/// Reads name and secret of the scheme `Basic`.
fn basic(value: &[u8]) -> Option<(String, String)> {
    let (scheme, rest) = std::str::from_utf8(value).ok()?.split_once(' ')?;
    let bytes = STANDARD.decode(rest.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}
