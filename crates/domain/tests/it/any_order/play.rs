//! Doing each step to the flows and to the model, and comparing what they say.

use std::sync::Arc;

use proptest::{prelude::*, test_runner::TestCaseError};
use saoma_domain::{
    account::{AccountId, PhoneNumber},
    flows::{CodeRequest, FlowError, Flows, FollowUp, ScanReply, ScannedEvent, StartLogin, StartedLogin},
    login::{self, LoginState, PollToken},
    ports::{Accounts, Clock},
    session::SessionToken,
    time::Timestamp,
    wechat::{Follower, OpenId, UnionId},
};
use saoma_memory::SeededRandom;

use super::{
    LOGINS, Step,
    check::Seen,
    model::{Model, Refused, Scanned, Stands},
};
use crate::world::{CLIENT, World, app, browser, number, openid, unlimited, wish};

type Verdict = Result<(), TestCaseError>;

const APPS: [&str; 2] = ["main", "shop"];
const PERSONS: [&str; 3] = ["Anna", "Bela", "Cora"];
const PHONES: [&str; 3] = ["13800138000", "13900139000", "13700137000"];

/// The flows and the model, side by side.
pub(super) struct Play {
    pub(super) world: World,
    pub(super) model: Model,
    pub(super) logins: Vec<StartedLogin>,
    pub(super) seen: Vec<Seen>,
    pub(super) tokens: Vec<Option<SessionToken>>,
    /// The last code that was sent for each login.
    codes: Vec<String>,
    /// What scans have left behind, by login and person.
    work: Vec<(usize, usize, FollowUp)>,
}

