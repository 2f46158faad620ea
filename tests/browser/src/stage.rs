//! The service and a simulated WeChat.

use saoma_api::{
    Adapters, build,
    config::Config,
    domain::{
        actor::Actor,
        ports::{AuditFilter, AuditKind},
        services::{ActedBy, ChangeDraft, SearchDraft},
    },
};
use saoma_sandbox::{MiniProgram, OfficialAccount, OnRefuse, Person, Sandbox, SandboxConfig, WebsiteApp};
use saoma_servers::free_port;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    PATIENCE,
    service::{Service, Settings},
};

/// What the client of a device login calls itself.
const CLIENT: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 \
                      Safari/537.36";

/// A service with its WeChat; both end when it is dropped.
pub struct Stage {
    /// Where the login page and the API are.
    pub url: String,
    /// The simulated WeChat.
    pub sandbox: Sandbox,
    settings: Settings,
    is_program: bool,
    service: Option<Service>,
    _files: TempDir,
}

impl Stage {
    /// Starts both in this process with the defaults of the contract, but for these keys of the configuration: an
    /// official account, a website and a mini program, and no one in WeChat yet. `{sandbox}` in a value is where
    /// WeChat is.
    pub async fn start(settings: &[(&str, &str)]) -> Self {
        Self::with(settings, false).await
    }

    /// The same with the service as an operator runs it, the binary `saoma`.
    pub async fn start_program(settings: &[(&str, &str)]) -> Self {
        Self::with(settings, true).await
    }

    async fn with(settings: &[(&str, &str)], is_program: bool) -> Self {
        // The clients of the sandbox and of the service need it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let files = tempfile::tempdir().unwrap();
        let port = free_port().unwrap();
        let url = format!("http://127.0.0.1:{port}");
        let wechat = Wechat::new(&url);
        let sandbox = Sandbox::start(wechat.config()).await.unwrap();
        let at = sandbox.base_url();
        let mut all = vec![
            ("server.listen", format!("127.0.0.1:{port}")),
            ("server.admin_listen", "127.0.0.1:0".to_owned()),
            ("server.public_url", url.clone()),
            ("server.key", "5a".repeat(32)),
            ("server.shutdown_grace_s", "2".to_owned()),
            ("database.url", format!("sqlite://{}", files.path().join("saoma.db").display())),
            ("wechat.api_base", at.clone()),
            ("wechat.open_base", at.clone()),
            ("wechat.mp_base", at.clone()),
            ("sms.provider", "webhook".to_owned()),
            ("sms.url", sandbox.sms_webhook_url()),
        ];
        all.extend(wechat.settings());
        all.extend(settings.iter().map(|(key, value)| (*key, value.replace("{sandbox}", &at))));
        let all = all.into_iter().map(|(key, value)| (variable(key), value)).collect();
        let mut stage = Self { url, sandbox, settings: all, is_program, service: None, _files: files };
        stage.go_on().await;
        stage
    }

    /// Starts the service again with another key of its configuration.
    pub async fn change(&mut self, key: &str, value: &str) {
        self.pause().await;
        self.settings.push((variable(key), value.to_owned()));
        self.go_on().await;
    }

    /// Disables the account of a phone number, as an operator does.
    pub async fn disable(&self, phone: &str) {
        let config = Config::load(None, self.settings.clone()).unwrap();
        let adapters = Adapters::connect(&config).await.unwrap();
        let accounts = build(config, adapters).accounts();
        let search = SearchDraft { phone: Some(phone.to_owned()), ..SearchDraft::default() };
        let found = accounts.find(&search, &ActedBy::operator()).await.unwrap().unwrap();
        let draft = ChangeDraft { disabled: Some(true), ..ChangeDraft::default() };
        accounts.change(found[0].account.id, &draft, Actor::Operator).await.unwrap();
    }

    /// Stops the service as `SIGTERM` does; WeChat goes on.
    pub async fn pause(&mut self) {
        if let Some(service) = self.service.take() {
            service.end().await;
        }
    }

    /// Starts the service again on the same address and files.
    pub async fn go_on(&mut self) {
        self.service = Some(if self.is_program {
            Service::program(&self.settings, &self.url).await
        } else {
            Service::inside(&self.settings).await
        });
    }

    /// Returns a person of this WeChat with this phone number, new if nobody had the name.
    pub fn person(&self, name: &str, phone: &str) -> Person {
        self.sandbox.person_with_phone(name, phone).unwrap()
    }

    /// Returns a person who has an account here, with this phone number.
    pub async fn known_person(&self, name: &str, phone: &str) -> Person {
        let person = self.person(name, phone);
        self.register(&person, &person).await;
        person
    }

    /// Has a person scan a device's code, and binds there the number of its owner, another one perhaps; returns what the chat says
    /// to the scan.
    pub async fn register(&self, person: &Person, owner: &Person) -> String {
        let login = self.device_login("192.0.2.77").await;
        let token = login["poll_token"].as_str().unwrap();
        let scanned = person.scan(login["qr"]["content"].as_str().unwrap()).await.unwrap();
        let said = scanned.reply().unwrap_or_default().to_owned();
        self.let_in(&login, &said).await;
        let path = format!("/v1/logins/{}", login["id"].as_str().unwrap());
        let phone = owner.phone();
        self.post(&format!("{path}/sms-codes"), token, json!({"phone": phone})).await;
        let sms = owner.next_sms(0, PATIENCE).await.expect("an SMS comes");
        let bound =
            self.post(&format!("{path}/phone"), token, json!({"phone": phone, "code": sms.code})).await;
        assert_eq!(bound["state"], "registered", "{bound}");
        said
    }

