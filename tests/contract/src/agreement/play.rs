//! Doing each step to both ledgers, and comparing what they say.

use std::{collections::BTreeMap, fmt::Debug, time::Duration};

use proptest::{prelude::*, test_runner::TestCaseError};
use saoma_domain::{
    account::{AccountId, IdentityId},
    login::{Asker, Channel, Login, LoginEvent, LoginId, LoginState},
    ports::{
        Binding, Bound, Claim, ClaimHash, Joining, Logins, NewSession, Removal, Removed, Scan, ScanTaken,
        Sessions, StoreError, Subscription, UnionLink,
    },
    session::{SessionId, SessionTokenHash},
    time::Timestamp,
    wechat::{OpenId, Profile, Union},
};

use super::{
    Ledger,
    step::{APPS, By, LOGINS, Step},
};
use crate::values::{
    BIND_WINDOW, COLLECT_WINDOW, CountingRandom, QR_TTL, app, at, login_id, openid, phone, proof, token_hash,
    union_within,
};

pub(super) type Verdict = Result<(), TestCaseError>;

/// How much longer than asked for a claim may be kept.
const GRACE: Duration = Duration::from_secs(60 * 60);

/// Two ledgers, and what the caller of both knows.
pub(super) struct Play {
    ledgers: [Box<dyn Ledger>; 2],
    now: Timestamp,
    /// How much the clock of the calling node is behind.
    behind: Duration,
    /// How many random values were drawn.
    drawn: u64,
    /// The logins that are under way.
    logins: Vec<LoginId>,
    /// Until when the claims have to be kept that may be there.
    claims: BTreeMap<usize, Timestamp>,
    /// Where logins led, and since when.
    registered: BTreeMap<LoginId, (AccountId, Timestamp)>,
    /// Who scanned what, in that order.
    scans: Vec<(LoginId, IdentityId)>,
    pub(super) seen: Seen,
}

/// Whatever there was to be seen, in that order; it may be gone again.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) logins: Vec<LoginId>,
    pub(super) identities: Vec<IdentityId>,
    /// The first one does not exist.
    pub(super) accounts: Vec<AccountId>,
    pub(super) sessions: Vec<(SessionId, AccountId)>,
    pub(super) tokens: Vec<SessionTokenHash>,
}

impl Play {
    pub(super) fn begin(ledgers: [Box<dyn Ledger>; 2]) -> Self {
        let (now, behind) = (at(0), Duration::ZERO);
        let (logins, claims, registered, scans, seen) = Default::default();
        let mut play = Self { ledgers, now, behind, drawn: 0, logins, claims, registered, scans, seen };
        for _ in 0..LOGINS {
            let login = play.new_login();
            play.logins.push(login);
        }
        let nobody = AccountId::generate(now, &play.random());
        play.seen.accounts.push(nobody);
        play
    }

    /// Does a step.
    pub(super) async fn step(&mut self, step: Step) -> Verdict {
        match step {
            Step::Start { login } => self.logins[login] = self.new_login(),
            Step::Expect { login, account } => self.expect(self.logins[login], account).await?,
            Step::Visit { login, joins, scan, phone } => self.visit(login, joins, scan, phone).await?,
            Step::Scan { login, scan } => self.scan(self.logins[login], scan).await?,
            Step::Bind { login, phone, code } => self.bind(self.logins[login], phone, code).await?,
            Step::Link { scan, union, foreign } => self.link(scan, union, foreign).await?,
            Step::End { login, denied } => self.end(self.logins[login], denied).await?,
            Step::Open { login } => self.open(self.logins[login]).await?,
            Step::Touch { session } => self.touch(session).await?,
            Step::EndSession { session, foreign } => self.end_session(session, foreign).await?,
            Step::EndAll { account } => self.end_all(account).await?,
            Step::EndUntil { account, ago } => self.end_until(account, ago).await?,
            Step::Remove { identity, asked_by } => self.remove(identity, asked_by).await?,
            Step::ChangePhone { account, phone } => self.change_phone(account, phone).await?,
            Step::Follow { app, person, follows, ago } => self.follow(app, person, follows, ago).await?,
            Step::Shut { account, shut } => self.shut(account, shut).await?,
            Step::Claim { code, by, kept } => self.claim(code, by, kept).await?,
            Step::Prune { batch } => self.prune(batch).await?,
            Step::Pass { time } => self.now = self.now.plus(time),
            Step::Behind { time } => self.behind = time,
        }
        Ok(())
    }

