//! What has to hold after every step.

use std::collections::{BTreeSet, HashSet};

use proptest::{prelude::*, test_runner::TestCaseError};
use saoma_domain::{
    account::AccountId,
    login::{Login, LoginState},
    ports::{Accounts, Board, BoardEntry, Logins, Sessions},
};

use super::play::Play;

type Verdict = Result<(), TestCaseError>;

/// What a login was seen to be so far.
#[derive(Default)]
pub(super) struct Seen {
    last: Option<Login>,
    accounts: BTreeSet<AccountId>,
}

impl Play {
    /// Checks the invariants, without the flows where those would put something right.
    pub(super) async fn check(&mut self) -> Verdict {
        let mut accounts = BTreeSet::new();
        for login in 0..self.logins.len() {
            let committed = self.check_record(login).await?;
            self.check_board(&committed).await?;
            self.check_history(login, committed)?;
            self.check_session(login).await?;
            accounts.extend(self.seen[login].accounts.iter().copied());
        }
        self.check_accounts(&accounts).await
    }

    /// The record says what the model says, and there is none of a login that nothing happened to.
    async fn check_record(&self, login: usize) -> Result<Login, TestCaseError> {
        let id = self.logins[login].held.id();
        let record = Logins::find(&*self.world.ledger, id).await.unwrap();
        prop_assert_eq!(record.is_some(), self.model.logins[login].recorded);
        let committed = record.map_or_else(|| Login::new(id), |record| record.login);
        let now = committed.clone().at(self.now());
        prop_assert_eq!(self.stands(&now).await, self.model.logins[login].at(self.now()));
        Ok(committed)
    }

    /// The board never says what was not committed.
    async fn check_board(&self, committed: &Login) -> Verdict {
        if let BoardEntry::Outcome(copy) = self.world.board.read(committed.id).await.unwrap() {
            prop_assert!(copy.version <= committed.version);
            prop_assert!(copy.version < committed.version || copy == *committed);
        }
        Ok(())
    }

    /// A final state stays, what is over does not move, and a login leads to one account.
    fn check_history(&mut self, login: usize, committed: Login) -> Verdict {
        let (at, seen) = (self.now(), &mut self.seen[login]);
        let now = committed.at(at);
        // What time alone has made of it; a step takes no time, and time does no step.
        if let Some(last) = seen.last.take().map(|last| last.at(at)) {
            prop_assert!(now.version >= last.version);
            prop_assert!(!last.state.is_final() || now == last, "{last:?} became {now:?}");
        }
        if let LoginState::Registered { account, .. } = now.state {
            seen.accounts.insert(account);
        }
        prop_assert!(seen.accounts.len() <= 1, "one account a login");
        seen.last = Some(now);
        Ok(())
    }

    /// A session is there if and only if the holder of the poll token got it, and it is the login's account's.
    async fn check_session(&self, login: usize) -> Verdict {
        let Some(token) = &self.tokens[login] else {
            prop_assert!(!self.model.logins[login].has_session());
            return Ok(());
        };
        let live = Sessions::find(&*self.world.ledger, &token.hash()).await.unwrap();
        prop_assert_eq!(live.is_some(), self.model.logins[login].has_session());
        if let Some(live) = live {
            prop_assert_eq!(live.session.login, self.logins[login].held.id());
            prop_assert!(self.seen[login].accounts.contains(&live.account.id));
        }
        Ok(())
    }

    /// Two identities of one app never share an account, and every session came from a login of this play.
    async fn check_accounts(&self, accounts: &BTreeSet<AccountId>) -> Verdict {
        for account in accounts {
            let identities = self.world.ledger.identities(*account).await.unwrap();
            let apps: HashSet<_> = identities.iter().map(|identity| &identity.app).collect();
            prop_assert_eq!(apps.len(), identities.len());
            for session in self.world.ledger.list(*account).await.unwrap() {
                let login = self.logins.iter().position(|login| login.held.id() == session.login).unwrap();
                prop_assert!(self.seen[login].accounts.contains(account));
                prop_assert!(self.tokens[login].is_some(), "no session without the poll token");
            }
        }
        Ok(())
    }
}
