//! Where a shop has its say in what the service does: who is let in, who hears of it, what the chat says, and who is shut out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_web::web::{self, Data, Json, Path, Query, ServiceConfig};
use saoma_api::{
    Environment, Saoma, async_trait,
    domain::{
        account::{AccountId, Identity},
        actor::Actor,
        chat::{ScanOutcome, ScanSaid},
        event::{Event, EventId, EventKind, EventKinds},
        journal::JournalFilter,
        ports::{
            Admission, ChatTexts, EventError, Events, Gate, GateError, GateVerdict, Refusal, RefusalCode,
            WechatError,
        },
        services::{ActedBy, ChangeDraft, SearchDraft, ServiceError},
        wechat::OpenId,
    },
    guard::{Denied, LoggedIn, Refused, Requirement, required_with},
};
use saoma_test_kit::{TestSite, TestWorld};
use serde::Deserialize;
use serde_json::{Value, json};

/// Lets in all but those who owe something.
#[derive(Clone, Default)]
struct Door(Arc<Mutex<BTreeSet<OpenId>>>);

#[async_trait]
impl Gate for Door {
    async fn admit(&self, admission: &Admission) -> Result<GateVerdict, GateError> {
        let owes = |identity: &Identity| self.0.lock().unwrap().contains(&identity.openid);
        if !admission.identity.as_ref().is_some_and(owes) {
            return Ok(GateVerdict::Admit);
        }
        let (page, chat) = ("请先结清欠款", "请先结清欠款，再来登录");
        Ok(GateVerdict::Refuse(Refusal::new(RefusalCode::parse("debt")?, page, chat)))
    }
}

/// The shop's table of customers.
#[derive(Clone, Default)]
struct Customers(Arc<Mutex<BTreeSet<AccountId>>>);

#[async_trait]
impl Events for Customers {
    fn kinds(&self) -> EventKinds {
        EventKinds::NONE.with(EventKind::AccountCreated).with(EventKind::AccountErased)
    }

    async fn hear(&self, _: EventId, event: &Event) -> Result<(), EventError> {
        let account = event.account.ok_or_else(|| EventError::passing("an event of no account"))?;
        let mut customers = self.0.lock().unwrap();
        // Twice the same event has to lead to the same.
        if event.kind == EventKind::AccountCreated {
            customers.insert(account);
        } else {
            customers.remove(&account);
        }
        Ok(())
    }
}

/// The words after a scan; `None` for those of the service.
struct Words;

#[async_trait]
impl ChatTexts for Words {
    async fn after_scan(&self, scan: ScanSaid) -> Option<String> {
        (scan.outcome == ScanOutcome::LoggedIn).then(|| "欢迎光临".to_owned())
    }
}

/// What `wx.config` needs on a page.
#[derive(Deserialize)]
struct Page {
    url: String,
}

async fn js_config(page: Query<Page>, saoma: Data<Saoma>) -> Result<Json<Value>, Refused> {
    let main = saoma.wechat("main").ok_or(ServiceError::Wechat(WechatError::UnknownApp))?;
    let signed = main.js_config(&page.url).await?;
    Ok(Json(json!({
        "appId": signed.app_id, "timestamp": signed.timestamp, "nonceStr": signed.nonce,
        "signature": signed.signature,
    })))
}

fn is_staff(person: &LoggedIn) -> Result<(), Denied> {
    let is_staff = person.attributes().get("staff") == Some(&Value::Bool(true));
    is_staff.then_some(()).ok_or_else(|| Denied("for the staff".to_owned()))
}

async fn shut(id: Path<String>, saoma: Data<Saoma>) -> Result<Json<bool>, Refused> {
    let id = AccountId::parse(&id).ok_or(ServiceError::AccountUnknown)?;
    let draft = ChangeDraft { disabled: Some(true), ..ChangeDraft::default() };
    Ok(Json(saoma.accounts().change(id, &draft, Actor::Operator).await?.account.disabled))
}

fn routes(saoma: &Saoma) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let saoma = saoma.clone();
    move |config| {
        let for_staff = actix_web::middleware::from_fn(required_with(Requirement::new().check(is_staff)));
        config
            .app_data(Data::new(saoma.clone()))
            .route("/js-config", web::get().to(js_config))
            .service(web::resource("/accounts/{id}/shut").wrap(for_staff).post(shut));
        saoma.configure(config);
    }
}

async fn account_of(saoma: &Saoma, phone: &str) -> AccountId {
    let search = SearchDraft { phone: Some(phone.to_owned()), ..SearchDraft::default() };
    let found = saoma.accounts().find(&search, &ActedBy::operator()).await.unwrap().unwrap();
    found.first().unwrap().account.id
}

#[actix_web::test]
async fn who_owes_something_is_told_so_on_the_page_and_in_the_chat() {
    let door = Door::default();
    let environment = Environment { gate: Some(Arc::new(door.clone())), ..Environment::default() };
    let world = TestWorld::builder().environment(environment).build();
    let app = world.app(routes(&world.saoma())).await;
    let anna = world.person("anna", "13800138000");
    anna.log_in(&app).await;

    door.0.lock().unwrap().insert(anna.openid().clone());
    let browser = world.browser(&app);
    let login = browser.open_login().await;
    assert_eq!(anna.scan(&login.qr).await.unwrap().as_text(), Some("请先结清欠款，再来登录"));
    let refused = browser.get(&login.path).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("请先结清欠款"), "{}", refused.text);
}

