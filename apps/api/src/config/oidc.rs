//! The sections `[[oidc.clients]]`: the systems that log people in by OpenID Connect.

use saoma_domain::{
    oidc::{Client, ClientAuth, ClientId, ClientSecretHash, RedirectUri, Scope, Scopes},
    signing::SigningAlgorithm,
};
use secrecy::ExposeSecret;
use url::Url;

use super::section::Section;

/// A secret that has fewer characters can be guessed.
const SHORT_SECRET: usize = 32;

/// A system that logs people in by OpenID Connect.
#[derive(Clone, Debug)]
pub struct OidcClient {
    /// What the rules know of it.
    pub client: Client,
    /// How its ID tokens are signed.
    pub algorithm: SigningAlgorithm,
    /// Where it is told that a session is over.
    pub backchannel_logout_uri: Option<Url>,
    /// Whether its secret is so short that it might be guessed.
    pub has_short_secret: bool,
}

pub(super) fn read(section: &mut Section<'_>) -> Vec<OidcClient> {
    let mut clients: Vec<OidcClient> = Vec::new();
    for (at, table) in section.tables("clients").into_iter().enumerate() {
        let key = format!("clients[{at}]");
        if cfg!(not(feature = "oidc")) {
            section.problem(&key, "this build has no OpenID provider (the feature `oidc`)");
            continue;
        }
        let Some(client) = section.inside(&key, table, client) else { continue };
        if clients.iter().any(|other| other.client.id == client.client.id) {
            section.problem(&format!("{key}.id"), "another client has this id");
        }
        clients.push(client);
    }
    clients
}

fn client(section: &mut Section<'_>) -> Option<OidcClient> {
    let id = section.text("id").map(ClientId::parse).and_then(Result::ok);
    if id.is_none() {
        section.problem("id", "missing, or not of the form [A-Za-z0-9._-]{1,64}");
    }
    let shown = id.as_ref().map_or_else(String::new, ToString::to_string);
    let name = section.text("name").unwrap_or_else(|| shown.clone());
    let (auth, has_short_secret) = auth(section, &shown);
    let redirect_uris = uris(section, "redirect_uris", &shown);
    if redirect_uris.is_empty() && !section.has_problem_with("redirect_uris") {
        section.problem("redirect_uris", format!("of client `{shown}`: missing; codes can be sent nowhere"));
    }
    let post_logout_redirect_uris = uris(section, "post_logout_redirect_uris", &shown);
    let scopes = scopes(section, &shown);
    let trusted = section.flag("trusted", false);
    let algorithms = SigningAlgorithm::ALL.map(|algorithm| (algorithm.name(), algorithm));
    let algorithm = section.choice("algorithm", &algorithms, SigningAlgorithm::Rs256);
    let backchannel_logout_uri = section.http_url("backchannel_logout_uri");
    let client =
        Client { id: id?, name, auth: auth?, redirect_uris, post_logout_redirect_uris, scopes, trusted };
    Some(OidcClient { client, algorithm, backchannel_logout_uri, has_short_secret })
}

/// Reads how the client proves who it is, and whether its secret is short.
fn auth(section: &mut Section<'_>, id: &str) -> (Option<ClientAuth>, bool) {
    let is_public = section.flag("public", false);
    let secret = section.secret("secret");
    match (secret, is_public) {
        (Some(_), true) => {
            let message = format!("of client `{id}`: a public client keeps no secret; leave one of both out");
            section.problem("public", message);
            (None, false)
        }
        (Some(secret), false) => {
            let secret = secret.expose_secret();
            (Some(ClientAuth::Secret(ClientSecretHash::of(secret))), secret.chars().count() < SHORT_SECRET)
        }
        (None, true) => (Some(ClientAuth::Public), false),
        (None, false) => {
            if !section.has_problem_with("secret_file") {
                let message = format!(
                    "of client `{id}`: missing; `openssl rand -hex 32` makes one. A program that keeps no secret has \
                     `public = true`"
                );
                section.problem("secret_file", message);
            }
            (None, false)
        }
    }
}

fn uris(section: &mut Section<'_>, key: &str, id: &str) -> Vec<RedirectUri> {
    let mut uris: Vec<RedirectUri> = Vec::new();
    for text in section.list(key) {
        match RedirectUri::parse(&text) {
            Ok(uri) => uris.push(uri),
            Err(error) => section.problem(key, format!("of client `{id}`: `{text}` {error}")),
        }
    }
    uris
}

fn scopes(section: &mut Section<'_>, id: &str) -> Scopes {
    let texts = section.list("scopes");
    if texts.is_empty() {
        return [Scope::OpenId, Scope::Profile].into_iter().collect();
    }
    let mut scopes = vec![Scope::OpenId];
    for text in texts {
        match Scope::parse(&text) {
            Some(scope) => scopes.push(scope),
            None => {
                let known = Scope::ALL.map(Scope::as_str);
                let near = known.iter().min_by_key(|known| strsim::damerau_levenshtein(known, &text));
                let near = near.copied().unwrap_or_default();
                section.problem(
                    "scopes",
                    format!("of client `{id}`: there is no scope `{text}`; did you mean `{near}`?"),
                );
            }
        }
    }
    scopes.into_iter().collect()
}
