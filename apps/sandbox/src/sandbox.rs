//! The running sandbox.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer, web};
use tokio::runtime::Handle;

use crate::config::SandboxConfig;
use crate::error::SandboxError;
use crate::person::Person;
use crate::random::system_seed;
use crate::simulation::{Reaction, Simulation};
use crate::state::{Api, Event, Fault, MiniCode, QrCode};
use crate::{authorize_page, control, phone_page, sms_clouds, sms_webhook, wechat_api};

const WORKERS: usize = 2;

/// A simulated WeChat on a port of its own; it ends when it is stopped or dropped.
#[derive(Debug)]
pub struct Sandbox {
    simulation: Arc<Simulation>,
    address: SocketAddr,
    server: ServerHandle,
}

impl Sandbox {
    /// Starts listening and returns when calls are answered. Must be called on a tokio runtime.
    ///
    /// # Errors
    /// [`SandboxError::Config`] for a value that cannot be used, [`SandboxError::Bind`] when the address
    /// is taken, [`SandboxError::InvalidPerson`] or [`SandboxError::TooManyPeople`] for the configured people,
    /// [`SandboxError::Random`] and [`SandboxError::Client`] for what the operating system lacks.
    pub async fn start(config: SandboxConfig) -> Result<Self, SandboxError> {
        let wanted = config.listen;
        let seed = config.seed.or_else(system_seed).ok_or(SandboxError::Random)?;
        let simulation = Arc::new(Simulation::new(config, &seed, Handle::current())?);
        let bind = |source| SandboxError::Bind { address: wanted, source };
        let listener = TcpListener::bind(wanted).map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let data = web::Data::from(Arc::clone(&simulation));
        let app = move || {
            App::new()
                .app_data(data.clone())
                .wrap(phone_page::headers())
                .configure(wechat_api::routes)
                .configure(control::routes)
                .route("/sandbox/sms/webhook", web::post().to(sms_webhook::handle))
                .configure(sms_clouds::routes)
                .configure(authorize_page::routes)
                .configure(phone_page::routes)
        };
        let server =
            HttpServer::new(app).workers(WORKERS).disable_signals().listen(listener).map_err(bind)?.run();
        let handle = server.handle();
        tokio::spawn(server);
        Ok(Self { simulation, address, server: handle })
    }

    /// Returns the address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the value for `wechat.api_base`, `open_base` and `mp_base` of the service, without a slash at
    /// the end. A browser finds the phone page there.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the URL that the service has to send its SMS to (`sms.url` of the provider `webhook`).
    pub fn sms_webhook_url(&self) -> String {
        format!("{}/sandbox/sms/webhook", self.base_url())
    }

    /// Returns the URL of a simulated cloud that sends SMS: `aliyun` (also for `aliyun_pnvs`) or `tencent`.
    pub fn sms_cloud_url(&self, cloud: &str) -> String {
        format!("{}/sandbox/sms/{cloud}", self.base_url())
    }

    /// Returns the URL of the simulated captcha (`check.url`); its script is at `AliyunCaptcha.js` below it (`check.script_url`).
    pub fn captcha_url(&self) -> String {
        format!("{}/sandbox/captcha", self.base_url())
    }

    /// Lets the clouds refuse all messages with a code of theirs, or take them again.
    pub fn refuse_sms(&self, code: Option<&str>) {
        self.simulation.shared.write(|state| state.faults.sms_code = code.map(str::to_owned));
    }

    /// Stops listening, so that the port is free again; open connections end a moment later.
    pub async fn stop(self) {
        self.server.stop(false).await;
    }

    /// Returns the person of this name and adds a new one where there is none.
    ///
    /// # Errors
    /// [`SandboxError::InvalidPerson`] for a name that is not 1–32 letters, digits, `-` or `_`;
    /// [`SandboxError::TooManyPeople`].
    pub fn person(&self, name: &str) -> Result<Person, SandboxError> {
        Person::new(&self.simulation, name, None)
    }

    /// Returns the person of this name; a new one gets this phone number (`+8613800138000`).
    ///
    /// # Errors
    /// As [`Sandbox::person`], and for a number that is not of this form or that another person has.
    pub fn person_with_phone(&self, name: &str, phone: &str) -> Result<Person, SandboxError> {
        Person::new(&self.simulation, name, Some(phone))
    }

    /// Returns the QR codes that can be scanned, newest first.
    pub fn qr_codes(&self) -> Vec<QrCode> {
        let now = self.simulation.shared.now();
        self.simulation.shared.read(|state| state.qr_codes.open(now).cloned().collect())
    }

    /// Returns the codes of mini programs, newest first.
    pub fn mini_codes(&self) -> Vec<MiniCode> {
        self.simulation.shared.read(|state| state.mini_codes.since(i64::MIN).cloned().collect())
    }

    /// Returns the events with a number over `after`, oldest first, with their deliveries.
    pub fn events(&self, after: u64) -> Vec<Event> {
        self.simulation.shared.read(|state| state.events.after(after))
    }

    /// Sends an event from the log once more, in 1–64 copies at the same time.
    ///
    /// # Errors
    /// [`SandboxError::UnknownEvent`].
    pub async fn resend(&self, event: u64, copies: usize) -> Result<Reaction, SandboxError> {
        self.simulation.send_event(event, copies).await
    }

    /// Lets the next `times` calls of an API fail, after those that were scripted before; at most 1000 faults
    /// wait at one API.
    pub fn fail(&self, api: Api, fault: &Fault, times: usize) {
        self.simulation.shared.write(|state| state.faults.add(api, fault, times));
    }

    /// Removes the faults that wait.
    pub fn clear_faults(&self) {
        self.simulation.shared.write(|state| state.faults.waiting.clear());
    }

    /// Returns the number of calls of an API since the start, failed ones included.
    pub fn calls(&self, api: Api) -> u64 {
        self.simulation.shared.read(|state| state.faults.calls.get(&api).copied().unwrap_or(0))
    }

    /// Sets the URL that the events of an account go to from now on.
    ///
    /// # Errors
    /// [`SandboxError::UnknownAccount`]; [`SandboxError::Config`] for a text that is no http or https URL.
    pub fn set_callback_url(&self, account: &str, url: &str) -> Result<(), SandboxError> {
        self.simulation.set_callback_url(account, url)
    }

    /// Checks the callback URL with a signed GET, as WeChat's console does; `false` when its answer is not
    /// the one that WeChat wants, or when no URL is set.
    ///
    /// # Errors
    /// [`SandboxError::UnknownAccount`].
    pub async fn check_callback_url(&self, account: &str) -> Result<bool, SandboxError> {
        self.simulation.check_callback_url(account).await
    }

    /// Makes every access token of an app useless (errcode 40001) and returns their number. The tokens of users
    /// stay good.
    ///
    /// # Errors
    /// [`SandboxError::UnknownApp`].
    pub fn kill_tokens(&self, app: &str) -> Result<usize, SandboxError> {
        self.simulation.kill_tokens(app)
    }

    /// Binds an app of any kind to an open-platform account from now on, or to none: this is how a unionid
    /// appears later, changes or goes.
    ///
    /// # Errors
    /// [`SandboxError::UnknownApp`].
    pub fn bind_open_account(&self, app: &str, open_account: Option<&str>) -> Result<(), SandboxError> {
        self.simulation.bind_open_account(app, open_account)
    }

    /// Moves WeChat's clock forward by whole seconds: tokens and QR codes grow old.
    pub fn advance_clock(&self, by: Duration) {
        self.simulation.advance_clock(by);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // The order to stop is sent at once; the future would only wait until the server has stopped.
        drop(self.server.stop(false));
    }
}
