//! An application over real HTTP, beside a simulated WeChat.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use actix_web::{App, HttpServer, web::ServiceConfig};
use saoma_api::{
    Adapters, Environment, Saoma, build,
    config::{Config, ConfigBuilder, Credentials, Mount},
};
use saoma_sandbox::{Clock, OfficialAccount, Person, Sandbox, SandboxConfig};
use saoma_testing::{Fakes, ManualClock};
use serde_json::json;

use crate::{TestAnswer, TestCall, TestClient, TestedApp};

/// How long an SMS may be on its way.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the site believes its address to be; cookies and origins go by it.
const SITE: &str = "http://shop.test";

/// An application that listens on a port of its own, with a simulated WeChat that signs, encrypts and repeats as the real one.
///
/// Both go by one clock, which stands until it is moved. There is the official account `main`, and SQLite in memory.
pub struct TestSite {
    /// The simulated WeChat.
    pub wechat: Sandbox,
    /// The clock of the application and of WeChat.
    pub clock: Arc<ManualClock>,
    app: RemoteApp,
    mount: Mount,
}

/// Changes a configuration.
type Change = Box<dyn FnOnce(ConfigBuilder) -> ConfigBuilder>;

/// Makes a [`TestSite`] that differs from the usual one.
#[must_use]
pub struct TestSiteBuilder {
    environment: Environment,
    changes: Vec<Change>,
}

#[expect(clippy::expect_used, reason = "a test that cannot go on fails")]
impl TestSite {
    /// Starts the application with these routes, which mount the service as well.
    ///
    /// # Panics
    /// Where this machine has no port left.
    pub async fn start(routes: impl Fn(&Saoma, &mut ServiceConfig) + Clone + Send + 'static) -> Self {
        Self::builder().start(routes).await
    }

    /// Starts the application with what it brings of its own; the clock of the environment is not used.
    ///
    /// # Panics
    /// Where this machine has no port left.
    pub async fn start_with(
        environment: Environment,
        routes: impl Fn(&Saoma, &mut ServiceConfig) + Clone + Send + 'static,
    ) -> Self {
        Self::builder().environment(environment).start(routes).await
    }

    /// Begins a site that differs from the usual one.
    pub fn builder() -> TestSiteBuilder {
        TestSiteBuilder { environment: Environment::default(), changes: Vec::new() }
    }

    /// Returns where the application is, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> &str {
        &self.app.url
    }

    /// Returns the person of this name.
    ///
    /// # Panics
    /// Where the number is none, or another person's.
    pub fn person(&self, name: &str, phone: &str) -> SitePerson<'_> {
        let phone = if phone.starts_with('+') { phone.to_owned() } else { format!("+86{phone}") };
        let person = self.wechat.person_with_phone(name, &phone).expect("a name and a number of their own");
        SitePerson { site: self, person }
    }

    /// Opens a browser that is not logged in.
    pub fn browser(&self) -> TestClient<'_> {
        TestClient::new(&self.app, SITE.to_owned(), &self.mount)
    }
}

#[expect(clippy::expect_used, reason = "a test that cannot go on fails")]
impl TestSiteBuilder {
    /// Changes the configuration, such as where the service is mounted.
    pub fn config(mut self, change: impl FnOnce(ConfigBuilder) -> ConfigBuilder + 'static) -> Self {
        self.changes.push(Box::new(change));
        self
    }

    /// Brings what the application brings of its own; the clock of the environment is not used.
    pub fn environment(self, environment: Environment) -> Self {
        Self { environment, ..self }
    }

