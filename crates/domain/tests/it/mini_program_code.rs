//! A login with the code of a mini program, whose page says who scanned it and asks the person.

use std::{net::IpAddr, sync::Arc};

use saoma_domain::{
    login::{Channel, ExpiryReason, LoginId, LoginState},
    nearness::WhenElsewhere,
    place::Place,
    ports::{AuditFilter, AuditKind, AuditTrail, PhoneAnswer, Places, WechatError},
    services::{
        LoginInMiniProgram, MiniProgramCall, ScanReply, ServiceError, Services, StartLogin,
        StartedMiniProgramCode,
    },
};
use tokio::task::JoinSet;

use crate::{
    broken,
    channels::{mini_request, mini_user},
    settings::{keys, policy},
    world::{PHONE, World, app, browser, client, request, secs},
};

const PHONE_IP: &str = "192.0.2.200";

fn code_request() -> StartLogin {
    let mut request = request("mini");
    request.context.channel = Channel::MiniProgramCode;
    request
}

/// Returns a call of the page.
fn call(login: LoginId, code: &str, answer: Option<PhoneAnswer>) -> MiniProgramCall {
    let (client, phone) = (client(PHONE_IP), PHONE_IP.parse().unwrap());
    MiniProgramCall { login, app: app("mini"), code: code.to_owned(), answer, client, phone }
}

impl World {
    async fn with_code(&self) -> StartedMiniProgramCode {
        self.services.start.with_mini_program_code(code_request()).await.unwrap()
    }

    /// Has a person's page say something, with a code of its own.
    async fn on_page(
        &self,
        started: &StartedMiniProgramCode,
        person: &str,
        answer: Option<PhoneAnswer>,
    ) -> Result<LoginInMiniProgram, ServiceError> {
        let code = format!("page-{}", self.mini_program.exchanged().len());
        self.mini_program.give_code(&app("mini"), &code, mini_user(person));
        self.services.mini_program_scan.take(call(started.auth.id(), &code, answer)).await
    }

    async fn look(&self, started: &StartedMiniProgramCode) -> saoma_domain::login::Login {
        self.services.waiting.look(&started.auth).await.unwrap()
    }

    /// Makes a person known to the mini program.
    async fn known_in_mini_program(&self, person: &str) {
        let (auth, _) = self.by_mini_program(mini_user(person)).await;
        self.bind(&auth, PHONE).await.unwrap();
    }
}

#[tokio::test]
async fn the_scene_is_the_id_alone_and_nothing_is_stored_before_a_scan() {
    let world = World::new();
    let started = world.with_code().await;
    let scene = world.mini_program.scene_of(&started.code).unwrap();
    assert_eq!((scene.len(), scene.as_str()), (32, started.auth.id().to_string().as_str()));
    assert_eq!(started.login.state.name(), "loop");
    assert_eq!(world.committed(&started.auth).await, None);
}

#[tokio::test]
async fn a_known_person_looks_and_lets_the_client_in() {
    let world = World::new();
    world.known_in_mini_program("mAnna").await;
    let started = world.with_code().await;
    let seen = world.on_page(&started, "mAnna", None).await.unwrap();
    assert_eq!((seen.login.state.name(), seen.client_info, seen.is_scan), ("loop", browser(), true));
    let waiting = world.look(&started).await;
    assert!(matches!(waiting.state, LoginState::Scanned { .. }), "the client is told: {waiting:?}");
    assert_eq!(waiting.version, 2);
    let again = world.on_page(&started, "mAnna", None).await.unwrap();
    assert!(!again.is_scan && world.look(&started).await == waiting, "a second look is no news");

    let done = world.on_page(&started, "mAnna", Some(PhoneAnswer::Yes)).await.unwrap();
    assert_eq!((done.login.state.name(), done.reply.as_str()), ("registered", "logged_in"));
    let login = world.look(&started).await;
    let session =
        world.services.session_issuer.issue(&started.auth, &login, browser()).await.unwrap().session;
    assert_eq!(session.auth_methods.to_string(), "wechat_mini_program confirm_click");
    let repeated = world.on_page(&started, "mAnna", Some(PhoneAnswer::Yes)).await.unwrap();
    assert_eq!(repeated.login.state.name(), "registered", "a lost answer loses no login");
}

#[tokio::test]
async fn a_new_person_binds_a_number_in_the_waiting_client() {
    let world = World::new();
    let started = world.with_code().await;
    world.on_page(&started, "mAnna", None).await.unwrap();
    let told = world.on_page(&started, "mAnna", Some(PhoneAnswer::Yes)).await.unwrap();
    assert_eq!(told.login.state.name(), "unregistered");
    assert_eq!(world.background.pending(), 0, "WeChat has told the unionid, or has none");
    let bound = world.bind(&started.auth, PHONE).await.unwrap();
    let account = world.account_of(&bound).await;
    let (_, login) = world.by_mini_program(mini_user("mAnna")).await;
    assert_eq!(world.account_of(&login).await, account, "the mini program knows the person");
}

