//! WeChat's API on loopback, answering what a test scripts, and a client that talks to it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use saoma_domain::ports::{Clock, OfficialAccount, Random, WechatError};
use saoma_domain::time::Timestamp;
use saoma_domain::wechat::{AppKind, AppName, Follower, OpenId, QrTicket};
use saoma_wechat::client::{
    InWechatScope, LoginPage, MiniProgramVersion, SharedTokens, WechatApp, WechatClient, WechatEndpoints,
};
use serde_json::{Value, json};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub(crate) const TOKEN_PATH: &str = "/cgi-bin/stable_token";
pub(crate) const QR_PATH: &str = "/cgi-bin/qrcode/create";
pub(crate) const USER_PATH: &str = "/cgi-bin/user/info";
pub(crate) const GRANT_PATH: &str = "/sns/oauth2/access_token";
pub(crate) const REFRESH_PATH: &str = "/sns/oauth2/refresh_token";
pub(crate) const PROFILE_PATH: &str = "/sns/userinfo";
pub(crate) const JS_CODE_PATH: &str = "/sns/jscode2session";
pub(crate) const LOGIN_CODE_PATH: &str = "/wxa/getwxacodeunlimit";
pub(crate) const PHONE_PATH: &str = "/wxa/business/getuserphonenumber";
pub(crate) const SITE_ID: &str = "wx9a8b7c6d5e4f3a21";
pub(crate) const SITE_SECRET: &str = "51735ec2e751735ec2e751735ec2e700";
pub(crate) const MINI_ID: &str = "wx3d5f7a9b1c2e4d60";
pub(crate) const MINI_SECRET: &str = "31915ec2e731915ec2e731915ec2e700";
pub(crate) const MOBILE_ID: &str = "wx7b6c5d4e3f2a1908";
pub(crate) const MOBILE_SECRET: &str = "40b115ec2e740b115ec2e740b115ec2e";
pub(crate) const SECRET: &str = "5ec2e75ec2e75ec2e75ec2e75ec2e700";
pub(crate) const SCENE: &str = "login:web:8f3a1c";

/// A clock that stands still until the test moves it.
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn advance(&self, secs: i64) {
        self.0.fetch_add(secs * 1000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Makes every random pause the shortest one.
struct Zeros;

impl Random for Zeros {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(0);
    }
}

pub(crate) struct FakeWechat {
    pub(crate) server: MockServer,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) client: Arc<WechatClient>,
}

impl FakeWechat {
    /// Starts a WeChat that knows nothing yet, and a client with a long time limit.
    pub(crate) async fn start() -> Self {
        Self::with_timeout(Duration::from_secs(20)).await
    }

    pub(crate) async fn with_timeout(timeout: Duration) -> Self {
        let server = MockServer::start().await;
        // 20 s into a minute.
        let clock = Arc::new(TestClock(AtomicI64::new(1_763_610_020_000)));
        let client = Arc::new(client_at(&server.uri(), timeout, &clock));
        Self { server, clock, client }
    }

    /// Starts a WeChat that gives out the token `token-1` for two hours.
    pub(crate) async fn with_token() -> Self {
        let wechat = Self::start().await;
        wechat.answer(TOKEN_PATH, vec![token("token-1", 7200)]).await;
        wechat
    }

    /// Scripts the answers of one path; the last one is repeated.
    pub(crate) async fn answer(&self, at: &str, answers: Vec<ResponseTemplate>) {
        let next = AtomicUsize::new(0);
        let script = move |_: &Request| {
            let turn = next.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
            answers[turn].clone()
        };
        Mock::given(path(at)).respond_with(script).mount(&self.server).await;
    }

    pub(crate) async fn requests(&self, at: &str) -> Vec<Request> {
        let requests = self.server.received_requests().await.unwrap();
        requests.into_iter().filter(|request| request.url.path() == at).collect()
    }

    pub(crate) async fn count(&self, at: &str) -> usize {
        self.requests(at).await.len()
    }

    /// Returns the access tokens that calls of a path came with, in order.
    pub(crate) async fn tokens_used(&self, at: &str) -> Vec<String> {
        let token = |request: &Request| {
            let mut pairs = request.url.query_pairs();
            pairs.find(|(name, _)| name == "access_token").map(|(_, token)| token.into_owned()).unwrap()
        };
        self.requests(at).await.iter().map(token).collect()
    }

    pub(crate) async fn create_qr(&self) -> Result<QrTicket, WechatError> {
        self.client.create_qr(&app(), SCENE, Duration::from_secs(120)).await
    }

