//! The round code of a mini program: its page says who scanned it and asks the person.

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;
use saoma_sandbox::{Api, Fault, MiniProgram, Person};
use saoma_testing::PlaceFile;
use serde_json::{Value, json};

use crate::harness::{
    Answer, Browser, Device, Service, Setup, bind_own_phone, code_for, http, open_mini_program,
    register_by_mini_program,
};

static WECHAT: LazyLock<reqwest::Client> = LazyLock::new(|| http("Mozilla/5.0 MicroMessenger/8.0.50"));

/// Where the waiting client is, and where the phone is.
const THERE: &str = "203.0.113.9";
const HERE: &str = "198.51.100.1";

fn setup() -> Setup {
    Setup::every_channel().set("wechat.apps.2.login_page", MiniProgram::LOGIN_PAGE)
}

/// A phone on which the page of the mini program is open.
struct PageOn<'s> {
    service: &'s Service,
    person: Person,
    scene: String,
    address: &'static str,
}

impl<'s> PageOn<'s> {
    /// Scans the code that a waiting client shows.
    fn scanned(service: &'s Service, device: &Device, name: &str) -> Self {
        let person = service.person(name);
        let opened = person.scan_mini_code(&read_code(&device.started["qr"])).unwrap();
        assert_eq!((opened.app.as_str(), opened.page.as_str()), ("mini", MiniProgram::LOGIN_PAGE));
        Self { service, person, scene: opened.scene, address: "127.0.0.1" }
    }

    fn at(self, address: &'static str) -> Self {
        Self { address, ..self }
    }

    async fn send(&self, body: Value) -> Answer {
        let url = format!("{}/v1/logins/{}/mini-program", self.service.url, self.scene);
        let request = WECHAT.post(url).header("x-forwarded-for", self.address).json(&body);
        Answer::read(request.send().await.unwrap()).await
    }

    async fn say(&self, confirm: Option<bool>) -> Answer {
        let mut body = json!({"code": self.person.wx_login("mini").unwrap()});
        if let Some(confirm) = confirm {
            body["confirm"] = confirm.into();
        }
        self.send(body).await
    }

    /// Asks what asks.
    async fn look(&self) -> Answer {
        self.say(None).await
    }

    /// Answers, and returns the state that the page is told.
    async fn answer(&self, confirm: bool) -> String {
        let answer = self.say(Some(confirm)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(!answer.text.contains("session") && !answer.text.contains("token"), "{}", answer.text);
        answer.says().to_owned()
    }
}

/// Reads the URL out of the picture as a scanner does; the picture is the only thing that a client gets.
fn read_code(qr: &Value) -> String {
    let fields: Vec<&String> = qr.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["png"]);
    let file = STANDARD.decode(qr["png"].as_str().unwrap()).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    assert_eq!((width, height, reader.info().color_type), (480, 480, png::ColorType::Rgb));
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[(y * width + x) * 3]);
    image.detect_grids()[0].decode().unwrap().1
}

async fn waiting(service: &Service) -> Device {
    Device::started(&Device::ask(service, json!({"channel": "mini_program_code"})).await)
}

#[tokio::test]
async fn a_known_person_lets_the_client_in_on_the_page() {
    let service = setup().start().await;
    let ming = service.person("ming");
    let (program, token) = register_by_mini_program(&service, &ming).await;
    let account = program.session(&service, &token).await.json["account"]["id"].clone();

    let device = waiting(&service).await;
    let started = &device.started;
    assert_eq!(
        (&started["state"], &started["channel"], &started["app"]),
        (&json!("loop"), &json!("mini_program_code"), &json!("mini"))
    );
    assert!((115..=120).contains(&started["expires_in"].as_u64().unwrap()), "{started}");
    let page = PageOn::scanned(&service, &device, "ming");
    assert_eq!(page.scene, device.id, "the scene is the id alone");
    let seen = page.look().await;
    let expected = json!({"state": "loop", "asker": {
        "site": "login.example.test", "user_agent": "living-room-tv/1.0", "ip": "127.0.0.1", "same_network": true,
    }});
    assert_eq!(seen.json, expected, "{}", seen.text);
    let waits = device.wait(&service, 5, 1).await.json;
    assert_eq!(
        (&waits["state"], &waits["scanned"], &waits["version"]),
        (&json!("loop"), &json!(true), &json!(2))
    );

    assert_eq!(page.answer(true).await, "registered");
    let answer = device.wait(&service, 5, 2).await;
    assert_eq!((answer.says(), &answer.json["account"]["id"]), ("registered", &account));
    let session = device.session(&service, answer.token()).await.json;
    assert_eq!(session["amr"], json!(["wechat_mini_program", "confirm_click"]));
    assert_eq!(page.answer(true).await, "registered", "a second tap is told the same");
}

