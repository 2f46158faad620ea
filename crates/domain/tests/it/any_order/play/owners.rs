//! What the holders of sessions do.

use proptest::{prelude::*, test_runner::TestCaseError};
use saoma_domain::{
    account::IdentityId,
    ports::{Accounts, ActiveSession, Sessions},
};

use super::{Play, Verdict, answers::refused};
use crate::{
    any_order::cast::{APPS, openid_in},
    world::app,
};

impl Play {
    /// Returns the session that a login led to, if it can be used.
    pub(super) async fn checked(&self, login: usize) -> Result<Option<ActiveSession>, TestCaseError> {
        let Some(token) = &self.logins[login].session else { return Ok(None) };
        let checked = self.node().sessions.check(token).await;
        prop_assert_eq!(checked.is_ok(), self.model.logins[login].account().is_some());
        Ok(checked.ok().map(|active| (*active).clone()))
    }

    pub(super) async fn log_out(&mut self, login: usize) -> Verdict {
        if let Some(token) = &self.logins[login].session {
            self.node().sessions.log_out(token).await.unwrap();
            let now = self.now();
            self.model.log_out(login, now);
        }
        Ok(())
    }

    pub(super) async fn end_session(&mut self, by: usize, of: usize) -> Verdict {
        let Some(checked) = self.checked(by).await? else { return Ok(()) };
        let Some(token) = &self.logins[of].session else { return Ok(()) };
        let Some(live) = self.world.database.find(&token.hash()).await.unwrap() else { return Ok(()) };
        let ended = self.node().sessions.end(&checked, live.session.id).await.unwrap();
        let is_theirs = self.model.logins[of].account() == self.model.logins[by].account();
        prop_assert_eq!(ended, is_theirs, "the session of another account stays");
        if is_theirs {
            let now = self.now();
            self.model.log_out(of, now);
        }
        Ok(())
    }

    pub(super) async fn log_out_everywhere(&mut self, login: usize) -> Verdict {
        if let Some(checked) = self.checked(login).await? {
            self.node().sessions.end_all(&checked).await.unwrap();
            let (account, now) = (self.account(checked.account.id), self.now());
            self.model.log_out_everywhere(account, now);
        }
        Ok(())
    }

    /// A session removes an identity, which may be another account's.
    pub(super) async fn remove_identity(&mut self, by: usize, who: (usize, usize)) -> Verdict {
        let Some(checked) = self.checked(by).await? else { return Ok(()) };
        let Some(identity) = self.bound_identity(who).await else { return Ok(()) };
        let removed = self.node().accounts.remove_identity(&checked, identity).await;
        prop_assert_eq!(refused(&removed), self.model.remove_identity(by, who, self.now()).err());
        Ok(())
    }

    /// Returns the id of an identity that is bound to an account.
    async fn bound_identity(&self, (at, person): (usize, usize)) -> Option<IdentityId> {
        let who = (app(APPS[at]), openid_in(at, person));
        for account in &self.accounts {
            let identities = self.world.database.identities(*account).await.unwrap();
            let found =
                identities.into_iter().find(|identity| (&identity.app, &identity.openid) == (&who.0, &who.1));
            if let Some(found) = found {
                return Some(found.id);
            }
        }
        None
    }
}