#[tokio::test]
async fn a_person_who_refuses_ends_it_and_its_address_gets_no_new_code() {
    let world = World::new();
    let started = world.with_code().await;
    world.on_page(&started, "mAnna", None).await.unwrap();
    let told = world.on_page(&started, "mAnna", Some(PhoneAnswer::No)).await.unwrap();
    assert_eq!((told.login.state.name(), told.reply), ("expired", ScanReply::Refused));
    let login = world.look(&started).await;
    assert!(matches!(login.state, LoginState::Expired { reason: ExpiryReason::Denied, .. }), "{login:?}");
    let refused = world.services.start.with_mini_program_code(code_request()).await.unwrap_err();
    assert!(matches!(refused, ServiceError::RateLimited { .. }), "{refused:?}");
    let late = world.on_page(&started, "mAnna", Some(PhoneAnswer::Yes)).await.unwrap();
    assert_eq!(late.reply, ScanReply::Over(ExpiryReason::Denied));
    assert_eq!((late.login.state.name(), late.client_info), ("expired", browser()));
}

#[tokio::test]
async fn no_one_but_the_person_who_scanned_is_told_or_heard() {
    let world = World::new();
    let started = world.with_code().await;
    world.on_page(&started, "mAnna", None).await.unwrap();
    for answer in [None, Some(PhoneAnswer::Yes), Some(PhoneAnswer::No)] {
        let other = world.on_page(&started, "mBert", answer).await.unwrap_err();
        assert_eq!(other, ServiceError::ScannedByAnother, "{answer:?}");
    }
    assert_eq!(world.look(&started).await.version, 2, "nothing happened to the login");
    world.on_page(&started, "mAnna", Some(PhoneAnswer::No)).await.unwrap();
    let other = world.on_page(&started, "mBert", None).await.unwrap_err();
    assert_eq!(other, ServiceError::LoginState("expired"), "not who asked either");
}

#[tokio::test]
async fn a_code_is_good_for_one_call() {
    let world = World::new();
    let (first, second) = (world.with_code().await, world.with_code().await);
    world.mini_program.give_code(&app("mini"), "c1", mini_user("mAnna"));
    let take = async |started: &StartedMiniProgramCode, answer| {
        world.services.mini_program_scan.take(call(started.auth.id(), "c1", answer)).await
    };
    take(&first, None).await.unwrap();
    assert_eq!(take(&first, Some(PhoneAnswer::Yes)).await.unwrap_err(), ServiceError::CodeInvalid);
    assert_eq!(take(&second, None).await.unwrap_err(), ServiceError::CodeInvalid);
    world.mini_program.give_code(&app("mini"), "c2", mini_user("mAnna"));
    world.services.mini_program.log_in(mini_request(), "c2").await.unwrap();
    let used = world.services.mini_program_scan.take(call(first.auth.id(), "c2", None)).await;
    assert_eq!(used.unwrap_err(), ServiceError::CodeInvalid, "of a login of the program's own");
    assert_eq!(world.mini_program.exchanged(), ["c1", "c2"], "none is sent twice");
}

#[tokio::test]
async fn a_wechat_that_fails_leaves_the_login_as_it_is() {
    let world = World::new();
    let down = WechatError::Unavailable { reason: "timed out".to_owned(), retry_after: secs(1) };
    world.mini_program.fail_next(down.clone());
    let refused = world.services.start.with_mini_program_code(code_request()).await.unwrap_err();
    assert_eq!(refused, ServiceError::Wechat(down.clone()));
    let started = world.with_code().await;
    world.mini_program.fail_next(down.clone());
    let refused = world.on_page(&started, "mAnna", None).await.unwrap_err();
    assert_eq!(refused, ServiceError::Wechat(down));
    let unknown = world.services.mini_program_scan.take(call(started.auth.id(), "made-up", None)).await;
    assert_eq!(unknown.unwrap_err(), ServiceError::CodeInvalid);
    assert!(world.on_page(&started, "mAnna", None).await.unwrap().is_scan);
}

#[tokio::test]
async fn a_login_that_is_over_is_not_scanned_and_one_that_is_long_over_is_unknown() {
    let world = World::new();
    let started = world.with_code().await;
    world.pass(secs(120));
    let late = world.on_page(&started, "mAnna", None).await.unwrap_err();
    assert_eq!(late, ServiceError::LoginState("expired"));
    world.pass(secs(600));
    let asked = world.mini_program.exchanged().len();
    let late = world.on_page(&started, "mAnna", None).await.unwrap_err();
    assert_eq!(late, ServiceError::LoginUnknown);
    assert_eq!(world.mini_program.exchanged().len(), asked, "WeChat is not asked");
}