#[tokio::test]
async fn a_new_person_binds_a_number_in_the_waiting_browser() {
    let service = setup().start().await;
    let mut browser = Browser::new();
    let body = json!({"channel": "mini_program_code", "purpose": "tv"});
    let started = browser.call(&service, Method::POST, "/v1/logins", Some(body)).await;
    assert_eq!(started.status, 201, "{}", started.text);
    assert!(started.json.get("poll_token").is_none());
    let hong = service.person("hong");
    let opened = hong.scan_mini_code(&read_code(&started.json["qr"])).unwrap();
    for (confirm, state) in [(None, "loop"), (Some(true), "unregistered")] {
        let url = service.sandbox.mini_codes()[0].url.clone();
        let told = hong.answer_on_page(&url, &service.url, confirm).await.unwrap();
        assert_eq!((told.status, &told.body["state"]), (200, &json!(state)));
    }
    let path = format!("/v1/logins/{}", opened.scene);
    let answer = browser.call(&service, Method::GET, &path, None).await;
    assert_eq!(answer.says(), "unregistered", "{}", answer.text);
    crate::harness::bind_in_browser(&service, &mut browser, &opened.scene, &hong).await;
    assert_eq!(browser.session(&service).await.status, 200);
    assert_eq!(open_mini_program(&service, &hong).await.says(), "registered", "it is one person");
}

#[tokio::test]
async fn a_refused_code_logs_no_one_in_and_its_address_gets_no_other() {
    let service = setup().start().await;
    let device = waiting(&service).await;
    let page = PageOn::scanned(&service, &device, "ming");
    page.look().await;
    assert_eq!(page.answer(false).await, "expired");
    let answer = device.wait(&service, 5, 2).await;
    assert_eq!((answer.says(), &answer.json["reason"]), ("expired", &json!("denied")));
    assert_eq!(page.answer(true).await, "expired", "a no stays");
    let again = Device::ask(&service, json!({"channel": "mini_program_code"})).await;
    assert_eq!((again.status.as_u16(), again.problem()), (429, "rate_limited"));
}

#[tokio::test]
async fn the_second_phone_can_neither_see_nor_answer() {
    let service = setup().start().await;
    let device = waiting(&service).await;
    let (ming, hong) =
        (PageOn::scanned(&service, &device, "ming"), PageOn::scanned(&service, &device, "hong"));
    assert_eq!(ming.look().await.status, 200);
    for confirm in [None, Some(true), Some(false)] {
        let other = hong.say(confirm).await;
        assert_eq!((other.status.as_u16(), other.problem()), (409, "login_state"), "{confirm:?}");
        assert!(!other.text.contains("living-room-tv"), "{}", other.text);
    }
    assert_eq!(device.look(&service).await.json["version"], 2);
    assert_eq!(ming.answer(true).await, "unregistered");
    bind_own_phone(&service, &device, &service.person("ming")).await;
}

#[tokio::test]
async fn a_code_of_wx_login_is_good_for_one_call() {
    let service = setup().start().await;
    let device = waiting(&service).await;
    let page = PageOn::scanned(&service, &device, "ming");
    let body = json!({"code": page.person.wx_login("mini").unwrap()});
    assert_eq!(page.send(body.clone()).await.status, 200);
    let mut used = body;
    used["confirm"] = true.into();
    let again = page.send(used).await;
    assert_eq!((again.status.as_u16(), again.problem()), (422, "wechat_code_invalid"), "{}", again.text);
    assert_eq!(device.look(&service).await.says(), "loop");
    for code in ["", "a b", "nobody-made-it"] {
        assert_eq!(page.send(json!({"code": code})).await.problem(), "wechat_code_invalid", "{code:?}");
    }
    for wrong in [
        json!({}),
        json!({"confirm": true}),
        json!({"code": "x", "confirm": "yes"}),
        json!({"code": "x", "openid": "o"}),
    ] {
        assert_eq!(page.send(wrong.clone()).await.problem(), "body_invalid", "{wrong}");
    }
}

