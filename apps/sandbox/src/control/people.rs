//! People: who they are, what they do, what is on their phones.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};

use super::state::describe;
use crate::SandboxError;
use crate::simulation::{Reaction, Simulation};
use crate::world::{ChatMessage, PersonRecord, Sms};

type Acted = Result<Json<Reaction>, SandboxError>;

/// `GET /sandbox/api/people`
pub(super) async fn list(simulation: Data<Simulation>) -> Json<Value> {
    let world = &simulation.world;
    let people = world.read(|state| state.people.all().to_vec());
    Json(json!({ "people": people.iter().map(|person| describe(world, person)).collect::<Vec<_>>() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPerson {
    name: String,
    phone: Option<String>,
}

/// `POST /sandbox/api/people`; whoever is here already stays as they are.
pub(super) async fn add(
    simulation: Data<Simulation>,
    new: Json<NewPerson>,
) -> Result<HttpResponse, SandboxError> {
    let world = &simulation.world;
    let person = world.write(|state| state.people.add(&new.name, new.phone.as_deref()))?;
    Ok(HttpResponse::Created().json(describe(world, &person)))
}

/// `GET /sandbox/api/people/{name}`: the person with all chats and SMS.
pub(super) async fn show(
    simulation: Data<Simulation>,
    name: Path<String>,
) -> Result<Json<Value>, SandboxError> {
    let person = find(&simulation, &name)?;
    let accounts = simulation.world.config.accounts.iter();
    let chats = simulation.world.read(|state| {
        let chat = |account: &str| json!(state.chats.of(&person.name, account));
        accounts.map(|account| (account.name.clone(), chat(&account.name))).collect::<serde_json::Map<_, _>>()
    });
    let mut shown = describe(&simulation.world, &person);
    if let Some(fields) = shown.as_object_mut() {
        fields.insert("chats".to_owned(), chats.into());
        fields.insert("sms".to_owned(), json!(simulation.world.read(|state| state.sms.to(&person.phone))));
    }
    Ok(Json(shown))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfAccount {
    account: String,
}

/// `GET /sandbox/api/people/{name}/chat?account=`
pub(super) async fn chat(
    simulation: Data<Simulation>,
    name: Path<String>,
    of: Query<OfAccount>,
) -> Result<Json<Vec<ChatMessage>>, SandboxError> {
    let (person, account) = (find(&simulation, &name)?, simulation.world.account(&of.account)?);
    Ok(Json(simulation.world.read(|state| state.chats.of(&person.name, &account.name))))
}

/// `GET /sandbox/api/people/{name}/sms`
pub(super) async fn sms(
    simulation: Data<Simulation>,
    name: Path<String>,
) -> Result<Json<Vec<Sms>>, SandboxError> {
    let person = find(&simulation, &name)?;
    Ok(Json(simulation.world.read(|state| state.sms.to(&person.phone))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScanOf {
    url: String,
    copies: Option<usize>,
}

/// `POST /sandbox/api/people/{name}/scan`
pub(super) async fn scan(simulation: Data<Simulation>, name: Path<String>, scan: Json<ScanOf>) -> Acted {
    let simulation = Arc::clone(&simulation);
    simulation.scan(&name, &scan.url, scan.copies.unwrap_or(1)).await.map(Json)
}

/// `POST /sandbox/api/people/{name}/follow`
pub(super) async fn follow(simulation: Data<Simulation>, name: Path<String>, to: Json<OfAccount>) -> Acted {
    let simulation = Arc::clone(&simulation);
    simulation.follow(&name, &to.account).await.map(Json)
}

/// `POST /sandbox/api/people/{name}/unfollow`
pub(super) async fn unfollow(simulation: Data<Simulation>, name: Path<String>, to: Json<OfAccount>) -> Acted {
    let simulation = Arc::clone(&simulation);
    simulation.unfollow(&name, &to.account).await.map(Json)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextTo {
    account: String,
    text: String,
}

/// `POST /sandbox/api/people/{name}/text`
pub(super) async fn text(simulation: Data<Simulation>, name: Path<String>, to: Json<TextTo>) -> Acted {
    let simulation = Arc::clone(&simulation);
    simulation.text(&name, &to.account, &to.text).await.map(Json)
}

fn find(simulation: &Simulation, name: &str) -> Result<PersonRecord, SandboxError> {
    let person = simulation.world.read(|state| state.people.get(name).cloned());
    person.ok_or_else(|| SandboxError::UnknownPerson(name.to_owned()))
}