#[tokio::test]
async fn an_answer_after_its_time_changes_nothing() {
    let world = World::new();
    let started = world.with_code().await;
    world.on_page(&started, "mAnna", None).await.unwrap();
    world.pass(secs(120));
    let late = world.on_page(&started, "mAnna", Some(PhoneAnswer::Yes)).await.unwrap();
    assert_eq!(late.reply, ScanReply::Over(ExpiryReason::Timeout));
    assert_eq!(late.login.state.name(), "expired");
}

#[tokio::test]
async fn a_login_of_another_channel_is_unknown() {
    let world = World::new();
    let started = world.start().await;
    let refused = world.services.mini_program_scan.take(call(started.auth.id(), "c1", None)).await;
    assert_eq!(refused.unwrap_err(), ServiceError::LoginUnknown);
    assert!(world.mini_program.exchanged().is_empty(), "WeChat is not asked");
}

#[tokio::test]
async fn it_works_without_the_cache() {
    let world = World::new();
    let node = world.node(|ports| ports.login_cache = broken::login_cache());
    let started = world.with_code().await;
    for (code, answer, state) in [("c1", None, "loop"), ("c2", Some(PhoneAnswer::Yes), "unregistered")] {
        world.mini_program.give_code(&app("mini"), code, mini_user("mAnna"));
        let wrong_app = if answer.is_some() { "main" } else { "mini" };
        let call = MiniProgramCall { app: app(wrong_app), ..call(started.auth.id(), code, answer) };
        let seen = node.mini_program_scan.take(call).await.unwrap();
        assert_eq!(seen.login.state.name(), state, "who scanned says which program it is");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_phones_at_once_one_has_scanned_and_lets_the_client_in() {
    let world = World::new();
    let started = world.with_code().await;
    let mut tasks = JoinSet::new();
    for number in 0..50 {
        let (node, code) = (world.node(|_| ()), format!("c{number}"));
        world.mini_program.give_code(&app("mini"), &code, mini_user(&format!("m{number}")));
        let mut call = call(started.auth.id(), &code, Some(PhoneAnswer::Yes));
        call.client = client(&format!("192.0.2.{number}"));
        tasks.spawn(async move { node.mini_program_scan.take(call).await });
    }
    let answers = tasks.join_all().await;
    let (let_in, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(let_in[0].as_ref().unwrap().login.state.name(), "unregistered");
    assert_eq!((let_in.len(), refused.len()), (1, 49));
    assert!(refused.iter().all(|answer| *answer == Err(ServiceError::ScannedByAnother)), "{refused:?}");
}

/// Knows that the browser of these tests is in Guangdong, and who has 198.51.100.1 in Fujian.
struct TwoProvinces;

impl Places for TwoProvinces {
    fn place(&self, ip: IpAddr) -> Option<Place> {
        let province = if ip.to_string().starts_with("192.") { "广东省" } else { "福建省" };
        let word = |word: &str| Some(word.to_owned());
        Some(Place { country: word("中国"), province: word(province), ..Place::default() })
    }
}

#[tokio::test]
async fn a_yes_from_elsewhere_ends_it_where_the_site_refuses_that() {
    let world = World::new();
    let (mut ports, mut policy) = (world.ports(), policy());
    ports.places = Arc::new(TwoProvinces);
    policy.elsewhere = [(app("mini"), WhenElsewhere::Refuse)].into();
    let node = Services::new(ports, keys(&[1]), policy);
    let started = node.start.with_mini_program_code(code_request()).await.unwrap();
    world.mini_program.give_code(&app("mini"), "c1", mini_user("mAnna"));
    let from_afar = MiniProgramCall {
        phone: "198.51.100.1".parse().unwrap(),
        ..call(started.auth.id(), "c1", Some(PhoneAnswer::Yes))
    };
    let told = node.mini_program_scan.take(from_afar).await.unwrap();
    assert_eq!((told.login.state.name(), told.reply), ("expired", ScanReply::Elsewhere));
    let filter = AuditFilter { account: None, kind: Some(AuditKind::LoginRefused) };
    let trail = world.database.records(filter, None, 10).await.unwrap();
    assert_eq!(trail[0].note.outcome.as_deref(), Some("elsewhere"));
    assert!(node.start.with_mini_program_code(code_request()).await.is_ok(), "its person did not refuse");
}

#[tokio::test]
async fn a_phone_asks_wechat_only_so_often() {
    let world = World::new();
    let started = world.with_code().await;
    for _ in 0..30 {
        world.on_page(&started, "mAnna", None).await.unwrap();
    }
    let refused = world.on_page(&started, "mAnna", None).await.unwrap_err();
    assert!(matches!(refused, ServiceError::RateLimited { .. }), "{refused:?}");
}
