//! What people do with WeChat.

use std::time::Duration;

use actix_web::http::Method;
use saoma_api::domain::{
    account::PhoneNumber,
    chat::ChatReply,
    ports::{Clock, random_bytes},
    wechat::{AppName, Follower, OpenId, RawUnionId},
};
use saoma_wechat::callback::{CallbackQuery, message_xml};
use serde_json::json;

use crate::{
    app::{TestAnswer, TestCall, TestedApp},
    chat,
    client::TestClient,
    world::TestWorld,
};

/// The official account, by its name and by WeChat's original id.
const ACCOUNT: &str = "main";
const ORIGINAL_ID: &str = "gh_testaccount";

/// A person with a phone, who knows the official account `main`. Each thing that they do takes a second of the world's clock.
#[derive(Clone)]
pub struct TestPerson<'w> {
    world: &'w TestWorld,
    name: String,
    phone: PhoneNumber,
    app: AppName,
    openid: OpenId,
}

#[expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]
impl<'w> TestPerson<'w> {
    pub(crate) fn new(world: &'w TestWorld, name: &str, phone: &str) -> Self {
        let openid = OpenId::parse(format!("o{name}")).expect("a name is made of ASCII letters and digits");
        let app = AppName::parse(ACCOUNT).expect("a constant");
        let unionid = RawUnionId::parse(format!("u{name}")).ok();
        world.fakes.official_account.know(
            &app,
            openid.clone(),
            Follower { subscribed: true, unionid, ..Follower::default() },
        );
        let phone = PhoneNumber::parse(phone).expect("a mobile phone number, such as 13800138000");
        Self { world, name: name.to_owned(), phone, app, openid }
    }

    /// Returns by which id the official account knows the person.
    pub fn openid(&self) -> &OpenId {
        &self.openid
    }

    /// Logs in to an application with a browser: opens a login, scans its code, and types number and SMS code where the
    /// service asks for them. Returns the browser.
    ///
    /// # Panics
    /// Where a step is refused: the message has the answer.
    pub async fn log_in<'a>(&self, app: &'a dyn TestedApp) -> TestClient<'a> {
        let browser = self.world.browser(app);
        let login = browser.open_login().await;
        self.scan(&login.qr).await;
        let scanned = expect(200, browser.get(&login.path).await).json();
        if scanned.get("state").and_then(|state| state.as_str()) == Some("unregistered") {
            self.bind_phone(&browser, &login.path).await;
        }
        let session = browser.session().await;
        assert_eq!(session.status, 200, "{} is logged in: {}", self.name, session.text);
        browser
    }

    async fn bind_phone(&self, browser: &TestClient<'_>, login: &str) {
        let phone = self.phone.e164();
        expect(202, browser.post(&format!("{login}/sms-codes"), json!({"phone": phone})).await);
        let code = self.world.fakes.inbox.last_code(&self.phone).expect("a code was sent");
        let typed = json!({"phone": phone, "code": code.reveal()});
        expect(200, browser.post(&format!("{login}/phone"), typed).await);
    }

    /// Scans a QR code, given by the URL in it ([`TestLogin::qr`](crate::TestLogin::qr)), and follows the account where they do
    /// not yet. Returns what the account says in the chat.
    ///
    /// # Panics
    /// Where no such code was made.
    pub async fn scan(&self, qr: &str) -> Option<ChatReply> {
        let scene = self.world.fakes.official_account.scene_of(qr);
        self.scan_scene(&scene.unwrap_or_else(|| panic!("no code was made with this URL: `{qr}`"))).await
    }

    /// Scans a code with a scene of the site's own.
    pub async fn scan_scene(&self, scene: &str) -> Option<ChatReply> {
        if self.world.followers.borrow_mut().insert(self.name.clone()) {
            return self.event("subscribe", Some(&format!("qrscene_{scene}"))).await;
        }
        self.event("SCAN", Some(scene)).await
    }

    /// Follows the account without a code.
    pub async fn follow(&self) -> Option<ChatReply> {
        self.world.followers.borrow_mut().insert(self.name.clone());
        self.event("subscribe", None).await
    }

    /// Stops following the account.
    pub async fn unfollow(&self) {
        self.world.followers.borrow_mut().remove(&self.name);
        self.event("unsubscribe", None).await;
    }

    /// Writes a text into the chat.
    pub async fn say(&self, text: &str) -> Option<ChatReply> {
        let number = self.world.next_message().to_string();
        self.send(&[("MsgType", "text"), ("Content", text), ("MsgId", &number)]).await
    }

    /// Taps the entry of the menu that has this key.
    pub async fn click(&self, key: &str) -> Option<ChatReply> {
        self.event("CLICK", Some(key)).await
    }

    async fn event(&self, name: &str, key: Option<&str>) -> Option<ChatReply> {
        let key = key.map(|key| ("EventKey", key));
        let fields: Vec<_> = [("MsgType", "event"), ("Event", name)].into_iter().chain(key).collect();
        self.send(&fields).await
    }

    /// Lets WeChat report what the person did, and returns what they see of the answer.
    async fn send(&self, fields: &[(&str, &str)]) -> Option<ChatReply> {
        // WeChat tells events of one person apart by their second.
        self.world.pass(Duration::from_secs(1));
        let now = self.world.fakes.clock.now();
        let time = now.as_secs().to_string();
        let head = [
            ("ToUserName", ORIGINAL_ID),
            ("FromUserName", self.openid.as_str()),
            ("CreateTime", time.as_str()),
        ];
        let message = message_xml(&[&head, fields].concat());
        let (nonce, random) =
            (self.world.next_message().to_string(), random_bytes(&*self.world.fakes.random));
        let push = self.world.sender.push(ORIGINAL_ID, &message, now, &nonce, &random);
        let call = TestCall {
            method: Method::POST,
            path: format!(
                "{}/wechat/{}/callback?{}",
                self.world.config().mount,
                self.app,
                query(&push.query)
            ),
            headers: vec![("content-type".to_owned(), "text/xml".to_owned())],
            body: push.body.into_bytes(),
        };
        let answer = expect(200, self.world.callback().await.call(call).await).text;
        if answer.is_empty() || answer == "success" {
            return None;
        }
        let opened = self.world.sender.open_reply(answer.as_bytes()).expect("an answer that WeChat can read");
        Some(chat::read(&opened).unwrap_or_else(|wrong| panic!("WeChat shows no such reply: {wrong}")))
    }
}

/// Writes the query; its texts are hexadecimal, digits and base64.
fn query(query: &CallbackQuery) -> String {
    let CallbackQuery { signature, timestamp, nonce, encrypt_type, msg_signature, .. } = query;
    let (kind, message) = (encrypt_type.as_deref(), msg_signature.as_deref());
    format!(
        "signature={signature}&timestamp={timestamp}&nonce={nonce}&encrypt_type={}&msg_signature={}",
        kind.unwrap_or_default(),
        message.unwrap_or_default()
    )
}

fn expect(status: u16, answer: TestAnswer) -> TestAnswer {
    assert_eq!(answer.status, status, "the answer was: {}", answer.text);
    answer
}
