//! What happens to sessions.

use std::time::Duration;

use saoma_domain::{
    login::{ClientInfo, LoginId},
    ports::{NewSession, Sessions},
    session::{SessionId, SessionTokenHash},
};

use super::play::{Play, Verdict, recent};
use crate::values::token_hash;

impl Play {
    /// Opens the session of a login that was registered at some time.
    pub(super) async fn open(&mut self, login: LoginId) -> Verdict {
        let Some((account, registered_at)) = self.registered.get(&login).copied() else { return Ok(()) };
        let new = NewSession {
            id: SessionId::generate(self.at(), &self.random()),
            login,
            account,
            registered_at,
            token_hash: token_hash(self.drawn),
            client_info: ClientInfo::new("192.0.2.9", &format!("Browser {}", self.drawn)),
            at: self.at(),
        };
        let opened = self.both(async |ledger| ledger.issue(new.clone()).await).await?;
        self.seen.tokens.push(new.token_hash);
        if let Some(Some(opened)) = opened {
            self.seen.sessions.push((opened.session.id, opened.session.account));
        }
        Ok(())
    }

    pub(super) async fn touch(&self, session: usize) -> Verdict {
        let Some((id, _)) = recent(&self.seen.sessions, session) else { return Ok(()) };
        self.both(async |ledger| ledger.touch(id, self.at()).await).await?;
        Ok(())
    }

    pub(super) async fn end_session(&self, session: usize, foreign: Option<usize>) -> Verdict {
        let Some((id, account)) = recent(&self.seen.sessions, session) else { return Ok(()) };
        let account = foreign.map_or(account, |foreign| self.account(foreign));
        self.both(async |ledger| Sessions::end(ledger, account, id, self.at()).await).await?;
        Ok(())
    }

    pub(super) async fn end_all(&self, account: usize) -> Verdict {
        let account = self.account(account);
        self.both(async |ledger| ledger.end_all(account, self.at()).await.map(sorted)).await?;
        Ok(())
    }

    pub(super) async fn end_until(&self, account: usize, ago: Duration) -> Verdict {
        let (account, until) = (self.account(account), self.at().minus(ago));
        self.both(async |ledger| ledger.end_until(account, until, self.at()).await.map(sorted)).await?;
        Ok(())
    }
}

/// Puts hashes in order that come in any.
pub(super) fn sorted(mut hashes: Vec<SessionTokenHash>) -> Vec<SessionTokenHash> {
    hashes.sort_unstable();
    hashes
}