    pub(crate) async fn follower(&self) -> Result<Follower, WechatError> {
        self.client.follower(&app(), &openid(), Duration::from_secs(60)).await
    }
}

pub(crate) fn client_at(api_base: &str, timeout: Duration, clock: &Arc<TestClock>) -> WechatClient {
    client_sharing(api_base, timeout, clock, None)
}

fn page(version: MiniProgramVersion) -> Option<LoginPage> {
    Some(LoginPage { path: "pages/login/login".to_owned(), version })
}

pub(crate) fn client_sharing(
    api_base: &str,
    timeout: Duration,
    clock: &Arc<TestClock>,
    shared: Option<&SharedTokens>,
) -> WechatClient {
    let endpoints = WechatEndpoints {
        api_base: api_base.to_owned(),
        open_base: "https://open.weixin.qq.com".to_owned(),
        mp_base: "https://mp.weixin.qq.com".to_owned(),
        timeout,
    };
    let make = |name: AppName, kind, app_id: &str, secret: &str| WechatApp {
        name,
        kind,
        in_wechat_scope: InWechatScope::Base,
        login_page: None,
        app_id: app_id.to_owned(),
        secret: secret.into(),
    };
    let apps = vec![
        make(app(), AppKind::OfficialAccount, crate::support::APP_ID, SECRET),
        WechatApp {
            in_wechat_scope: InWechatScope::UserInfo,
            ..make(other_app(), AppKind::OfficialAccount, "wx0000", "another")
        },
        make(site(), AppKind::Website, SITE_ID, SITE_SECRET),
        WechatApp {
            login_page: page(MiniProgramVersion::Release),
            ..make(mini(), AppKind::MiniProgram, MINI_ID, MINI_SECRET)
        },
        WechatApp {
            login_page: page(MiniProgramVersion::Trial),
            ..make(tried_mini(), AppKind::MiniProgram, "wx1111", "third")
        },
        make(other_mini(), AppKind::MiniProgram, "wx2222", "fourth"),
        make(mobile(), AppKind::MobileApp, MOBILE_ID, MOBILE_SECRET),
    ];
    let clock = Arc::clone(clock);
    WechatClient::new(&endpoints, apps, clock, Arc::new(Zeros), shared).unwrap()
}

pub(crate) fn app() -> AppName {
    AppName::parse("main").unwrap()
}

pub(crate) fn other_app() -> AppName {
    AppName::parse("other").unwrap()
}

/// The website application.
pub(crate) fn site() -> AppName {
    AppName::parse("site").unwrap()
}

/// The mini program.
pub(crate) fn mini() -> AppName {
    AppName::parse("mini").unwrap()
}

/// A mini program whose login page is in its trial version alone.
pub(crate) fn tried_mini() -> AppName {
    AppName::parse("tried").unwrap()
}

/// A mini program without a login page.
pub(crate) fn other_mini() -> AppName {
    AppName::parse("pageless").unwrap()
}

/// The mobile application.
pub(crate) fn mobile() -> AppName {
    AppName::parse("mobile").unwrap()
}

pub(crate) fn openid() -> OpenId {
    OpenId::parse(crate::support::OPENID).unwrap()
}

pub(crate) fn answer(json: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json)
}

pub(crate) fn token(value: &str, expires_in: i64) -> ResponseTemplate {
    answer(json!({"access_token": value, "expires_in": expires_in}))
}

pub(crate) fn errcode(code: i64) -> ResponseTemplate {
    answer(json!({"errcode": code, "errmsg": format!("sample rid: 6740a1b2-{code}")}))
}

pub(crate) fn qr() -> ResponseTemplate {
    answer(json!({"ticket": "gQH4+z/AA==", "expire_seconds": 120, "url": "http://weixin.qq.com/q/02sample"}))
}

pub(crate) fn refused_with(result: Result<impl std::fmt::Debug, WechatError>) -> (i64, String) {
    match result {
        Err(WechatError::Refused { errcode, advice }) => (errcode, advice),
        other => panic!("not refused but {other:?}"),
    }
}

pub(crate) fn unavailable_for(result: Result<impl std::fmt::Debug, WechatError>) -> (String, Duration) {
    match result {
        Err(WechatError::Unavailable { reason, retry_after }) => (reason, retry_after),
        other => panic!("not unavailable but {other:?}"),
    }
}

/// Answers one connection after the other with raw bytes, and then no more.
pub(crate) fn raw_server(answers: Vec<&'static str>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            // Nothing is answered before something was asked; what exactly does not matter here.
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

/// A token with its HTTP around it.
pub(crate) const TOKEN_ANSWER: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 41\r\n\r\n\
    {\"access_token\":\"tok-1\",\"expires_in\":999}";