#[actix_web::test]
async fn the_customers_are_those_who_have_an_account() {
    let customers = Customers::default();
    let environment = Environment { events: Arc::new(customers.clone()), ..Environment::default() };
    let world = TestWorld::builder().environment(environment).build();
    let saoma = world.saoma();
    let app = world.app(routes(&saoma)).await;
    world.person("anna", "13800138000").log_in(&app).await;
    let anna = account_of(&saoma, "13800138000").await;
    world.tell_events().await;
    assert_eq!(*customers.0.lock().unwrap(), BTreeSet::from([anna]));

    saoma.accounts().erase(anna, Actor::Operator).await.unwrap();
    world.tell_events().await;
    assert_eq!(*customers.0.lock().unwrap(), BTreeSet::new());
}

#[actix_web::test]
async fn the_journal_says_what_a_persons_scan_led_to() {
    let world = TestWorld::new();
    let saoma = world.saoma();
    let app = world.app(routes(&saoma)).await;
    let anna = world.person("anna", "13800138000");
    anna.log_in(&app).await;
    let annas = JournalFilter { openid: Some(anna.openid().clone()), ..JournalFilter::default() };
    let told = saoma.events().list(annas, None, 10).await.unwrap();
    let scan = told.first().unwrap();
    assert_eq!(saoma.events().find(scan.id).await.unwrap().as_ref(), Some(scan));
    let again = saoma.events().replay(scan.id, true).await.unwrap().unwrap();
    assert_eq!((&*scan.outcome, again.outcome), ("phone_needed", "logged_in"), "she is known by now");
    assert_eq!(again.entry, None, "nothing was done");
}

#[actix_web::test]
async fn gate_and_events_go_with_the_adapters_of_the_program_as_well() {
    let (door, customers) = (Door::default(), Customers::default());
    let environment = Environment {
        gate: Some(Arc::new(door.clone())),
        events: Arc::new(customers.clone()),
        ..Environment::default()
    };
    let shop = TestSite::start_with(environment, |saoma, config| routes(saoma)(config)).await;
    let anna = shop.person("anna", "13800138000");
    anna.log_in().await;
    let heard = async {
        while customers.0.lock().unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), heard).await.expect("the event is told");

    door.0.lock().unwrap().insert(OpenId::parse(anna.person.openid("main").unwrap()).unwrap());
    let login = shop.browser().open_login().await;
    assert_eq!(anna.person.scan(&login.qr).await.unwrap().reply(), Some("请先结清欠款，再来登录"));
}

#[actix_web::test]
async fn the_staff_shut_an_account_and_its_sessions_end() {
    let world = TestWorld::new();
    let saoma = world.saoma();
    let app = world.app(routes(&saoma)).await;
    let (anna, chef) = (world.person("anna", "13800138000"), world.person("chef", "13900139000"));
    let (anna, chef) = (anna.log_in(&app).await, chef.log_in(&app).await);
    let path = format!("/accounts/{}/shut", account_of(&saoma, "13800138000").await);
    assert_eq!(chef.post(&path, json!({})).await.json()["code"], "forbidden");

    let staff = ChangeDraft { attributes: Some(Some(r#"{"staff":true}"#.to_owned())), ..Default::default() };
    let chef_id = account_of(&saoma, "13900139000").await;
    saoma.accounts().change(chef_id, &staff, Actor::Operator).await.unwrap();
    assert_eq!(chef.post(&path, json!({})).await.json(), json!(true));
    assert_eq!(anna.session().await.status, 401);
    assert_eq!(chef.post("/accounts/nobody/shut", json!({})).await.json()["code"], "not_found");
}

#[actix_web::test]
async fn the_chat_says_the_words_of_the_shop() {
    let environment = Environment { chat_texts: Arc::new(Words), ..Environment::default() };
    let world = TestWorld::builder().environment(environment).build();
    let app = world.app(routes(&world.saoma())).await;
    let anna = world.person("anna", "13800138000");
    anna.log_in(&app).await;
    let login = world.browser(&app).open_login().await;
    let said = anna.scan(&login.qr).await.unwrap();
    assert!(said.as_text().unwrap().starts_with("欢迎光临"), "{said:?}");
}

#[actix_web::test]
async fn a_page_gets_its_signature_and_503_while_wechat_is_away() {
    let world = TestWorld::new();
    let app = world.app(routes(&world.saoma())).await;
    let browser = world.browser(&app);
    let page = "/js-config?url=http%3A%2F%2Fshop.test%2F";
    assert!(browser.get(page).await.json()["signature"].is_string());
    let retry_after = Duration::from_secs(5);
    world.fakes.app_api.fail_next(WechatError::Unavailable { reason: "away".to_owned(), retry_after });
    assert_eq!(browser.get(page).await.status, 503);
}