impl Play {
    pub(super) fn begin() -> Self {
        let world = World::new();
        let model = Model::default();
        for (login_app, person) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)] {
            let unionid = has_unionid(person).then(|| UnionId::parse(PERSONS[person]).unwrap());
            let follower = Follower { subscribed: true, unionid };
            world.wechat.know(&app(APPS[login_app]), openid_in(login_app, person), follower);
        }
        let (logins, seen, tokens, codes, work) = Default::default();
        let mut play = Self { world, model, logins, seen, tokens, codes, work };
        play.world.flows = play.node();
        play
    }

    fn node(&self) -> Arc<Flows> {
        self.world.node_with_policy(|policy| {
            policy.limits = unlimited();
            policy.session.idle = policy.session.absolute;
        })
    }

    pub(super) fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    /// Returns the index of a login that was started.
    fn started(&self, login: usize) -> usize {
        login % self.logins.len()
    }

    /// Does a step and checks everything after it.
    pub(super) async fn step(&mut self, step: Step) -> Verdict {
        match step {
            Step::Start { app } => self.start(app, None).await,
            Step::Join { app, login } => self.join(app, self.started(login)).await?,
            Step::Scan { login, person } => self.scan(self.started(login), person).await?,
            Step::FollowUp => self.follow_up().await,
            Step::SendCode { login, phone } => self.send_code(self.started(login), phone).await?,
            Step::Bind { login, phone, right } => self.bind(self.started(login), phone, right).await?,
            Step::Poll { login, foreign_token: true } => self.poll_as_stranger(self.started(login))?,
            Step::Poll { login, foreign_token: false } => self.poll(self.started(login)).await?,
            Step::Cancel { login } => self.cancel(self.started(login)).await?,
            Step::LogOut { login } => self.log_out(self.started(login)).await?,
            Step::LogOutEverywhere { login } => self.log_out_everywhere(self.started(login)).await?,
            Step::Pass { time } => self.world.pass(time),
            Step::EmptyBoard => {
                self.world.board.clear();
                self.world.copies.clear();
            }
            Step::Restart => self.world.flows = self.node(),
            Step::Sweep => self.sweep().await,
        }
        self.check().await
    }

    async fn sweep(&self) {
        self.world.flows.sweep().await.unwrap();
    }

    /// Lets every client ask once more, now and when all is over.
    pub(super) async fn end(mut self) -> Verdict {
        for login in 0..self.logins.len() {
            self.poll(login).await?;
        }
        self.world.pass(crate::world::secs(10_000));
        for login in 0..self.logins.len() {
            self.poll(login).await?;
        }
        self.check().await
    }

    async fn start(&mut self, app: usize, joins: Option<(AccountId, usize)>) {
        if self.logins.len() < LOGINS {
            self.model.start(app, joins.map(|(_, phone)| phone), self.now());
            let wish = StartLogin { joins: joins.map(|(account, _)| account), ..wish(APPS[app]) };
            self.logins.push(self.world.flows.start_login(wish).await.unwrap());
            self.seen.push(Seen::default());
            self.tokens.push(None);
            self.codes.push(String::new());
        }
    }

    /// Starts a login that is to add an identity to the account that a login led to.
    async fn join(&mut self, app: usize, login: usize) -> Verdict {
        let Some(token) = &self.tokens[login] else { return Ok(()) };
        let checked = self.world.flows.check_session(token).await;
        prop_assert_eq!(checked.is_ok(), self.model.logins[login].has_session());
        if let Ok(checked) = checked {
            self.start(app, Some((checked.account.id, index(&checked.account.phone)))).await;
        }
        Ok(())
    }

    async fn scan(&mut self, login: usize, person: usize) -> Verdict {
        let login_app = self.model.logins[login].app;
        let (app, openid) = (app(APPS[login_app]), openid_in(login_app, person));
        let event = ScannedEvent { app, openid, ..self.world.event(&self.logins[login], "nobody") };
        let taken = self.world.flows.take_scan(event).await.unwrap();
        let reply = match taken.reply {
            ScanReply::LoggedIn { .. } | ScanReply::Joined { .. } => Scanned::LoggedIn,
            ScanReply::GoOn { .. } => Scanned::GoOn,
            ScanReply::ByAnother => Scanned::ByAnother,
            ScanReply::Over(reason) => Scanned::Over(reason),
            ScanReply::NotJoined => Scanned::NotJoined,
            ScanReply::Foreign => return Err(TestCaseError::fail("the scene is ours")),
        };
        let expected = self.model.scan(login, person, self.now());
        prop_assert_eq!((reply, taken.follow_up.is_some()), expected);
        self.work.extend(taken.follow_up.map(|work| (login, person, work)));
        Ok(())
    }

    async fn follow_up(&mut self) {
        let Some((login, person, work)) = self.work.pop() else { return };
        self.world.flows.follow_up(work).await.unwrap();
        if has_unionid(person) {
            self.model.follow_up(login, self.now());
        }
    }

    async fn send_code(&mut self, login: usize, phone: usize) -> Verdict {
        let request = CodeRequest { phone: PHONES[phone], client: CLIENT };
        let sent = self.world.flows.send_code(&self.logins[login].held, request).await;
        let expected = self.model.send_code(login, phone, self.now());
        prop_assert_eq!(refused(&sent), expected.err());
        if sent.is_ok() {
            let code = self.world.inbox.last_code(&number(PHONES[phone]));
            self.codes[login] = code.unwrap().reveal().to_owned();
        }
        Ok(())
    }

    async fn bind(&mut self, login: usize, phone: usize, right: bool) -> Verdict {
        let number = if right { self.model.last_code(login) } else { 0 };
        let code = if number > 0 { self.codes[login].as_str() } else { "no code" };
        let bound = self.world.flows.bind_phone(&self.logins[login].held, PHONES[phone], code).await;
        let expected = self.model.bind(login, phone, number, self.now());
        prop_assert_eq!(refused(&bound), expected.err());
        if let Ok(bound) = bound {
            prop_assert_eq!(self.stands(&bound).await, self.model.logins[login].at(self.now()));
        }
        Ok(())
    }

    async fn poll(&mut self, login: usize) -> Verdict {
        let now = self.now();
        let (held, flows) = (&self.logins[login].held, &self.world.flows);
        let held = flows.hold(&held.id().to_string(), &held.token().reveal()).unwrap();
        let looked = flows.look(&held).await;
        let expected = self.model.logins[login].look(now);
        prop_assert_eq!(refused(&looked), expected.err());
        let (Ok(looked), Ok(expected)) = (looked, expected) else { return Ok(()) };
        prop_assert_eq!(self.stands(&looked).await, expected);
        let granted = flows.hand_over(&held, &looked, browser()).await;
        let Stands::Registered { phone } = expected.0 else {
            prop_assert!(granted.is_err(), "only a registered login has a session");
            return Ok(());
        };
        prop_assert_eq!(refused(&granted), self.model.hand_over(login, now).err());
        if let Ok(granted) = granted {
            prop_assert_eq!(&granted.account.phone, &number(PHONES[phone]));
            let token = self.tokens[login].get_or_insert(granted.token.clone());
            prop_assert_eq!(granted.token.reveal(), token.reveal(), "the same token while it is open");
        }
        Ok(())
    }

    fn poll_as_stranger(&self, login: usize) -> Verdict {
        let id = self.logins[login].held.id().to_string();
        let made_up = PollToken::generate(&SeededRandom::new(7));
        let others = self.logins.iter().enumerate().filter(|(other, _)| *other != login);
        let others = others.map(|(_, other)| other.held.token().clone());
        for token in others.chain([made_up]) {
            let held = self.world.flows.hold(&id, &token.reveal());
            prop_assert_eq!(held.err(), Some(FlowError::LoginUnknown));
        }
        Ok(())
    }

    async fn cancel(&mut self, login: usize) -> Verdict {
        let cancelled = self.world.flows.cancel(&self.logins[login].held).await;
        let now = self.now();
        prop_assert_eq!(refused(&cancelled), self.model.logins[login].cancel(now).err());
        Ok(())
    }

    async fn log_out(&mut self, login: usize) -> Verdict {
        if let Some(token) = &self.tokens[login] {
            self.world.flows.log_out(token).await.unwrap();
            self.model.logins[login].log_out();
        }
        Ok(())
    }

    async fn log_out_everywhere(&mut self, login: usize) -> Verdict {
        let Some(token) = &self.tokens[login] else { return Ok(()) };
        let checked = self.world.flows.check_session(token).await;
        prop_assert_eq!(checked.is_ok(), self.model.logins[login].has_session());
        if let Ok(checked) = checked {
            self.world.flows.end_all_sessions(&checked).await.unwrap();
            self.model.log_out_everywhere(login, self.world.clock.now());
        }
        Ok(())
    }

    /// Returns where a login stands in the model's words.
    pub(super) async fn stands(&self, login: &login::Login) -> (Stands, u32) {
        let stands = match login.state {
            LoginState::Loop { .. } => Stands::Loop,
            LoginState::Unregistered { .. } => Stands::Unregistered,
            LoginState::Registered { account, .. } => {
                let account = self.world.ledger.account(account).await.unwrap().unwrap();
                Stands::Registered { phone: index(&account.phone) }
            }
            LoginState::Expired { reason, .. } => Stands::Expired(reason),
        };
        (stands, login.version)
    }
}