    /// Asks both ledgers, compares what they say, and returns it unless it is an error.
    pub(super) async fn both<T: Debug + PartialEq>(
        &self,
        ask: impl AsyncFn(&dyn Ledger) -> Result<T, StoreError>,
    ) -> Result<Option<T>, TestCaseError> {
        let [one, other] = &self.ledgers;
        let (one, other) = (told(ask(&**one).await)?, told(ask(&**other).await)?);
        prop_assert_eq!(&one, &other);
        Ok(one.ok())
    }

    /// Returns the moment by the clock of the calling node.
    fn at(&self) -> Timestamp {
        self.now.minus(self.behind)
    }

    /// Returns randomness that is the same in every play of the same steps, and in no order.
    fn random(&mut self) -> CountingRandom {
        self.drawn += 1;
        CountingRandom::starting_at(self.drawn.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn new_login(&mut self) -> LoginId {
        self.drawn += 1;
        let login = login_id(self.drawn, self.at().plus(QR_TTL));
        self.seen.logins.push(login);
        login
    }

    /// Keeps in mind where a login led.
    fn note(&mut self, login: &Login) {
        if let LoginState::Registered { account, since, .. } = login.state {
            self.registered.insert(login.id, (account, since));
            if !self.seen.accounts.contains(&account) {
                self.seen.accounts.push(account);
            }
        }
    }

    /// Returns an account, or one that does not exist as long as there is none.
    fn account(&self, later: usize) -> AccountId {
        recent(&self.seen.accounts[1..], later).unwrap_or(self.seen.accounts[0])
    }

    async fn expect(&self, login: LoginId, account: usize) -> Verdict {
        let account = self.account(account);
        if account != self.seen.accounts[0] {
            let joining = Joining { login, account, at: self.at() };
            self.both(async |ledger| ledger.expect(joining.clone()).await).await?;
        }
        Ok(())
    }

    async fn visit(
        &mut self,
        number: usize,
        joins: Option<usize>,
        scan: By,
        phone: Option<usize>,
    ) -> Verdict {
        let login = self.new_login();
        self.logins[number] = login;
        if let Some(account) = joins {
            self.expect(login, account).await?;
        }
        self.scan(login, scan).await?;
        if let Some(phone) = phone {
            self.bind(login, phone, 0).await?;
        }
        self.open(login).await
    }

    async fn scan(&mut self, login: LoginId, by: By) -> Verdict {
        let channels = [Channel::OfficialAccount, Channel::Website, Channel::MiniProgram];
        let nickname = by.tells_name.then(|| format!("Scan {}", self.drawn));
        let scan = Scan {
            login,
            app: app(APPS[by.app].0),
            channel: channels[by.app],
            openid: openid_of(by.person),
            union: by.union.map(|number| union_in(by.app, number)),
            profile: Profile { nickname, avatar_url: None },
            asker: Asker::new(&format!("192.0.2.{}", by.person), "WeChat"),
            at: self.at(),
            window: BIND_WINDOW,
            new_identity: IdentityId::generate(self.at(), &self.random()),
        };
        match self.both(async |ledger| ledger.take_scan(scan.clone()).await).await? {
            Some(ScanTaken::First(record) | ScanTaken::Again(record)) => {
                self.scans.push((login, record.identity));
                if !self.seen.identities.contains(&record.identity) {
                    self.seen.identities.push(record.identity);
                }
                self.note(&record.login);
            }
            Some(ScanTaken::ByAnother | ScanTaken::Over(_) | ScanTaken::NotJoined(_)) | None => {}
        }
        Ok(())
    }

    async fn bind(&mut self, login: LoginId, number: usize, code: u64) -> Verdict {
        let number = u32::try_from(number).expect("small numbers");
        let binding = Binding {
            login,
            phone: phone(number),
            proof: proof(u64::from(number) * 10 + code),
            at: self.at(),
            window: COLLECT_WINDOW,
            new_account: AccountId::generate(self.at(), &self.random()),
        };
        if let Some(Bound::Registered(login)) =
            self.both(async |ledger| ledger.bind(binding.clone()).await).await?
        {
            self.note(&login);
        }
        Ok(())
    }

    async fn link(&mut self, scan: usize, union: usize, foreign: Option<usize>) -> Verdict {
        let Some((login, identity)) = recent(&self.scans, scan) else { return Ok(()) };
        let Some(Some(known)) = self.both(async |ledger| ledger.identity(identity).await).await? else {
            return Ok(());
        };
        let app = APPS.iter().position(|(name, _)| known.app.as_str() == *name).expect("one of ours");
        let link = UnionLink {
            login: foreign.map_or(login, |foreign| self.logins[foreign]),
            identity,
            union: union_in(app, union),
            at: self.at(),
            window: COLLECT_WINDOW,
        };
        if let Some(Some(login)) = self.both(async |ledger| ledger.link(link.clone()).await).await? {
            self.note(&login);
        }
        Ok(())
    }

    async fn end(&self, login: LoginId, denied: bool) -> Verdict {
        let event = if denied { LoginEvent::Denied } else { LoginEvent::Cancelled };
        self.both(async |ledger| Logins::end(ledger, login, event.clone(), self.at()).await).await?;
        Ok(())
    }

    async fn open(&mut self, login: LoginId) -> Verdict {
        let Some((account, registered_at)) = self.registered.get(&login).copied() else { return Ok(()) };
        let new = NewSession {
            id: SessionId::generate(self.at(), &self.random()),
            login,
            account,
            registered_at,
            token_hash: token_hash(self.drawn),
            holder: Asker::new("192.0.2.9", &format!("Browser {}", self.drawn)),
            at: self.at(),
        };
        let opened = self.both(async |ledger| ledger.open(new.clone()).await).await?;
        self.seen.tokens.push(new.token_hash);
        if let Some(Some(opened)) = opened {
            self.seen.sessions.push((opened.session.id, opened.session.account));
        }
        Ok(())
    }

    async fn touch(&self, session: usize) -> Verdict {
        let Some((id, _)) = recent(&self.seen.sessions, session) else { return Ok(()) };
        self.both(async |ledger| ledger.touch(id, self.at()).await).await?;
        Ok(())
    }

    async fn end_session(&self, session: usize, foreign: Option<usize>) -> Verdict {
        let Some((id, account)) = recent(&self.seen.sessions, session) else { return Ok(()) };
        let account = foreign.map_or(account, |foreign| self.account(foreign));
        self.both(async |ledger| Sessions::end(ledger, account, id, self.at()).await).await?;
        Ok(())
    }

    async fn end_all(&self, account: usize) -> Verdict {
        let account = self.account(account);
        self.both(async |ledger| ledger.end_all(account, self.at()).await.map(sorted)).await?;
        Ok(())
    }

    async fn end_until(&self, account: usize, ago: Duration) -> Verdict {
        let (account, until) = (self.account(account), self.at().minus(ago));
        self.both(async |ledger| ledger.end_until(account, until, self.at()).await.map(sorted)).await?;
        Ok(())
    }

    /// Takes an identity from its account, or from one that it is not bound to.
    async fn remove(&self, identity: usize, asked_by: usize) -> Verdict {
        let Some(identity) = recent(&self.seen.identities, identity) else { return Ok(()) };
        let known = self.both(async |ledger| ledger.identity(identity).await).await?.flatten();
        let account = known.and_then(|known| known.account).unwrap_or_else(|| self.account(0));
        let Some((asked_by, _)) = recent(&self.seen.sessions, asked_by) else { return Ok(()) };
        let removal = Removal { account, identity, asked_by, at: self.at() };
        self.both(async |ledger| {
            Ok(match ledger.remove_identity(removal.clone()).await? {
                Removed::Done { ended } => Removed::Done { ended: sorted(ended) },
                other @ (Removed::LastOne | Removed::Unknown) => other,
            })
        })
        .await?;
        Ok(())
    }

    async fn change_phone(&self, account: usize, number: usize) -> Verdict {
        let (account, number) = (self.account(account), u32::try_from(number).expect("small numbers"));
        self.both(async |ledger| ledger.change_phone(account, phone(number), self.at()).await).await?;
        Ok(())
    }

    async fn follow(&self, app_number: usize, person: usize, subscribed: bool, ago: Duration) -> Verdict {
        let (app, openid) = (app(APPS[app_number].0), openid_of(person));
        let noted = Subscription { app, openid, subscribed, at: self.at().minus(ago) };
        self.both(async |ledger| ledger.note_subscription(noted.clone()).await).await?;
        Ok(())
    }

    async fn shut(&self, account: usize, shut: bool) -> Verdict {
        let account = self.account(account);
        self.both(async |ledger| ledger.set_disabled(account, shut).await).await?;
        Ok(())
    }

    async fn claim(&mut self, code: usize, by: u64, kept: Duration) -> Verdict {
        let what = ClaimHash::of("code", &[&code.to_be_bytes()]);
        let (by, until) = (ClaimHash::of("login", &[&by.to_be_bytes()]), self.at().plus(kept));
        let claimed = self.both(async |ledger| ledger.claim(what, by, until).await).await?;
        if claimed != Some(Claim::ByAnother) {
            let kept = self.claims.entry(code).or_insert(until);
            *kept = until.max(*kept);
        }
        Ok(())
    }

    async fn prune(&mut self, batch: u32) -> Verdict {
        while let Some(until) = self.in_grace() {
            self.now = self.now.plus(until.plus(GRACE).until(self.at()));
        }
        let now = self.at();
        while self.both(async |ledger| ledger.prune(now, batch).await).await? != Some(0) {}
        self.claims.retain(|_, until| *until > now);
        Ok(())
    }

    /// Returns until when a claim had to be kept that one ledger may have kept and the other not.
    fn in_grace(&self) -> Option<Timestamp> {
        let now = self.at();
        self.claims.values().find(|until| **until <= now && now < until.plus(GRACE)).copied()
    }
}

/// Returns an answer, or the kind of the error.
fn told<T>(answer: Result<T, StoreError>) -> Result<Result<T, &'static str>, TestCaseError> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(StoreError::Corrupt(_)) => Ok(Err("inconsistent")),
        Err(StoreError::Unavailable(why)) => Err(TestCaseError::fail(format!("a ledger is away: {why}"))),
    }
}

/// Returns the one that was seen so many ones ago, if there are any.
fn recent<T: Copy>(seen: &[T], later: usize) -> Option<T> {
    let back = later.checked_rem(seen.len())?;
    seen.iter().rev().nth(back).copied()
}

fn sorted(mut hashes: Vec<SessionTokenHash>) -> Vec<SessionTokenHash> {
    hashes.sort_unstable();
    hashes
}

/// Returns a person's openid, which is the same in every app, so that apps are told apart by their name only.
fn openid_of(person: usize) -> OpenId {
    openid(&format!("oPerson{person}"))
}

fn union_in(app: usize, number: usize) -> Union {
    union_within(APPS[app].1, &format!("uPerson{number}"))
}
