//! Doing each step to both ledgers, and comparing what they say.

use std::{collections::BTreeMap, fmt::Debug, time::Duration};

use proptest::{prelude::*, test_runner::TestCaseError};
use saoma_domain::{
    account::{AccountId, IdentityId},
    login::{Login, LoginId, LoginState},
    ports::StoreError,
    session::{SessionId, SessionTokenHash},
    time::Timestamp,
};

use super::{
    Ledger,
    step::{LOGINS, Step},
};
use crate::values::{CountingRandom, QR_TTL, at, login_id};

pub(super) type Verdict = Result<(), TestCaseError>;

/// Two ledgers, and what the caller of both knows.
pub(super) struct Play {
    ledgers: [Box<dyn Ledger>; 2],
    pub(super) now: Timestamp,
    /// How much the clock of the calling node is behind.
    behind: Duration,
    /// How many random values were drawn.
    pub(super) drawn: u64,
    /// The logins that are under way.
    pub(super) logins: Vec<LoginId>,
    /// Until when the claims that may be there have to be kept.
    pub(super) one_time_codes: BTreeMap<usize, Timestamp>,
    /// Where logins led, and since when.
    pub(super) registered: BTreeMap<LoginId, (AccountId, Timestamp)>,
    /// Who scanned what, in that order.
    pub(super) scans: Vec<(LoginId, IdentityId)>,
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
        let (logins, one_time_codes, registered, scans, seen) = Default::default();
        let mut play =
            Self { ledgers, now, behind, drawn: 0, logins, one_time_codes, registered, scans, seen };
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
            Step::Expect { login, account } => self.add_pending_link(self.logins[login], account).await?,
            Step::Visit { login, link_to, scan, phone } => self.visit(login, link_to, scan, phone).await?,
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
            Step::Redemption { code, by, kept } => self.redeem(code, by, kept).await?,
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
    pub(super) fn at(&self) -> Timestamp {
        self.now.minus(self.behind)
    }

    /// Returns randomness that is the same in every play of the same steps, and in no order.
    pub(super) fn random(&mut self) -> CountingRandom {
        self.drawn += 1;
        CountingRandom::starting_at(self.drawn.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    pub(super) fn new_login(&mut self) -> LoginId {
        self.drawn += 1;
        let login = login_id(self.drawn, self.at().plus(QR_TTL));
        self.seen.logins.push(login);
        login
    }

    /// Keeps in mind where a login led.
    pub(super) fn note(&mut self, login: &Login) {
        if let LoginState::Registered { account, since, .. } = login.state {
            self.registered.insert(login.id, (account, since));
            if !self.seen.accounts.contains(&account) {
                self.seen.accounts.push(account);
            }
        }
    }

    /// Returns an account, or one that does not exist as long as there is none.
    pub(super) fn account(&self, later: usize) -> AccountId {
        recent(&self.seen.accounts[1..], later).unwrap_or(self.seen.accounts[0])
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
pub(super) fn recent<T: Copy>(seen: &[T], later: usize) -> Option<T> {
    let back = later.checked_rem(seen.len())?;
    seen.iter().rev().nth(back).copied()
}
