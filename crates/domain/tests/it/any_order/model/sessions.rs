//! Sessions, and what their holders do.

use std::time::Duration;

use saoma_domain::time::Timestamp;

use super::{
    Model, Refused, Stands,
    login::{Login, Session},
};
use crate::world::{millis, secs};

const HANDOVER: Duration = secs(60);
const FRESH: Duration = secs(600);

impl Login {
    /// Returns the account of a session that can be used.
    pub(in crate::any_order) fn account(&self) -> Option<usize> {
        match (self.stands, self.session) {
            (Stands::Registered { account }, Some(Session { ended: false, .. })) => Some(account),
            _ => None,
        }
    }
}

impl Model {
    /// Ends the session of a login, if there is one.
    pub(in crate::any_order) fn log_out(&mut self, login: usize, now: Timestamp) {
        let Some(account) = self.logins[login].account() else { return };
        self.accounts[account].links_voided = Some(now);
        let session = &mut self.logins[login].session;
        *session = session.map(|session| Session { ended: true, ..session });
    }

    pub(in crate::any_order) fn issue_session(
        &mut self,
        login: usize,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let opens = self.opens_session(login, now);
        let session = &mut self.logins[login].session;
        if session.is_none() && opens {
            *session = Some(Session { opened: now, ended: false });
        }
        match session {
            Some(session) if !session.ended && now < session.opened.plus(HANDOVER) => Ok(()),
            Some(_) | None => Err(Refused::Closed),
        }
    }

    /// Returns whether a login that is registered still leads to its account.
    fn opens_session(&self, login: usize, now: Timestamp) -> bool {
        let login = &self.logins[login];
        let Stands::Registered { account } = login.stands else { return false };
        let is_void = self.accounts[account].all_ended.is_some_and(|ended| login.since <= ended);
        let was_removed = match login.named {
            Some((person, _)) => {
                let identity = self.identities[login.way_in.app()][person];
                identity.account != Some(account) || identity.bound > Some(login.since)
            }
            None => !login.by_number,
        };
        now < login.until && !is_void && !was_removed
    }

    /// Returns the account of a session that may change what leads to it.
    pub(super) fn require_recent_login(&self, by: usize, now: Timestamp) -> Result<usize, Refused> {
        let by = &self.logins[by];
        let is_fresh = by.session.is_some_and(|session| now < session.opened.plus(FRESH));
        by.account().filter(|_| is_fresh).ok_or(Refused::TooOld)
    }

    /// Refuses a session of which a phone number alone says whose it is.
    pub(super) fn require_scan(&self, by: usize) -> Result<(), Refused> {
        if self.logins[by].by_number { Err(Refused::TooNew) } else { Ok(()) }
    }

    /// Ends those sessions of an account that were opened until a moment, and keeps its logins of until then
    /// from opening any.
    fn end_until(&mut self, account: usize, until: Timestamp, now: Timestamp) {
        let all_ended = &mut self.accounts[account].all_ended;
        *all_ended = (*all_ended).max(Some(until));
        for login in 0..self.logins.len() {
            let of_account = self.logins[login].account() == Some(account);
            if of_account && self.logins[login].session.is_some_and(|session| session.opened <= until) {
                self.log_out(login, now);
            }
        }
    }

    /// Ends all sessions of an account.
    pub(in crate::any_order) fn log_out_everywhere(&mut self, account: usize, now: Timestamp) {
        self.end_until(account, now, now);
    }

    pub(in crate::any_order) fn remove_identity(
        &mut self,
        by: usize,
        (app, person): (usize, usize),
        now: Timestamp,
    ) -> Result<(), Refused> {
        let account = self.require_recent_login(by, now)?;
        self.require_scan(by)?;
        if self.identities[app][person].account != Some(account) {
            return Err(Refused::NotTheirs);
        }
        if self.identities_of(account).len() == 1 {
            return Err(Refused::LastIdentity);
        }
        let came_by_it =
            |login: &Login| login.way_in.app() == app && login.named.is_some_and(|(who, _)| who == person);
        let is_new = self.is_on_probation(by, now);
        if is_new && !came_by_it(&self.logins[by]) {
            return Err(Refused::TooNew);
        }
        let identity = &mut self.identities[app][person];
        (identity.account, identity.probation) = (None, None);
        self.accounts[account].links_voided = Some(now);
        for other in 0..self.logins.len() {
            let login = &self.logins[other];
            // One that no scan stands behind ends with any identity.
            let came_by_it = came_by_it(login) || login.by_number;
            if (other != by || is_new) && came_by_it && login.account() == Some(account) {
                self.log_out(other, now);
            }
        }
        Ok(())
    }

    /// WeChat tells, now, that a person follows an official account since a moment, or does not any more.
    pub(in crate::any_order) fn news(
        &mut self,
        (app, person): (usize, usize),
        follows: bool,
        (at, now): (Timestamp, Timestamp),
        ends_sessions: bool,
    ) {
        let at = at.min(now);
        let identity = &mut self.identities[app][person];
        if !identity.is_seen {
            return;
        }
        if follows {
            identity.unsubscribed = identity.unsubscribed.filter(|since| *since > at);
            return;
        }
        identity.unsubscribed.get_or_insert(at);
        if let Some(account) = identity.account.filter(|_| ends_sessions) {
            // WeChat tells whole seconds.
            self.end_until(account, at.plus(millis(999)).min(now), now);
        }
    }
}
