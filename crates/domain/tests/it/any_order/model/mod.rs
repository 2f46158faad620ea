//! What the services are to do, as plainly as it can be said: one process, no stores, no races.

mod asking;
mod claims;
mod login;
mod naming;
mod phones;
mod returning;
mod sessions;

use std::collections::HashSet;

use saoma_domain::{
    login::ExpiryReason,
    services::{ConfirmBy, OnUnsubscribe, PhoneRule, Registration},
    time::Timestamp,
};

use super::cast::{APPS, PERSONS};
pub(super) use login::Login;

/// What the site wants.
#[derive(Clone, Copy, Debug)]
pub(super) struct House {
    pub(super) on_unsubscribe: OnUnsubscribe,
    pub(super) phone: PhoneRule,
    pub(super) registration: Registration,
    /// What the phone that scans a code is asked.
    pub(super) confirm: Option<ConfirmBy>,
}

/// Where a login stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    Loop,
    /// A phone scanned it, and is asked.
    Asked,
    Unregistered,
    Registered {
        account: usize,
    },
    Expired(ExpiryReason),
}

/// What a phone is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scanned {
    LoggedIn,
    GoOn,
    /// The phone is asked, and has so many tries for a number.
    Asked(u8),
    Refused,
    ByAnother,
    Over(ExpiryReason),
    LinkRefused,
    RegistrationClosed,
}

/// Why something was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Unknown,
    Closed,
    State(&'static str),
    Wrong(u32),
    NoCode,
    Taken,
    TooNew,
    NotReturnedTo,
    BadCode,
    VirtualPerson,
    ProvesNoPhone,
    TooOld,
    LastIdentity,
    NotTheirs,
    RegistrationClosed,
    PhoneNeeded,
    ByAnother,
}

/// A person as one app knows them.
#[derive(Clone, Copy, Default)]
pub(super) struct Identity {
    is_seen: bool,
    pub(super) account: Option<usize>,
    bound: Option<Timestamp>,
    pub(super) has_unionid: bool,
    pub(super) unsubscribed: Option<Timestamp>,
    probation: Option<Timestamp>,
}

/// An account, in the order in which they were made.
pub(super) struct Account {
    pub(super) phone: Option<usize>,
    /// When all of its sessions were ended last.
    all_ended: Option<Timestamp>,
    /// When pending links were voided last: by the end of a session, or by the removal of an identity.
    links_voided: Option<Timestamp>,
}

pub(super) struct Model {
    house: House,
    pub(super) logins: Vec<Login>,
    pub(super) accounts: Vec<Account>,
    pub(super) identities: [[Identity; PERSONS.len()]; APPS.len()],
    /// How often an identity was bound.
    pub(super) bindings: u32,
    codes_sent: u32,
    /// The codes of each app that were used.
    used_codes: HashSet<(usize, usize)>,
    used_phone_codes: HashSet<usize>,
}

impl Model {
    pub(super) fn of(house: House) -> Self {
        Self {
            house,
            logins: Vec::new(),
            accounts: Vec::new(),
            identities: Default::default(),
            bindings: 0,
            codes_sent: 0,
            used_codes: HashSet::new(),
            used_phone_codes: HashSet::new(),
        }
    }

    /// Makes an account; nothing where new ones are not made.
    fn new_account(&mut self, phone: Option<usize>) -> Result<usize, Refused> {
        if self.house.registration == Registration::Closed {
            return Err(Refused::RegistrationClosed);
        }
        self.accounts.push(Account { phone, all_ended: None, links_voided: None });
        Ok(self.accounts.len() - 1)
    }

    /// Returns whether an account has a user of an app.
    fn has_user(&self, account: usize, app: usize) -> bool {
        self.identities[app].iter().any(|identity| identity.account == Some(account))
    }

    /// Binds an identity, unless it has an account; one that joins others is on probation as long as they are.
    fn bind_identity(&mut self, app: usize, person: usize, account: usize, now: Timestamp) {
        let probation = self.probation_in(account);
        let identity = &mut self.identities[app][person];
        if identity.account.is_none() {
            (identity.account, identity.bound, identity.probation) = (Some(account), Some(now), probation);
            self.bindings += 1;
        }
    }

    /// Returns the identities of an account by app and person.
    pub(super) fn identities_of(&self, account: usize) -> Vec<(usize, usize)> {
        let all = (0..APPS.len()).flat_map(|app| (0..PERSONS.len()).map(move |person| (app, person)));
        all.filter(|(app, person)| self.identities[*app][*person].account == Some(account)).collect()
    }

    /// Returns the other accounts that a person is known by, each once, the longest bound first.
    fn accounts_of(&self, person: usize) -> Vec<usize> {
        let known = self.identities.iter().map(|users| users[person]).filter(|identity| identity.has_unionid);
        let mut bound: Vec<_> = known.filter_map(|it| Some((it.bound?, it.account?))).collect();
        bound.sort_unstable();
        let mut accounts = Vec::new();
        for (_, account) in bound {
            if !accounts.contains(&account) {
                accounts.push(account);
            }
        }
        accounts
    }

    /// Returns the identities of an account whose person is known by another account too, with that one.
    pub(super) fn conflicts_of(&self, account: usize) -> Vec<(usize, usize, usize)> {
        let theirs = self.identities_of(account).into_iter();
        let known = theirs.filter(|(app, person)| self.identities[*app][*person].has_unionid);
        known
            .flat_map(|(app, person)| {
                let others = self.accounts_of(person).into_iter().filter(|other| *other != account);
                others.map(move |other| (app, person, other)).collect::<Vec<_>>()
            })
            .collect()
    }
}
