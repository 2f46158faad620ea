//! What has to hold after every step.

mod accounts;
mod sessions;

use std::collections::{BTreeSet, HashSet};

use proptest::{prelude::*, test_runner::TestCaseError};
use saoma_domain::{
    account::AccountId,
    login::{Login, LoginState},
    ports::{CachedLogin, LoginCache, Logins},
};

use super::play::Play;

type Verdict = Result<(), TestCaseError>;

/// What a login was seen to be so far.
#[derive(Default)]
pub(super) struct Seen {
    last: Option<Login>,
    accounts: BTreeSet<AccountId>,
    /// Whether the phone that scanned its code said yes, with the number where that is asked for.
    pub(super) said_yes: bool,
    /// Whether its session was refused once.
    has_ended: bool,
}

impl Play {
    /// Checks the invariants, without the services where those would put something right.
    pub(super) async fn check(&mut self) -> Verdict {
        for login in 0..self.logins.len() {
            let committed = self.check_record(login).await?;
            self.check_login_cache(&committed).await?;
            self.check_asked(login, &committed)?;
            self.check_history(login, committed)?;
            self.check_session(login).await?;
        }
        self.check_accounts().await?;
        self.check_codes()
    }

    /// No code is ever sent to WeChat twice.
    fn check_codes(&self) -> Verdict {
        let (browsers, program) = (&self.world.oauth, &self.world.mini_program);
        for sent in [browsers.exchanged(), program.exchanged(), program.exchanged_for_phones()] {
            let different: HashSet<_> = sent.iter().collect();
            prop_assert_eq!(different.len(), sent.len(), "{:?}", sent);
        }
        Ok(())
    }

    /// The record says what the model says, and there is none of a login that nothing happened to.
    async fn check_record(&self, login: usize) -> Result<Login, TestCaseError> {
        let id = self.logins[login].auth.id();
        let record = Logins::find(&*self.world.database, id).await.unwrap();
        prop_assert_eq!(record.is_some(), self.model.logins[login].recorded);
        let committed = record.map_or_else(|| Login::new(id), |record| record.login);
        let now = committed.clone().at(self.now());
        prop_assert_eq!(self.stands(&now), self.model.logins[login].at(self.now()));
        Ok(committed)
    }

    /// The login cache never has what was not committed.
    async fn check_login_cache(&self, committed: &Login) -> Verdict {
        if let CachedLogin::Outcome(cached) = self.world.login_cache.read(committed.id).await.unwrap() {
            prop_assert!(cached.version <= committed.version);
            prop_assert!(cached.version < committed.version || cached == *committed);
        }
        Ok(())
    }

    /// Where phones are asked, no login is registered, or asks for a phone number, without a yes of the phone that scanned.
    fn check_asked(&self, login: usize, committed: &Login) -> Verdict {
        let is_let_in =
            matches!(committed.state, LoginState::Unregistered { .. } | LoginState::Registered { .. });
        let is_asked = self.model.question(login).is_some();
        prop_assert!(!is_asked || !is_let_in || self.seen[login].said_yes, "{committed:?} without a yes");
        Ok(())
    }

    /// A final state stays, what is over does not move, and a login leads to one account.
    fn check_history(&mut self, login: usize, committed: Login) -> Verdict {
        let (at, seen) = (self.now(), &mut self.seen[login]);
        let now = committed.at(at);
        // What time alone has made of it; a step takes no time, or does nothing with the login that it waits for.
        if let Some(last) = seen.last.take().map(|last| last.at(at)) {
            prop_assert!(now.version >= last.version);
            prop_assert!(!last.state.is_final() || now == last, "{last:?} changed to {now:?}");
        }
        if let LoginState::Registered { account, .. } = now.state {
            seen.accounts.insert(account);
        }
        prop_assert!(seen.accounts.len() <= 1, "one account a login");
        seen.last = Some(now);
        Ok(())
    }
}