/// Returns whether WeChat tells a person's unionid; the last person's it does not.
fn has_unionid(person: usize) -> bool {
    person < 2
}

fn openid_in(app: usize, person: usize) -> OpenId {
    openid(&format!("{}-{}", APPS[app], PERSONS[person]))
}

fn index(phone: &PhoneNumber) -> usize {
    PHONES.iter().position(|known| number(known) == *phone).unwrap()
}

/// Returns why something was refused in the model's words.
fn refused<T>(answer: &Result<T, FlowError>) -> Option<Refused> {
    answer.as_ref().err().map(|error| match error {
        FlowError::LoginUnknown => Refused::Unknown,
        FlowError::LoginClosed => Refused::Closed,
        FlowError::LoginState(state) => Refused::State(state),
        FlowError::SmsCodeWrong { attempts_left } => Refused::Wrong(*attempts_left),
        FlowError::SmsCodeExpired => Refused::NoCode,
        FlowError::PhoneTaken => Refused::Taken,
        FlowError::RateLimited { .. }
        | FlowError::PhoneInvalid
        | FlowError::AccountDisabled
        | FlowError::SessionInvalid
        | FlowError::OAuthState
        | FlowError::CodeInvalid
        | FlowError::SnapshotUser
        | FlowError::WechatData(_)
        | FlowError::LastIdentity
        | FlowError::LoginTooOld
        | FlowError::IdentityUnknown
        | FlowError::Wechat(_)
        | FlowError::Sms { .. }
        | FlowError::Store(_) => unreachable!("{error}"),
    })
}