    /// Starts the application with these routes, which mount the service as well.
    ///
    /// # Panics
    /// Where this machine has no port left, or the configuration is wrong: the message names the keys.
    pub async fn start(
        self,
        routes: impl Fn(&Saoma, &mut ServiceConfig) + Clone + Send + 'static,
    ) -> TestSite {
        let clock = Arc::new(ManualClock::new(Fakes::START));
        let account = OfficialAccount::demo();
        let wechat = SandboxConfig::with_account(account.clone());
        let wechat = Sandbox::start(SandboxConfig { clock: Clock::shared(clock.clone()), ..wechat }).await;
        let wechat = wechat.expect("a simulated WeChat can be started");
        let credentials = Credentials::new(account.app_id, account.secret);
        let usual = Config::builder(SITE, "5a".repeat(32))
            .official_account("main", credentials.with_callback(account.token, account.encoding_aes_key))
            .database("sqlite::memory:")
            .wechat_at(&wechat.base_url())
            .set("sms.provider", "webhook")
            .set("sms.url", wechat.sms_webhook_url());
        let changed = self.changes.into_iter().fold(usual, |config, change| change(config));
        let config = changed.build().expect("the configuration of a test");
        let (mount, environment) =
            (config.mount.clone(), Environment { clock: clock.clone(), ..self.environment });
        let adapters =
            Adapters::connect_with(&config, environment).await.expect("all of it is in this process");
        let saoma = build(config, adapters);
        actix_web::rt::spawn(saoma.background());
        let server = HttpServer::new(move || {
            let (saoma, routes) = (saoma.clone(), routes.clone());
            App::new().configure(move |config| routes(&saoma, config))
        });
        let server = server.workers(1).disable_signals().bind("127.0.0.1:0").expect("a port is free");
        let url = server.addrs().first().map(|address| format!("http://{address}")).unwrap_or_default();
        actix_web::rt::spawn(server.run());
        wechat
            .set_callback_url("main", &format!("{url}{mount}/wechat/main/callback"))
            .expect("there is the account `main`");
        TestSite { wechat, clock, app: RemoteApp::new(url), mount }
    }
}

/// A person of the simulated WeChat.
pub struct SitePerson<'s> {
    site: &'s TestSite,
    /// What the simulated WeChat lets them do.
    pub person: Person,
}

#[expect(clippy::expect_used, reason = "a test that cannot go on fails")]
impl<'s> SitePerson<'s> {
    /// Logs in with a browser: opens a login, scans its code, and types number and SMS code where the service asks for
    /// them. Returns the browser.
    ///
    /// # Panics
    /// Where a step is refused.
    pub async fn log_in(&self) -> TestClient<'s> {
        let browser = self.site.browser();
        let login = browser.open_login().await;
        self.person.scan(&login.qr).await.expect("the code is one of this WeChat");
        let login = login.path;
        let scanned = browser.get(&format!("{login}?wait=10")).await.json();
        if scanned.get("state").and_then(|state| state.as_str()) == Some("unregistered") {
            let phone = self.person.phone();
            let sent = self.person.sms().last().map_or(0, |sms| sms.id);
            browser.post(&format!("{login}/sms-codes"), json!({"phone": phone})).await;
            let sms = self.person.next_sms(sent, PATIENCE).await.expect("an SMS was sent");
            browser.post(&format!("{login}/phone"), json!({"phone": phone, "code": sms.code})).await;
        }
        let session = browser.session().await;
        assert_eq!(session.status, 200, "{} is logged in: {}", self.person.name(), session.text);
        browser
    }
}

/// An application at a URL.
struct RemoteApp {
    url: String,
    client: reqwest::Client,
}

#[expect(clippy::expect_used, reason = "a test that cannot go on fails")]
impl RemoteApp {
    fn new(url: String) -> Self {
        let tls = saoma_tls::client_config(false).expect("no certificate is needed");
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .tls_backend_preconfigured(tls)
            .build();
        Self { url, client: client.expect("a client can be made") }
    }

    async fn answer(&self, call: TestCall) -> TestAnswer {
        let method = reqwest::Method::from_bytes(call.method.as_str().as_bytes()).expect("a method");
        let request = self.client.request(method, format!("{}{}", self.url, call.path)).body(call.body);
        let request = call.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        let answer = request.send().await.expect("the application answers");
        let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers =
            answer.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        let status = answer.status().as_u16();
        TestAnswer { status, headers, text: answer.text().await.unwrap_or_default() }
    }
}

impl TestedApp for RemoteApp {
    fn call(&self, call: TestCall) -> Pin<Box<dyn Future<Output = TestAnswer> + '_>> {
        Box::pin(self.answer(call))
    }
}