#[tokio::test]
async fn only_a_login_of_this_channel_that_is_not_over_is_answered() {
    let service = setup().set("login.qr_ttl_s", 3).start().await;
    let by_qr = Device::start(&service).await;
    let by_code = waiting(&service).await;
    let page = PageOn::scanned(&service, &by_code, "ming");
    let asked = service.sandbox.calls(Api::Jscode2session);
    let of = |scene: &str| PageOn {
        scene: scene.to_owned(),
        person: page.person.clone(),
        ..PageOn::scanned(&service, &by_code, "ming")
    };
    for foreign in [by_qr.id.as_str(), &"A".repeat(32), "x"] {
        let answer = of(foreign).look().await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (404, "login_unknown"), "{foreign}");
    }
    assert_eq!(service.sandbox.calls(Api::Jscode2session), asked, "WeChat is not asked");
    assert_eq!(by_code.wait(&service, 10, 1).await.says(), "expired");
    let late = page.look().await;
    assert_eq!((late.status.as_u16(), late.problem()), (409, "login_state"), "{}", late.text);
    let cancelled = waiting(&service).await;
    let page = PageOn::scanned(&service, &cancelled, "ming");
    cancelled.cancel(&service).await;
    assert_eq!(page.look().await.problem(), "login_state");
}

#[tokio::test]
async fn without_a_login_page_it_says_what_is_missing() {
    let service = Setup::every_channel().start().await;
    let answer = Device::ask(&service, json!({"channel": "mini_program_code"})).await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (422, "app_unknown"));
    assert!(answer.json["detail"].as_str().unwrap().contains("login_page"), "{}", answer.text);
    for app in ["main", "site", "nobody"] {
        let body = json!({"channel": "mini_program_code", "app": app});
        assert_eq!(Device::ask(&service, body).await.problem(), "app_unknown", "{app}");
    }
    let path = format!("{}/v1/logins/{}/mini-program", service.url, Device::start(&service).await.id);
    let answer = Answer::read(WECHAT.post(path).json(&json!({"code": "x"})).send().await.unwrap()).await;
    assert_eq!(answer.problem(), "login_unknown", "no code was ever made");
}

#[tokio::test]
async fn of_several_mini_programs_the_first_with_a_page_is_meant() {
    let game = MiniProgram {
        name: "game".to_owned(),
        app_id: "wx2222222222222222".to_owned(),
        ..MiniProgram::demo()
    };
    let setup =
        Setup::every_channel().mini_program(game).set("wechat.apps.3.login_page", MiniProgram::LOGIN_PAGE);
    let service = setup.start().await;
    let answer = Device::ask(&service, json!({"channel": "mini_program_code"})).await;
    assert_eq!(answer.json["app"], "game", "{}", answer.text);
    let named = Device::ask(&service, json!({"channel": "mini_program_code", "app": "mini"})).await;
    assert!(named.json["detail"].as_str().unwrap().contains("`mini`"), "{}", named.text);
    let device = Device::started(&answer);
    let opened = service.person("ming").scan_mini_code(&read_code(&device.started["qr"])).unwrap();
    assert_eq!(opened.app, "game");
}

#[tokio::test]
async fn a_wechat_that_fails_or_refuses_is_told_and_the_page_may_come_again() {
    let service = setup().set("wechat.timeout_ms", 1500).start().await;
    let ask = async || Device::ask(&service, json!({"channel": "mini_program_code"})).await;
    let away = [
        Fault::Close,
        Fault::Html,
        Fault::TruncatedJson,
        Fault::Status { status: 502 },
        Fault::Errcode { errcode: -1 },
    ];
    for fault in away {
        service.sandbox.fail(Api::Getwxacodeunlimit, &fault, 2);
        let answer = ask().await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (503, "wechat_unavailable"), "{fault:?}");
        assert!(answer.retry_after() > 0);
        service.sandbox.clear_faults();
    }
    service.sandbox.fail(Api::Getwxacodeunlimit, &Fault::Errcode { errcode: 41030 }, 1);
    let refused = ask().await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (502, "wechat_refused"), "{}", refused.text);
    assert!(refused.text.contains("41030"), "{}", refused.text);
    assert!(service.line_with("login_page").await.contains("41030"));
    service.sandbox.kill_tokens("mini").unwrap();
    let device = Device::started(&ask().await);

    let page = PageOn::scanned(&service, &device, "ming");
    service.sandbox.fail(Api::Jscode2session, &Fault::Close, 1);
    assert_eq!(page.look().await.problem(), "wechat_unavailable");
    service.sandbox.fail(Api::Jscode2session, &Fault::Errcode { errcode: 40125 }, 1);
    assert_eq!(page.look().await.problem(), "wechat_refused");
    assert_eq!(device.look(&service).await.json["version"], 1, "nothing happened to the login");
    service.sandbox.fail(Api::Getwxacodeunlimit, &Fault::Errcode { errcode: 45009 }, 1);
    let busy = ask().await;
    assert_eq!((busy.status.as_u16(), busy.problem()), (503, "wechat_unavailable"), "{}", busy.text);
}

