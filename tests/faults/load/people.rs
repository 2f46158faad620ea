//! The people who log in, and which accounts are theirs.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::future::join_all;
use saoma_sandbox::Person;

use super::{Client, WORKERS, log_in};
use crate::site::{Site, random};

/// How many people have accounts from the start.
const KNOWN: usize = 24;

/// People with accounts, and newcomers.
#[derive(Default)]
pub(crate) struct People {
    known: Vec<Person>,
    newcomers: AtomicUsize,
    owners: Mutex<Owners>,
}

#[derive(Default)]
struct Owners {
    accounts: HashMap<String, String>,
    people: HashMap<String, String>,
    sessions: Vec<(String, String)>,
}

impl People {
    /// Registers people at a site where nothing fails.
    pub(crate) async fn register(site: &Site) -> Arc<Self> {
        Self::register_so_many(site, KNOWN).await
    }

    /// Registers so many people that each of so many logins leaves a session that lasts: an account has twenty at the
    /// most.
    pub(crate) async fn register_for(site: &Site, logins: usize) -> Arc<Self> {
        Self::register_so_many(site, logins / 6).await
    }

    /// Registers so many people.
    pub(crate) async fn register_so_many(site: &Site, number: usize) -> Arc<Self> {
        let known = (0..number).map(|number| site.person(&format!("known-{number}"))).collect();
        let people = Self { known, ..Self::default() };
        let client = Client::new(&site.balancer.url, Arc::default());
        join_all(people.known.iter().map(|person| log_in(&client, &people, person))).await;
        let report = client.figures.report();
        assert_eq!((report.logins, report.lost, report.wrong), (number, 0, 0), "{report:?}");
        Arc::new(people)
    }

    pub(crate) fn somebody_known(&self) -> Person {
        self.known[random(self.known.len())].clone()
    }

    /// Returns a person who does nothing in the turns of other workers; there have to be as many people as workers.
    pub(crate) fn somebody_of(&self, worker: usize) -> Person {
        self.known[worker + WORKERS * random(self.known.len() / WORKERS)].clone()
    }

    pub(crate) fn known(&self) -> &[Person] {
        &self.known
    }

    pub(crate) fn somebody_new(&self, site: &Site) -> Person {
        site.person(&format!("new-{}", self.newcomers.fetch_add(1, Ordering::Relaxed)))
    }

    /// Returns whether a person has an account, as far as is known here.
    pub(super) fn has_account(&self, person: &Person) -> bool {
        self.owners.lock().unwrap().accounts.contains_key(person.name())
    }

    /// Returns whether an account is a person's only one and nobody else's; the first who comes gets it.
    pub(crate) fn owns(&self, person: &Person, account: &str) -> bool {
        let owners = &mut *self.owners.lock().unwrap();
        let theirs = owners.accounts.entry(person.name().to_owned()).or_insert_with(|| account.to_owned());
        let owner = owners.people.entry(account.to_owned()).or_insert_with(|| person.name().to_owned());
        !account.is_empty() && theirs == account && owner == person.name()
    }

    pub(super) fn keep_session(&self, token: String, account: String) {
        self.owners.lock().unwrap().sessions.push((token, account));
    }

    /// Returns the sessions that were issued so far, with their accounts.
    pub(crate) fn sessions(&self) -> Vec<(String, String)> {
        self.owners.lock().unwrap().sessions.clone()
    }

    /// Checks that sessions still are of the accounts that they were of, and returns how many there are.
    pub(crate) async fn check_sessions(&self, client: &Client, sessions: &[(String, String)]) -> usize {
        for (token, account) in sessions {
            let answer = client.session(token).await;
            assert_eq!((answer.status, answer.json["account"]["id"].as_str()), (200, Some(account.as_str())));
        }
        sessions.len()
    }
}
