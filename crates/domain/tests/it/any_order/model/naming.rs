//! Who a login is of, as WeChat says it.

use std::time::Duration;

use saoma_domain::{
    login::ExpiryReason,
    services::{PhoneRule, Registration},
    time::Timestamp,
};

use super::{Account, Model, Scanned, Stands};
use crate::{any_order::cast::has_unionid, world::secs};

const COMMIT_MARGIN: Duration = secs(4);

impl Model {
    /// WeChat names a person for a login, with the unionid or without. Returns what a phone is answered.
    pub(super) fn name(&mut self, login: usize, person: usize, unionid: bool, now: Timestamp) -> Scanned {
        let known = &self.logins[login];
        if known.link_refused {
            return Scanned::LinkRefused;
        }
        if known.registration_closed {
            return Scanned::RegistrationClosed;
        }
        if let Some((first, had_account)) = known.named {
            let reply = if had_account { Scanned::LoggedIn } else { Scanned::GoOn };
            return if first == person { reply } else { Scanned::ByAnother };
        }
        // A scan that is too close to the deadline of the code counts as one at the deadline.
        let is_late = known.named_until <= now.plus(COMMIT_MARGIN);
        let at = if is_late { now.max(known.named_until) } else { now };
        if let Some(asked) = self.asked_before(login, person, at) {
            return asked;
        }
        if let (Stands::Expired(reason), _) = self.logins[login].at(now.plus(COMMIT_MARGIN)) {
            return Scanned::Over(reason);
        }
        if self.question(login).is_none() {
            return self.lead(login, person, unionid, now);
        }
        match self.leads_to(login, person, unionid) {
            None => self.refuse_link(login, now),
            Some(None) if self.makes_no_account() => self.refuse_newcomer(login, now),
            Some(_) => {
                self.see(login, person, unionid);
                self.ask(login, person, now)
            }
        }
    }

    /// A person is led to where their identity and the login's wish say. Returns what their phone is answered.
    pub(super) fn lead(&mut self, login: usize, person: usize, unionid: bool, now: Timestamp) -> Scanned {
        let Some(account) = self.leads_to(login, person, unionid) else {
            return self.refuse_link(login, now);
        };
        let account = match account {
            None if self.house.phone == PhoneRule::Off => match self.new_account(None) {
                Ok(account) => Some(account),
                Err(_) => return self.refuse_newcomer(login, now),
            },
            account => account,
        };
        let app = self.logins[login].way_in.app();
        // Where the phone was asked, its scan was seen before.
        if self.logins[login].asked.is_none() {
            self.see(login, person, unionid);
        }
        if let Some(account) = account {
            self.bind_identity(app, person, account, now);
        }
        let stands = account.map_or(Stands::Unregistered, |account| Stands::Registered { account });
        self.logins[login].named = Some((person, account.is_some()));
        self.logins[login].moves(stands, now);
        if account.is_some() { Scanned::LoggedIn } else { Scanned::GoOn }
    }

    /// Notes what a scan tells of a person.
    fn see(&mut self, login: usize, person: usize, unionid: bool) {
        let way_in = self.logins[login].way_in;
        if unionid {
            self.learn_unionid(way_in.app(), person);
        }
        let identity = &mut self.identities[way_in.app()][person];
        identity.is_seen = true;
        if way_in.is_scanned() {
            identity.unsubscribed = None;
        }
    }

    fn makes_no_account(&self) -> bool {
        (self.house.phone, self.house.registration) == (PhoneRule::Off, Registration::Closed)
    }

    fn refuse_link(&mut self, login: usize, now: Timestamp) -> Scanned {
        self.logins[login].link_refused = true;
        self.logins[login].moves(Stands::Expired(ExpiryReason::Denied), now);
        Scanned::LinkRefused
    }

    fn refuse_newcomer(&mut self, login: usize, now: Timestamp) -> Scanned {
        self.logins[login].registration_closed = true;
        self.logins[login].moves(Stands::Expired(ExpiryReason::Denied), now);
        Scanned::RegistrationClosed
    }

    /// Returns the account that a person is led to, if there is one; `None` where they cannot be led to the one
    /// that was asked for.
    fn leads_to(&self, login: usize, person: usize, unionid: bool) -> Option<Option<usize>> {
        let login = &self.logins[login];
        let app = login.way_in.app();
        let own = self.identities[app][person].account;
        match login.link_to {
            None if unionid => Some(own.or_else(|| self.linked_account(app, person))),
            None => Some(own),
            Some((account, asked)) => {
                let Account { all_ended, links_voided, .. } = self.accounts[account];
                let is_void = all_ended.max(links_voided).is_some_and(|ended| asked <= ended);
                let fits = own == Some(account) || own.is_none() && !self.has_user(account, app);
                (fits && !is_void).then_some(Some(account))
            }
        }
    }

    /// Returns the account that a person is known by in other apps and that has room for a user of this one.
    fn linked_account(&self, app: usize, person: usize) -> Option<usize> {
        self.accounts_of(person).into_iter().find(|account| !self.has_user(*account, app))
    }

    /// A phone scans a code. Returns what it is answered, and whether there is more to do in the background.
    pub(in crate::any_order) fn scan(
        &mut self,
        login: usize,
        person: usize,
        wechat_is_slow: bool,
        now: Timestamp,
    ) -> (Scanned, bool) {
        let told = self.told_early(login, person, wechat_is_slow, now);
        let is_repeated = self.logins[login].named.is_some() || self.logins[login].asked.is_some();
        let scanned = self.name(login, person, told == Some(true), now);
        let login = &self.logins[login];
        let has_unionid = self.identities[login.way_in.app()][person].has_unionid;
        let more = match (told, login.stands) {
            (Some(unionid), _) => unionid && is_repeated && !has_unionid,
            (None, Stands::Unregistered) => true,
            (None, Stands::Registered { .. }) => !has_unionid,
            (None, Stands::Loop | Stands::Asked | Stands::Expired(_)) => false,
        };
        (scanned, more && matches!(scanned, Scanned::LoggedIn | Scanned::GoOn | Scanned::Asked(_)))
    }

    /// Returns whether a person has a unionid, where that is known before their scan counts: WeChat is asked about
    /// people without an account, unless it was before or the scan comes too late.
    fn told_early(&self, login: usize, person: usize, wechat_is_slow: bool, now: Timestamp) -> Option<bool> {
        let login = &self.logins[login];
        let identity = self.identities[login.way_in.app()][person];
        let is_late = login.named_until <= now.plus(COMMIT_MARGIN);
        if is_late || identity.account.is_some() {
            return None;
        }
        match (identity.has_unionid, wechat_is_slow) {
            (true, _) => Some(true),
            (false, true) => None,
            (false, false) => Some(has_unionid(person)),
        }
    }

    /// Does the work that a scan by a person with a unionid has left behind.
    pub(in crate::any_order) fn follow_up(&mut self, login: usize, now: Timestamp) {
        let named = self.logins[login].named.map(|(person, _)| person);
        let asked = self.logins[login].asked.map(|asked| asked.person);
        let Some(person) = named.or(asked) else { return };
        let app = self.logins[login].way_in.app();
        if let Some(account) = self.linked_account(app, person) {
            self.bind_identity(app, person, account, now);
        }
        self.learn_unionid(app, person);
        let login = &mut self.logins[login];
        if let (Some(account), (Stands::Unregistered, _)) =
            (self.identities[app][person].account, login.at(now))
        {
            login.moves(Stands::Registered { account }, now);
        }
    }
}
