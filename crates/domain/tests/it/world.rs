//! A node on in-process stores, and the steps that most stories begin with.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};

use saoma_domain::{
    account::{Account, PhoneNumber},
    login::{AuthenticatedLogin, Channel, ClientInfo, Login, LoginContext, LoginState, ScenePurpose},
    ports::{Accounts, ActiveSession, Clock, Logins, Sessions},
    services::{
        ClientSubject, CodeRequest, IssuedSession, Policy, Ports, ScanReply, ScannedEvent, ServiceError,
        Services, StartLogin, StartedLogin,
    },
    time::Timestamp,
    wechat::{AppName, OpenAccount, OpenId},
};
use saoma_memory::{MemoryLoginCache, MemorySessionCache, MemorySessionKeys};
use saoma_testing::{
    FakeMiniProgram, FakeOAuth, FakeOfficialAccount, Fakes, ManualBackground, ManualClock, MemoryDatabase,
    SmsInbox,
};

use crate::paced_wechat::PacedOfficialAccount;

pub(crate) use crate::settings::{keys, policy, unlimited};

pub(crate) const START: Timestamp = Timestamp::from_secs(1_763_610_000);
pub(crate) const CLIENT: ClientSubject = ClientSubject::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)));
pub(crate) const PHONE: &str = "13800138000";
pub(crate) const OTHER_PHONE: &str = "13900139000";

/// A node and everything that it stands on; other nodes can be put on the same stores.
pub(crate) struct World<C = ManualClock> {
    pub(crate) clock: Arc<C>,
    pub(crate) login_cache: Arc<MemoryLoginCache>,
    pub(crate) database: Arc<MemoryDatabase>,
    pub(crate) session_cache: Arc<MemorySessionCache>,
    pub(crate) wechat: Arc<FakeOfficialAccount>,
    pub(crate) paced: Arc<PacedOfficialAccount>,
    pub(crate) oauth: Arc<FakeOAuth>,
    pub(crate) mini_program: Arc<FakeMiniProgram>,
    pub(crate) session_keys: Arc<MemorySessionKeys>,
    pub(crate) inbox: Arc<SmsInbox>,
    pub(crate) background: Arc<ManualBackground>,
    pub(crate) services: Arc<Services>,
    ports: Ports,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with_clock(ManualClock::new(START))
    }

    pub(crate) fn pass(&self, duration: Duration) {
        self.clock.advance(duration);
    }
}

