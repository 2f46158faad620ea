//! A sandbox, a caller of it, and a service that it calls.

mod receiver;

pub(crate) use receiver::{Receiver, ScriptedAnswer};

use saoma_sandbox::{
    Clock, MiniProgram, MobileApp, OfficialAccount, Person, Sandbox, SandboxConfig, WebsiteApp,
};
use serde_json::{Value, json};

/// The time in tests until they advance the clock.
pub(crate) const START: i64 = 1_763_610_000;

/// App id and secret of an app of each kind, as parameters of a call.
pub(crate) const MAIN: &str = "appid=wx5a0b4c3d2e1f6078&secret=0f1e2d3c4b5a69788796a5b4c3d2e1f0";
pub(crate) const SITE: &str = "appid=wx9a8b7c6d5e4f3a21&secret=1a2b3c4d5e6f70819203a4b5c6d7e8f9";
pub(crate) const MINI: &str = "appid=wx3d5f7a9b1c2e4d60&secret=9f8e7d6c5b4a39281706f5e4d3c2b1a0";
pub(crate) const MOBILE: &str = "appid=wx7b6c5d4e3f2a1908&secret=5e6f70819203a4b5c6d7e8f91a2b3c4d";

/// A configuration in which everything is the same in every run.
pub(crate) fn config() -> SandboxConfig {
    SandboxConfig {
        clock: Clock::standing_at(START),
        seed: Some([7; 32]),
        ..SandboxConfig::with_account(OfficialAccount::demo())
    }
}

/// A configuration with one app of every kind: `main`, `site`, `mini` and `mobile`.
pub(crate) fn every_app() -> SandboxConfig {
    SandboxConfig {
        websites: vec![WebsiteApp::demo()],
        mini_programs: vec![MiniProgram::demo()],
        mobile_apps: vec![MobileApp::demo()],
        ..config()
    }
}

pub(crate) async fn sandbox() -> Sandbox {
    Sandbox::start(config()).await.unwrap()
}

/// A sandbox, and the service that its events go to.
pub(crate) async fn sandbox_and_receiver(config: SandboxConfig) -> (Sandbox, Receiver) {
    let receiver = Receiver::start(&config.accounts[0]);
    let sandbox = Sandbox::start(config).await.unwrap();
    sandbox.set_callback_url("main", &receiver.url()).unwrap();
    (sandbox, receiver)
}

/// A sandbox with one app of every kind, a caller, and ming with the number `+8613800138000`.
pub(crate) struct Fixture {
    pub(crate) sandbox: Sandbox,
    pub(crate) caller: Caller,
    pub(crate) ming: Person,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        Self::with(every_app()).await
    }

    pub(crate) async fn with(config: SandboxConfig) -> Self {
        let sandbox = Sandbox::start(config).await.unwrap();
        let ming = sandbox.person_with_phone("ming", "+8613800138000").unwrap();
        Self { caller: Caller::new(&sandbox), ming, sandbox }
    }
}

/// A caller of the sandbox over HTTP.
pub(crate) struct Caller {
    base: String,
    client: reqwest::Client,
}

impl Caller {
    pub(crate) fn new(sandbox: &Sandbox) -> Self {
        let redirect = reqwest::redirect::Policy::none();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(saoma_tls::client_config(false).unwrap())
            .no_proxy()
            .redirect(redirect)
            .build()
            .unwrap();
        Self { base: sandbox.base_url(), client }
    }

    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        self.client.get(format!("{}{path}", self.base)).send().await.unwrap()
    }

    pub(crate) async fn get_json(&self, path: &str) -> Value {
        json_of(self.get(path).await).await
    }

    pub(crate) async fn post(&self, path: &str, body: impl Into<reqwest::Body>) -> reqwest::Response {
        self.request(path).body(body).send().await.unwrap()
    }

    pub(crate) async fn post_json(&self, path: &str, body: Value) -> Value {
        json_of(self.post(path, body.to_string()).await).await
    }

    pub(crate) fn request(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.post(format!("{}{path}", self.base)).header("Content-Type", "application/json")
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> reqwest::Response {
        self.client.put(format!("{}{path}", self.base)).json(&body).send().await.unwrap()
    }

    pub(crate) async fn delete(&self, path: &str) -> reqwest::Response {
        self.client.delete(format!("{}{path}", self.base)).send().await.unwrap()
    }

    /// Returns the stable token of the official account.
    pub(crate) async fn stable_token(&self) -> String {
        self.token(stable_request(MAIN)).await
    }

    /// Returns the stable token of the mini program.
    pub(crate) async fn mini_token(&self) -> String {
        self.token(stable_request(MINI)).await
    }

    async fn token(&self, request: Value) -> String {
        let answer = self.post_json("/cgi-bin/stable_token", request).await;
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// Exchanges the code of an authorization.
    pub(crate) async fn exchange(&self, app: &str, code: &str) -> Value {
        let grant = "grant_type=authorization_code";
        self.get_json(&format!("/sns/oauth2/access_token?{app}&code={code}&{grant}")).await
    }

    /// Exchanges a login code of the mini program.
    pub(crate) async fn mini_session(&self, code: &str) -> Value {
        let grant = "grant_type=authorization_code";
        self.get_json(&format!("/sns/jscode2session?{MINI}&js_code={code}&{grant}")).await
    }

    /// Makes a code and returns WeChat's answer.
    pub(crate) async fn make_code(&self, scene: &str, expire_seconds: u32) -> Value {
        let token = self.stable_token().await;
        let body = json!({
            "expire_seconds": expire_seconds,
            "action_name": "QR_STR_SCENE",
            "action_info": { "scene": { "scene_str": scene } },
        });
        self.post_json(&format!("/cgi-bin/qrcode/create?access_token={token}"), body).await
    }

    /// Makes a code and returns the URL in it.
    pub(crate) async fn code_url(&self, scene: &str) -> String {
        self.make_code(scene, 120).await["url"].as_str().unwrap().to_owned()
    }
}

/// The URL to which a service sends a browser for website login.
pub(crate) fn qrconnect(sandbox: &Sandbox) -> String {
    authorize_url(sandbox, "qrconnect", "wx9a8b7c6d5e4f3a21", "snsapi_login")
}

/// The URL to which a service sends WeChat's own browser.
pub(crate) fn in_wechat(sandbox: &Sandbox, scope: &str) -> String {
    authorize_url(sandbox, "oauth2/authorize", "wx5a0b4c3d2e1f6078", scope)
}

fn authorize_url(sandbox: &Sandbox, page: &str, app_id: &str, scope: &str) -> String {
    format!(
        "{}/connect/{page}?appid={app_id}&redirect_uri=https%3A%2F%2Fdemo.example%2Freturn%3Fa%3D1&\
         response_type=code&scope={scope}&state=abc-_9#wechat_redirect",
        sandbox.base_url()
    )
}

/// Returns a parameter of a URL.
pub(crate) fn parameter(url: &url::Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// A right body for `stable_token`.
pub(crate) fn stable_request(app: &str) -> Value {
    let mut request = json!({ "grant_type": "client_credential" });
    for (name, value) in url::form_urlencoded::parse(app.as_bytes()) {
        request[name.as_ref()] = value.into();
    }
    request
}

/// Reads JSON under any content type, as callers of WeChat must.
async fn json_of(response: reqwest::Response) -> Value {
    let body = response.bytes().await.unwrap();
    serde_json::from_slice(&body).unwrap_or_else(|_| panic!("not JSON: {}", String::from_utf8_lossy(&body)))
}
