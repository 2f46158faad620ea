//! What clients are told of a person.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use saoma_domain::{
    account::Account,
    oidc::{Scope, Scopes},
    ports::GrantHolder,
    services::IssuedTokens,
    session::{AuthMethod, Session},
    time::Timestamp,
    wechat::Profile,
};
use serde_json::{Map, Value, json};

/// How long an ID token is valid: it says who has just logged in, and is no session.
const ID_TOKEN_LIVES: Duration = Duration::from_secs(3600);

/// The claims that there may be.
pub(super) const CLAIMS: [&str; 18] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "amr",
    "acr",
    "sid",
    "at_hash",
    "name",
    "nickname",
    "picture",
    "external_id",
    "phone_number",
    "phone_number_verified",
    "wechat",
];

/// Returns the claims of an ID token.
pub(crate) fn id_token(issuer: &str, issued: &IssuedTokens) -> Value {
    let GrantHolder { grant, session, account, .. } = &issued.holder;
    let mut claims = json!({
        "iss": issuer,
        "sub": account.id.to_string(),
        "aud": grant.client.as_str(),
        "exp": secs(issued.at.plus(ID_TOKEN_LIVES)),
        "iat": secs(issued.at),
        "auth_time": secs(session.created_at),
        "amr": amr(session),
        "acr": session.auth_methods.acr(),
        "sid": session.id.to_string(),
        "at_hash": at_hash(&issued.access_token.reveal()),
    });
    // A refreshed token is about no request of the client's any more.
    if let (Some(nonce), Some(claims)) =
        (grant.nonce.as_ref().filter(|_| issued.by_code), claims.as_object_mut())
    {
        claims.insert("nonce".to_owned(), json!(nonce));
    }
    claims
}

/// Returns what a client may know of a person.
///
/// The site's own id of the person is for the site's own clients.
pub(crate) fn userinfo(holder: &GrantHolder, scopes: Scopes, is_of_site: bool) -> Value {
    let mut claims = Map::from_iter([("sub".to_owned(), json!(holder.account.id.to_string()))]);
    if scopes.has(Scope::Profile) {
        claims.extend(profile(holder));
        let external_id = holder.account.external_id.as_ref().filter(|_| is_of_site);
        claims.extend(external_id.map(|id| ("external_id".to_owned(), json!(id.to_string()))));
    }
    if let Some(phone) = holder.account.phone.as_ref().filter(|_| scopes.has(Scope::Phone)) {
        claims.insert("phone_number".to_owned(), json!(phone.e164()));
        claims.insert("phone_number_verified".to_owned(), json!(true));
    }
    if scopes.has(Scope::Wechat) {
        claims.insert("wechat".to_owned(), wechat(holder));
    }
    Value::Object(claims)
}

fn profile(holder: &GrantHolder) -> impl Iterator<Item = (String, Value)> {
    let name = shown(holder, |profile| profile.nickname.clone());
    let picture = shown(holder, |profile| profile.avatar_url.clone());
    let all = [("name", name.clone()), ("nickname", name), ("picture", picture)];
    all.into_iter().filter_map(|(claim, value)| Some((claim.to_owned(), json!(value?))))
}

/// Returns what the person chose for this site, or else what WeChat knows.
fn shown(holder: &GrantHolder, part: impl Fn(&Profile) -> Option<String>) -> Option<String> {
    let Account { profile, .. } = &holder.account;
    part(profile).or_else(|| holder.identities.iter().find_map(|identity| part(&identity.profile)))
}

fn wechat(holder: &GrantHolder) -> Value {
    let union = holder.identities.iter().find_map(|identity| identity.union.as_ref());
    let identities = holder
        .identities
        .iter()
        .map(|identity| json!({"app": identity.app.as_str(), "openid": identity.openid.to_string()}));
    let mut wechat = json!({"identities": identities.collect::<Vec<_>>()});
    if let (Some(union), Some(wechat)) = (union, wechat.as_object_mut()) {
        wechat.insert("unionid".to_owned(), json!(union.unionid.to_string()));
    }
    wechat
}

fn amr(session: &Session) -> Vec<&'static str> {
    session.auth_methods.iter().map(AuthMethod::as_str).collect()
}

/// Returns the left half of the hash of an access token.
fn at_hash(token: &str) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, token.as_bytes());
    URL_SAFE_NO_PAD.encode(hash.as_ref().get(..16).unwrap_or_default())
}

/// Returns a moment in whole seconds.
pub(super) fn secs(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(1000)
}
