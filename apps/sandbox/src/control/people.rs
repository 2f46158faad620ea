//! People: who they are, what they do, what is on their phones.

use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::web::{Data, Json, Path, Query};
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post, put};
use serde_json::{Map, Value, json};
use url::Url;

use super::Answer;
use super::requests::{
    Account, AllowUrl, App, EncryptedPhone, HighRisk, Login, MenuItem, MiniPage, NewPerson, Phone, Scan,
    Text, Url as UrlRequest,
};
use crate::apps::DEFAULT_OPEN_ACCOUNT;
use crate::config::SandboxConfig;
use crate::error::SandboxError;
use crate::open_data::{EncryptedData, PhoneData};
use crate::person::Person;
use crate::simulation::{Reaction, ServiceAnswer, Simulation};
use crate::state::{ChatMessage, Mood, PersonRecord, Sms, State, openid, unionid};

/// The person whose name stands in the path.
impl FromRequest for Person {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, _body: &mut Payload) -> Self::Future {
        let simulation = Data::<Simulation>::extract(request).into_inner();
        let name = Path::<String>::extract(request).into_inner();
        ready(simulation.and_then(|simulation| Ok(Self::find(&simulation, &name?)?)))
    }
}

#[get("/people")]
pub(super) async fn list(on: Data<Simulation>) -> Json<Value> {
    Json(on.shared.read(|state| json!({ "people": describe_all(&on.shared.config, state) })))
}

/// A person who is there already stays as they are.
#[post("/people")]
pub(super) async fn add(on: Data<Simulation>, new: Json<NewPerson>) -> Result<HttpResponse, SandboxError> {
    let person = on.shared.write(|state| {
        let person = state.people.add(&new.name, new.phone.as_deref())?;
        Ok::<_, SandboxError>(describe(&on.shared.config, state, &person))
    })?;
    Ok(HttpResponse::Created().json(person))
}

/// The person with all chats and SMS.
#[get("/people/{name}")]
pub(super) async fn show(on: Data<Simulation>, person: Person) -> Answer {
    let config = &on.shared.config;
    let mut shown = on
        .shared
        .read(|state| Ok::<_, SandboxError>(describe(config, state, state.people.get(person.name())?)))?;
    let accounts = config.accounts.iter();
    let chats = accounts.map(|account| (account.name.clone(), json!(person.chat(&account.name))));
    if let Some(fields) = shown.as_object_mut() {
        fields.insert("chats".to_owned(), Value::Object(chats.collect()));
        fields.insert("sms".to_owned(), json!(person.sms()));
    }
    Ok(Json(shown))
}

pub(super) fn describe_all(config: &SandboxConfig, state: &State) -> Vec<Value> {
    state.people.all().iter().map(|person| describe(config, state, person)).collect()
}

/// Returns what is known of a person, with the ids by which the apps know them.
fn describe(config: &SandboxConfig, state: &State, person: &PersonRecord) -> Value {
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
        "mood": person.mood,
    })
}

#[get("/people/{name}/chat")]
pub(super) async fn chat(
    on: Data<Simulation>,
    person: Person,
    with: Query<Account>,
) -> Answer<Vec<ChatMessage>> {
    Ok(Json(person.chat(&on.shared.account(&with.account)?.name)))
}

#[get("/people/{name}/sms")]
pub(super) async fn sms(person: Person) -> Json<Vec<Sms>> {
    Json(person.sms())
}

#[post("/people/{name}/scan")]
pub(super) async fn scan(person: Person, of: Json<Scan>) -> Answer<Reaction> {
    person.scan_in_copies(&of.url, of.copies.unwrap_or(1)).await.map(Json)
}

#[post("/people/{name}/follow")]
pub(super) async fn follow(person: Person, to: Json<Account>) -> Answer<Reaction> {
    person.follow(&to.account).await.map(Json)
}

#[post("/people/{name}/unfollow")]
pub(super) async fn unfollow(person: Person, to: Json<Account>) -> Answer<Reaction> {
    person.unfollow(&to.account).await.map(Json)
}