impl<C: Clock + 'static> World<C> {
    pub(crate) fn with_clock(clock: C) -> Self {
        let fakes = Fakes::with_clock(clock);
        let paced = Arc::new(PacedOfficialAccount::new(fakes.official_account.clone()));
        let ports = Ports { official_account: paced.clone(), ..fakes.ports() };
        Self {
            clock: fakes.clock,
            login_cache: fakes.login_cache,
            database: fakes.database,
            session_cache: fakes.session_cache,
            wechat: fakes.official_account,
            paced,
            oauth: fakes.oauth,
            mini_program: fakes.mini_program,
            session_keys: fakes.session_keys,
            inbox: fakes.inbox,
            background: fakes.background,
            services: Arc::new(Services::new(ports.clone(), keys(&[1]), policy())),
            ports,
        }
    }

    /// Returns the time on the clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn ports(&self) -> Ports {
        self.ports.clone()
    }

    /// Returns another node, some of whose ports may be others.
    pub(crate) fn node(&self, change: impl FnOnce(&mut Ports)) -> Arc<Services> {
        let mut ports = self.ports();
        change(&mut ports);
        Arc::new(Services::new(ports, keys(&[1]), policy()))
    }

    /// Returns another node with the keys of these numbers, the first of which signs.
    pub(crate) fn node_with_keys(&self, numbers: &[u8]) -> Arc<Services> {
        Arc::new(Services::new(self.ports(), keys(numbers), policy()))
    }

    /// Returns another node with other settings.
    pub(crate) fn node_with_policy(&self, change: impl FnOnce(&mut Policy)) -> Arc<Services> {
        let mut policy = policy();
        change(&mut policy);
        Arc::new(Services::new(self.ports(), keys(&[1]), policy))
    }

    pub(crate) async fn start(&self) -> StartedLogin {
        self.services.start.with_qr(request("main")).await.unwrap()
    }

    /// Returns what WeChat reports when a person scans the code of a login.
    pub(crate) fn event(&self, started: &StartedLogin, person: &str) -> ScannedEvent {
        let scene = self.wechat.scene_of(&started.qr.url).unwrap();
        ScannedEvent { app: app("main"), openid: openid(person), scene }
    }

    pub(crate) async fn scan(&self, started: &StartedLogin, person: &str) -> ScanReply {
        self.services.scans.take_scan(self.event(started, person)).await.unwrap()
    }

    /// Returns a login whose code was scanned by a person without an account.
    pub(crate) async fn unregistered(&self, person: &str) -> AuthenticatedLogin {
        let started = self.start().await;
        self.scan(&started, person).await;
        started.auth
    }

    /// Has a code sent and returns it.
    pub(crate) async fn code(&self, auth: &AuthenticatedLogin, phone: &str) -> String {
        self.services.phone_binding.send_code(auth, CodeRequest { phone, client: CLIENT }).await.unwrap();
        self.inbox.last_code(&number(phone)).unwrap().reveal().to_owned()
    }

    pub(crate) async fn bind(&self, auth: &AuthenticatedLogin, phone: &str) -> Result<Login, ServiceError> {
        let code = self.code(auth, phone).await;
        self.services.phone_binding.bind(auth, phone, &code).await
    }

    /// Returns the registered login of a new person.
    pub(crate) async fn registered(&self, person: &str, phone: &str) -> (AuthenticatedLogin, Login) {
        let auth = self.unregistered(person).await;
        let login = self.bind(&auth, phone).await.unwrap();
        (auth, login)
    }

    /// Returns the session of a new person.
    pub(crate) async fn session(&self, person: &str, phone: &str) -> IssuedSession {
        let (auth, login) = self.registered(person, phone).await;
        self.services.session_issuer.issue(&auth, &login, browser()).await.unwrap()
    }

    /// Returns the session of a person who has an account.
    pub(crate) async fn another_session(&self, person: &str) -> IssuedSession {
        let started = self.start().await;
        self.scan(&started, person).await;
        let login = self.services.waiting.look(&started.auth).await.unwrap();
        self.services.session_issuer.issue(&started.auth, &login, browser()).await.unwrap()
    }

    /// Returns a session as it is stored, with its account.
    pub(crate) async fn stored(&self, issued: &IssuedSession) -> ActiveSession {
        Sessions::find(&*self.database, &issued.token.hash()).await.unwrap().unwrap()
    }

    /// Returns a login as it was committed.
    pub(crate) async fn committed(&self, auth: &AuthenticatedLogin) -> Option<Login> {
        Logins::find(&*self.database, auth.id()).await.unwrap().map(|record| record.login)
    }

    /// Returns the account that a registered login leads to.
    pub(crate) async fn account_of(&self, login: &Login) -> Account {
        let LoginState::Registered { account, .. } = login.state else {
            unreachable!("{login:?} leads to no account")
        };
        self.database.account(account).await.unwrap().unwrap()
    }
}

pub(crate) const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

pub(crate) const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) fn app(name: &str) -> AppName {
    AppName::parse(name).unwrap()
}

pub(crate) fn openid(name: &str) -> OpenId {
    OpenId::parse(name).unwrap()
}

pub(crate) fn open_account(name: &str) -> OpenAccount {
    OpenAccount::parse(name).unwrap()
}

pub(crate) fn number(phone: &str) -> PhoneNumber {
    PhoneNumber::parse(phone).unwrap()
}

/// Returns a client by its address.
pub(crate) fn client(address: &str) -> ClientSubject {
    ClientSubject::new(address.parse().unwrap())
}

pub(crate) fn browser() -> ClientInfo {
    ClientInfo::new("192.0.2.7", "Firefox")
}

pub(crate) fn request(name: &str) -> StartLogin {
    let context = LoginContext {
        channel: Channel::OfficialAccount,
        app: app(name),
        purpose: ScenePurpose::parse("pc-web").unwrap(),
        client_info: browser(),
    };
    StartLogin { context, client: CLIENT, link_to: None, consent: None }
}

/// Returns what a person is told of a scan, without the link that is in it: what became of it, who asked, and when.
pub(crate) fn told(reply: &ScanReply) -> (&'static str, ClientInfo, Timestamp) {
    match reply.client() {
        Some(client) => (reply.as_str(), client.client_info.clone(), client.at),
        None => (reply.as_str(), ClientInfo::default(), START),
    }
}