#[tokio::test]
async fn where_the_phone_is_counts_as_on_the_page_of_an_official_account() {
    let places = PlaceFile::ipv4()
        .range("198.51.100.0", "198.51.100.255", "中国|福建省|厦门市|电信|CN")
        .range("203.0.113.0", "203.0.113.255", "中国|广东省|深圳市|移动|CN");
    let file = tempfile::Builder::new().suffix(".xdb").tempfile().unwrap();
    std::fs::write(file.path(), places.bytes()).unwrap();
    let service = setup()
        .set("server.trusted_proxies", "127.0.0.1")
        .set("geo.file", file.path().display())
        .set("wechat.apps.2.elsewhere", "refuse")
        .start()
        .await;
    let body = || json!({"channel": "mini_program_code"});
    let device = Device::started(&Device::ask_from(&service, THERE, body()).await);
    let page = PageOn::scanned(&service, &device, "ming").at(HERE);
    let asker = page.look().await.json["asker"].clone();
    assert_eq!((&asker["ip"], &asker["same_network"]), (&json!(THERE), &json!(false)));
    assert_eq!(page.answer(true).await, "expired");
    assert_eq!(device.look(&service).await.json["reason"], "denied");
    let device = Device::started(&Device::ask_from(&service, THERE, body()).await);
    let near = PageOn::scanned(&service, &device, "ming").at("203.0.113.200");
    assert_eq!(near.look().await.json["asker"]["same_network"], true);
    assert_eq!(near.answer(true).await, "unregistered");
}

#[tokio::test]
async fn who_is_not_let_in_is_told_on_the_page() {
    let service = setup().set("login.registration", "closed").start().await;
    let device = waiting(&service).await;
    let page = PageOn::scanned(&service, &device, "ming");
    assert_eq!(page.look().await.status, 200);
    assert_eq!(page.answer(true).await, "unregistered", "a number may belong to an account");
    let code = code_for(&service, &device, &page.person).await;
    let closed = device.bind(&service, page.person.phone(), &code).await;
    assert_eq!(closed.problem(), "registration_closed");

    let service = setup().set("login.registration", "closed").set("login.phone", "off").start().await;
    let device = waiting(&service).await;
    let page = PageOn::scanned(&service, &device, "ming");
    let told = page.look().await;
    assert_eq!((told.status.as_u16(), told.problem()), (403, "registration_closed"), "{}", told.text);
    assert_eq!(device.look(&service).await.json["reason"], "denied");
}

#[tokio::test]
async fn its_steps_are_counted_by_its_channel() {
    let service = setup().start().await;
    let device = waiting(&service).await;
    let page = PageOn::scanned(&service, &device, "ming");
    page.look().await;
    page.answer(true).await;
    bind_own_phone(&service, &device, &page.person).await;
    let metrics = reqwest::get(format!("{}/metrics", service.admin_url)).await.unwrap().text().await.unwrap();
    for step in ["started", "scanned", "registered"] {
        let series =
            format!("step=\"{step}\",channel=\"mini_program_code\",app=\"mini\",purpose=\"web\"}} 1");
        assert!(metrics.contains(&series), "{series}: {metrics}");
    }
    assert!(metrics.contains("saoma_phone_answers_total{outcome=\"phone_needed\"} 1"), "{metrics}");
    service.line_with("mini_program_code").await;
    assert!(!service.log().contains(&page.person.openid("mini").unwrap()), "{}", service.log());
}