    /// Starts the adding of another WeChat to the account of a person who has one here.
    pub async fn adding_login(&self, person: &Person) -> Value {
        let login = self.device_login("192.0.2.78").await;
        let scanned = person.scan(login["qr"]["content"].as_str().unwrap()).await.unwrap();
        self.let_in(&login, scanned.reply().unwrap_or_default()).await;
        let session = self.look(&login).await["session"]["token"].as_str().unwrap().to_owned();
        let body = json!({"channel": "official_account", "client": "device"});
        self.post("/v1/session/identities", &session, body).await
    }

    /// Gives a login up that a device asked for.
    pub async fn cancel(&self, login: &Value) {
        let request = reqwest::Client::new()
            .delete(self.page(&format!("/v1/logins/{}", login["id"].as_str().unwrap())));
        request.bearer_auth(login["poll_token"].as_str().unwrap()).send().await.unwrap();
    }

    /// Starts the login of a device at an address.
    pub async fn device_login(&self, address: &str) -> Value {
        let body = json!({"channel": "official_account", "client": "device"});
        let request = reqwest::Client::new().post(self.page("/v1/logins")).json(&body);
        let request = request.header("x-forwarded-for", address).header("user-agent", CLIENT);
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Returns what is said of a device's login.
    async fn look(&self, login: &Value) -> Value {
        let path = format!("/v1/logins/{}", login["id"].as_str().unwrap());
        let request = reqwest::Client::new().get(self.page(&path));
        request.bearer_auth(login["poll_token"].as_str().unwrap()).send().await.unwrap().json().await.unwrap()
    }

    /// Has the phone that scanned say yes, where the chat asks it.
    async fn let_in(&self, login: &Value, said: &str) {
        let Some(page) = link_in(said).filter(|link| link.contains("/c/")) else { return };
        let waiting = self.look(login).await;
        let number = waiting["confirm"]["number"].as_str().map(|number| format!("&number={number}"));
        let form =
            reqwest::Client::new().post(page).header("content-type", "application/x-www-form-urlencoded");
        form.body(format!("answer=yes{}", number.unwrap_or_default())).send().await.unwrap();
    }

    /// Returns what the audit trail says of a kind, the youngest first: how it ended, and at which address.
    pub async fn trail(&self, kind: AuditKind) -> Vec<(String, String)> {
        let config = Config::load(None, self.settings.clone()).unwrap();
        let trail = Adapters::connect(&config).await.unwrap().ports.audit;
        let filter = AuditFilter { account: None, kind: Some(kind) };
        let records = trail.records(filter, None, 100).await.unwrap();
        records
            .into_iter()
            .map(|found| (found.note.outcome.unwrap_or_default(), found.note.client.ip))
            .collect()
    }

    async fn post(&self, path: &str, token: &str, body: Value) -> Value {
        let request = reqwest::Client::new().post(self.page(path)).bearer_auth(token).json(&body);
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Returns what the QR code says that was made last.
    pub fn newest_code(&self) -> String {
        self.sandbox.qr_codes().first().expect("there is a QR code").url.clone()
    }

    /// Returns the address of a page of the service.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

/// Returns the address of a link in a message of the chat.
pub fn link_in(said: &str) -> Option<&str> {
    said.split_once("href=\"")?.1.split('"').next()
}

/// The apps that the service has at WeChat. Who refuses an authorization is sent back.
struct Wechat {
    account: OfficialAccount,
    website: WebsiteApp,
    program: MiniProgram,
}

impl Wechat {
    fn new(service: &str) -> Self {
        let callback_url = format!("{service}/wechat/main/callback").parse().ok();
        let account =
            OfficialAccount { callback_url, on_refuse: OnRefuse::Redirect, ..OfficialAccount::demo() };
        let website = WebsiteApp { on_refuse: OnRefuse::Redirect, ..WebsiteApp::demo() };
        Self { account, website, program: MiniProgram::demo() }
    }

    fn config(&self) -> SandboxConfig {
        SandboxConfig {
            websites: vec![self.website.clone()],
            mini_programs: vec![self.program.clone()],
            ..SandboxConfig::with_account(self.account.clone())
        }
    }

    fn settings(&self) -> [(&'static str, String); 14] {
        let Self { account, website, program } = self;
        let plain = |text: &SecretString| text.expose_secret().to_owned();
        [
            ("wechat.apps.0.name", account.name.clone()),
            ("wechat.apps.0.kind", "official_account".to_owned()),
            ("wechat.apps.0.app_id", account.app_id.clone()),
            ("wechat.apps.0.secret", plain(&account.secret)),
            ("wechat.apps.0.token", plain(&account.token)),
            ("wechat.apps.0.encoding_aes_key", plain(&account.encoding_aes_key)),
            ("wechat.apps.1.name", website.name.clone()),
            ("wechat.apps.1.kind", "website".to_owned()),
            ("wechat.apps.1.app_id", website.app_id.clone()),
            ("wechat.apps.1.secret", plain(&website.secret)),
            ("wechat.apps.2.name", program.name.clone()),
            ("wechat.apps.2.kind", "mini_program".to_owned()),
            ("wechat.apps.2.app_id", program.app_id.clone()),
            ("wechat.apps.2.secret", plain(&program.secret)),
        ]
    }
}

fn variable(key: &str) -> String {
    format!("SAOMA__{}", key.to_uppercase().replace('.', "__"))
}
