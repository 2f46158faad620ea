//! The service, with all that it stands on in this process.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::BTreeSet,
    sync::Arc,
    time::Duration,
};

use actix_web::{App, test::init_service, web::ServiceConfig};
use saoma_api::{
    Adapters, Environment, Saoma, TokioBackground, build,
    config::{Config, ConfigBuilder, Credentials},
    domain::{ports::NotificationSink, services::Ports},
};
use saoma_testing::{Fakes, SeededRandom};
use saoma_wechat::callback::{CallbackConfig, CallbackMode, CallbackSender};

use crate::{
    app::{TestApp, TestedApp},
    client::TestClient,
    person::TestPerson,
};

/// The site of every world.
const SITE: &str = "http://shop.test";

/// The official account's `Token` and `EncodingAESKey`.
const TOKEN: &str = "testtoken";
const AES_KEY: &str = "testkeytestkeytestkeytestkeytestkeytestkeyt";

/// WeChat's id of the official account.
const APP_ID: &str = "wx0000000000000001";

/// The service with a configuration, every fake, one clock and a seed.
///
/// There are the official account `main`, the website application `site` and the mini program `mini`. Limits on the number of
/// logins are switched off, since a test has one address and its clock stands still.
pub struct TestWorld {
    /// The fakes: what was sent, and failures to come.
    pub fakes: Fakes,
    config: Config,
    saoma: Saoma,
    /// Answers WeChat's callback.
    callback: OnceCell<TestApp>,
    pub(crate) sender: CallbackSender,
    pub(crate) followers: RefCell<BTreeSet<String>>,
    messages: Cell<u64>,
}

/// Swaps adapters for others.
type Swap = Box<dyn FnOnce(&mut Adapters)>;

/// Makes a [`TestWorld`] that differs from the usual one.
#[must_use]
pub struct TestWorldBuilder {
    config: ConfigBuilder,
    seed: u64,
    swaps: Vec<Swap>,
}

impl TestWorldBuilder {
    /// Changes the configuration.
    pub fn config(self, change: impl FnOnce(ConfigBuilder) -> ConfigBuilder) -> Self {
        Self { config: change(self.config), ..self }
    }

    /// Draws everything from another seed than 1.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Swaps adapters for others, such as mocks.
    pub fn adapters(mut self, swap: impl FnOnce(&mut Adapters) + 'static) -> Self {
        self.swaps.push(Box::new(swap));
        self
    }

    /// Brings what the application brings of its own. Clock, randomness, background and database of the environment are not
    /// used: those of the world are fakes.
    pub fn environment(self, brought: Environment) -> Self {
        self.adapters(move |adapters| {
            let Environment { sms_sender, places, gate, events, on_message, chat_texts, .. } = brought;
            let ports = &mut adapters.ports;
            ports.sms_sender = sms_sender.unwrap_or_else(|| ports.sms_sender.clone());
            ports.places = places.unwrap_or_else(|| ports.places.clone());
            ports.gate = gate.unwrap_or_else(|| ports.gate.clone());
            (adapters.events, adapters.on_message, adapters.chat_texts) = (events, on_message, chat_texts);
        })
    }

    /// Makes the world.
    ///
    /// # Panics
    /// Where the configuration is wrong: the message names the keys.
    #[expect(clippy::expect_used, reason = "a test that cannot go on fails")]
    pub fn build(self) -> TestWorld {
        let fakes = Fakes { random: Arc::new(SeededRandom::new(self.seed)), ..Fakes::new() };
        let cache = Arc::clone(&fakes.login_cache);
        fakes.clock.on_move(move || cache.subscribers().notify_all());
        let ports = Ports { background: Arc::new(TokioBackground), ..fakes.ports() };
        let mut adapters = Adapters::in_process(ports, &fakes.database);
        for swap in self.swaps {
            swap(&mut adapters);
        }
        let config = self.config.build().expect("the configuration of a test");
        let sender = CallbackSender::new(&CallbackConfig {
            app_id: APP_ID.to_owned(),
            token: TOKEN.into(),
            encoding_aes_key: Some(AES_KEY.into()),
            previous_encoding_aes_key: None,
            mode: CallbackMode::Secure,
        });
        TestWorld {
            fakes,
            saoma: build(config.clone(), adapters),
            config,
            callback: OnceCell::new(),
            sender: sender.expect("the settings of the account are constants"),
            followers: RefCell::default(),
            messages: Cell::new(0),
        }
    }
}

impl TestWorld {
    /// Makes the usual world.
    ///
    /// # Panics
    /// Never, as long as the fakes fit the configuration.
    #[expect(clippy::new_without_default, reason = "a world is made on purpose")]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Begins a world that differs from the usual one.
    pub fn builder() -> TestWorldBuilder {
        let credentials = |app_id: &str| Credentials::new(app_id, "secret");
        let config = Config::builder(SITE, "5a".repeat(32))
            .official_account("main", credentials(APP_ID).with_callback(TOKEN, AES_KEY))
            .website("site", credentials("wx0000000000000002"))
            .mini_program("mini", credentials("wx0000000000000003"))
            .set("limits.logins_per_ip_burst", 0)
            .set("limits.logins_per_network_per_min", 0);
        TestWorldBuilder { config, seed: 1, swaps: Vec::new() }
    }

    /// Returns the configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Returns the service, to be mounted into the application; each call returns the same one.
    pub fn saoma(&self) -> Saoma {
        self.saoma.clone()
    }

    /// Starts an application in this process with these routes, which mount the service as well.
    pub async fn app(&self, routes: impl FnOnce(&mut ServiceConfig)) -> TestApp {
        TestApp::new(init_service(App::new().configure(routes)).await)
    }

    /// Returns the person of this name. The number is theirs, and codes that are sent there are read by them.
    ///
    /// # Panics
    /// Where the number is none.
    pub fn person(&self, name: &str, phone: &str) -> TestPerson<'_> {
        TestPerson::new(self, name, phone)
    }

    /// Opens a browser that is not logged in.
    pub fn browser<'a>(&self, app: &'a dyn TestedApp) -> TestClient<'a> {
        TestClient::new(app, SITE.to_owned(), &self.config.mount)
    }

    /// Lets those hear events who do ([`Environment::events`]), and returns when they have heard all of them.
    ///
    /// # Panics
    /// Where the database was taken away.
    #[expect(clippy::expect_used, reason = "a test that cannot go on fails")]
    pub async fn tell_events(&self) {
        self.saoma.tell_events().await.expect("the events can be read");
    }

    /// Lets time pass: the clock moves, and every client that waits looks again.
    pub fn pass(&self, time: Duration) {
        self.fakes.clock.advance(time);
    }

    /// Returns the next number for a message.
    pub(crate) fn next_message(&self) -> u64 {
        self.messages.set(self.messages.get() + 1);
        self.messages.get()
    }

    /// Returns what answers WeChat's callback: the service by itself, whatever application it is mounted in.
    pub(crate) async fn callback(&self) -> TestApp {
        if let Some(known) = self.callback.get() {
            return known.clone();
        }
        let service = TestApp::new(init_service(App::new().service(self.saoma.service())).await);
        self.callback.get_or_init(|| service).clone()
    }
}