#[post("/people/{name}/text")]
pub(super) async fn text(person: Person, to: Json<Text>) -> Answer<Reaction> {
    person.send_text(&to.account, &to.text).await.map(Json)
}

#[post("/people/{name}/menu")]
pub(super) async fn tap_menu(person: Person, of: Json<MenuItem>) -> Answer<Reaction> {
    person.tap_menu(&of.account, &of.key).await.map(Json)
}

#[post("/people/{name}/picture")]
pub(super) async fn picture(person: Person, to: Json<Account>) -> Answer<Reaction> {
    person.send_picture(&to.account).await.map(Json)
}

#[post("/people/{name}/revoke")]
pub(super) async fn revoke(person: Person, of: Json<Account>) -> Answer<Reaction> {
    person.revoke(&of.account).await.map(Json)
}

#[put("/people/{name}/mood")]
pub(super) async fn set_mood(person: Person, new: Json<Mood>) -> Result<HttpResponse, SandboxError> {
    person.set_mood(*new)?;
    Ok(HttpResponse::NoContent().finish())
}

#[post("/people/{name}/allow")]
pub(super) async fn allow_url(person: Person, of: Json<AllowUrl>) -> Answer {
    let url = person.allow_page(&of.url, of.snapshot.unwrap_or_default())?;
    Ok(Json(json!({ "redirect_url": url.as_str() })))
}

#[post("/people/{name}/refuse")]
pub(super) async fn refuse_url(person: Person, of: Json<UrlRequest>) -> Answer {
    Ok(Json(json!({ "redirect_url": person.refuse(&of.url)?.as_ref().map(Url::as_str) })))
}

#[post("/people/{name}/wx-login")]
pub(super) async fn wx_login(person: Person, of: Json<App>) -> Answer {
    Ok(Json(json!({ "code": person.wx_login(&of.app)? })))
}

#[post("/people/{name}/sdk-login")]
pub(super) async fn sdk_login(person: Person, of: Json<App>) -> Answer {
    Ok(Json(json!({ "code": person.sdk_login(&of.app)? })))
}

#[post("/people/{name}/mobile-app/login")]
pub(super) async fn mobile_app_login(person: Person, of: Json<Login>) -> Answer<ServiceAnswer> {
    person.open_app(&of.app, &of.service_url).await.map(Json)
}

#[post("/people/{name}/phone-code")]
pub(super) async fn phone_code(person: Person, of: Json<App>) -> Answer {
    Ok(Json(json!({ "code": person.phone_code(&of.app)? })))
}

#[post("/people/{name}/encrypted-phone")]
pub(super) async fn encrypted_phone(person: Person, of: Json<EncryptedPhone>) -> Answer<EncryptedData> {
    let data = PhoneData {
        outdated_key: of.outdated_key.unwrap_or_default(),
        watermark_app_id: of.watermark_app_id.clone(),
        age: Duration::from_secs(of.age_s.unwrap_or_default().into()),
    };
    person.encrypted_phone_with(&of.app, &data).map(Json)
}

#[put("/people/{name}/high-risk")]
pub(super) async fn set_high_risk(person: Person, new: Json<HighRisk>) -> Result<HttpResponse, SandboxError> {
    person.set_high_risk(new.high_risk)?;
    Ok(HttpResponse::NoContent().finish())
}

#[post("/people/{name}/mini-program/login")]
pub(super) async fn mini_program_login(person: Person, of: Json<Login>) -> Answer<ServiceAnswer> {
    person.open_mini_program(&of.app, &of.service_url).await.map(Json)
}

#[post("/people/{name}/mini-program/page")]
pub(super) async fn mini_program_page(person: Person, of: Json<MiniPage>) -> Answer<ServiceAnswer> {
    person.answer_on_page(&of.url, &of.service_url, of.confirm).await.map(Json)
}

#[post("/people/{name}/mini-program/phone")]
pub(super) async fn mini_program_phone(person: Person, of: Json<Phone>) -> Answer<ServiceAnswer> {
    person.give_phone(&of.app, &of.service_url, (&of.login, &of.poll_token)).await.map(Json)
}
