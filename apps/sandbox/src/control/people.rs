//! People: who they are, what they do, what is on their phones.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path, Query};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::apps::DEFAULT_OPEN_ACCOUNT;
use crate::config::SandboxConfig;
use crate::error::SandboxError;
use crate::simulation::{Reaction, Simulation};
use crate::state::{ChatMessage, PersonRecord, Sms, State, openid, unionid};

type ReactionResult = Result<Json<Reaction>, SandboxError>;

/// `GET /sandbox/api/people`
pub(super) async fn list(simulation: Data<Simulation>) -> Json<Value> {
    let shared = &simulation.shared;
    Json(shared.read(|state| {
        let people = state.people.all().iter().map(|person| describe(&shared.config, state, person));
        json!({ "people": people.collect::<Vec<_>>() })
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonRequest {
    name: String,
    phone: Option<String>,
}

/// `POST /sandbox/api/people`; a person who is there already stays as they are.
pub(super) async fn add(
    simulation: Data<Simulation>,
    new: Json<PersonRequest>,
) -> Result<HttpResponse, SandboxError> {
    let shared = &simulation.shared;
    let person = shared.write(|state| {
        let person = state.people.add(&new.name, new.phone.as_deref())?;
        Ok::<_, SandboxError>(describe(&shared.config, state, &person))
    })?;
    Ok(HttpResponse::Created().json(person))
}

/// `GET /sandbox/api/people/{name}`: the person with all chats and SMS.
pub(super) async fn show(
    simulation: Data<Simulation>,
    name: Path<String>,
) -> Result<Json<Value>, SandboxError> {
    let config = &simulation.shared.config;
    simulation.shared.read(|state| {
        let person = state.people.get(&name)?;
        let chat = |account: &str| json!(state.chats.of(&person.name, account));
        let chats = config.accounts.iter().map(|account| (account.name.clone(), chat(&account.name)));
        let mut shown = describe(config, state, person);
        if let Some(fields) = shown.as_object_mut() {
            fields.insert("chats".to_owned(), Value::Object(chats.collect()));
            fields.insert("sms".to_owned(), json!(state.sms.to(&person.phone)));
        }
        Ok(Json(shown))
    })
}

/// Returns what is known of a person, with the ids by which the apps know them.
pub(super) fn describe(config: &SandboxConfig, state: &State, person: &PersonRecord) -> Value {
    let (mut openids, mut unionids) = (Map::new(), Map::new());
    for app in config.apps() {
        openids.insert(app.name.to_owned(), openid(app.app_id, &person.name).into());
        unionids.insert(app.name.to_owned(), state.unionid(app.name, &person.name).into());
    }
    json!({
        "name": person.name,
        "phone": person.phone,
        "unionid": unionid(DEFAULT_OPEN_ACCOUNT, &person.name),
        "unionids": unionids,
        "openids": openids,
        "follows": person.follows.keys().collect::<Vec<_>>(),
        "high_risk": person.high_risk,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountRequest {
    account: String,
}

/// `GET /sandbox/api/people/{name}/chat?account=`
pub(super) async fn chat(
    simulation: Data<Simulation>,
    name: Path<String>,
    with: Query<AccountRequest>,
) -> Result<Json<Vec<ChatMessage>>, SandboxError> {
    let account = simulation.shared.account(&with.account)?;
    simulation.shared.read(|state| {
        let person = state.people.get(&name)?;
        Ok(Json(state.chats.of(&person.name, &account.name)))
    })
}

/// `GET /sandbox/api/people/{name}/sms`
pub(super) async fn sms(
    simulation: Data<Simulation>,
    name: Path<String>,
) -> Result<Json<Vec<Sms>>, SandboxError> {
    simulation.shared.read(|state| Ok(Json(state.sms.to(&state.people.get(&name)?.phone))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScanRequest {
    url: String,
    copies: Option<usize>,
}

/// `POST /sandbox/api/people/{name}/scan`
pub(super) async fn scan(
    simulation: Data<Simulation>,
    name: Path<String>,
    scan: Json<ScanRequest>,
) -> ReactionResult {
    let simulation = Arc::clone(&simulation);
    simulation.scan(&name, &scan.url, scan.copies.unwrap_or(1)).await.map(Json)
}

/// `POST /sandbox/api/people/{name}/follow`
pub(super) async fn follow(
    simulation: Data<Simulation>,
    name: Path<String>,
    to: Json<AccountRequest>,
) -> ReactionResult {
    Arc::clone(&simulation).follow(&name, &to.account).await.map(Json)
}

/// `POST /sandbox/api/people/{name}/unfollow`
pub(super) async fn unfollow(
    simulation: Data<Simulation>,
    name: Path<String>,
    to: Json<AccountRequest>,
) -> ReactionResult {
    Arc::clone(&simulation).unfollow(&name, &to.account).await.map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextRequest {
    account: String,
    text: String,
}

/// `POST /sandbox/api/people/{name}/text`
pub(super) async fn text(
    simulation: Data<Simulation>,
    name: Path<String>,
    to: Json<TextRequest>,
) -> ReactionResult {
    Arc::clone(&simulation).text(&name, &to.account, &to.text).await.map(Json)
}
