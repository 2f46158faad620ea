//! The people: their phone numbers, and the accounts that they follow.

use std::collections::BTreeMap;

use saoma_domain::account::PhoneNumber;
use serde::{Deserialize, Serialize};

use super::ids::{hash, openid};
use crate::error::SandboxError;

/// Since when and by what code a person follows an account.
#[derive(Clone, Debug)]
pub(crate) struct Following {
    pub(crate) since: i64,
    /// The scene of the QR code that led there; `None` without one.
    pub(crate) scene: Option<String>,
}

/// What a person does whom a code of an account leads to that they do not follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "follows")]
pub enum Mood {
    /// They follow it.
    #[default]
    AtOnce,
    /// They look at it for so long, and follow it then.
    After {
        /// In milliseconds.
        ms: u32,
    },
    /// They leave it at that.
    Never,
}

/// One person.
#[derive(Clone, Debug)]
pub(crate) struct PersonRecord {
    pub(crate) name: String,
    pub(crate) phone: String,
    /// By account name.
    pub(crate) follows: BTreeMap<String, Following>,
    pub(crate) mood: Mood,
    /// Whether WeChat's risk control keeps the person out of mini programs.
    pub(crate) high_risk: bool,
}

/// All people, in order of arrival.
#[derive(Debug)]
pub(crate) struct People {
    list: Vec<PersonRecord>,
    limit: usize,
}

impl People {
    pub(crate) fn new(limit: usize) -> Self {
        Self { list: Vec::new(), limit }
    }

    pub(crate) fn all(&self) -> &[PersonRecord] {
        &self.list
    }

    pub(crate) fn get(&self, name: &str) -> Result<&PersonRecord, SandboxError> {
        let found = self.list.iter().find(|person| person.name == name);
        found.ok_or_else(|| SandboxError::UnknownPerson(name.to_owned()))
    }

    pub(crate) fn by_openid(&self, app_id: &str, id: &str) -> Option<&PersonRecord> {
        self.list.iter().find(|person| openid(app_id, &person.name) == id)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Result<&mut PersonRecord, SandboxError> {
        let found = self.list.iter_mut().find(|person| person.name == name);
        found.ok_or_else(|| SandboxError::UnknownPerson(name.to_owned()))
    }

    /// Returns the person of this name and adds a new one where there is none; without a phone number one is
    /// made from the name.
    pub(crate) fn add(&mut self, name: &str, phone: Option<&str>) -> Result<PersonRecord, SandboxError> {
        if let Ok(person) = self.get(name) {
            return Ok(person.clone());
        }
        check_name(name)?;
        if self.list.len() >= self.limit {
            return Err(SandboxError::TooManyPeople(self.limit));
        }
        let phone = match phone {
            Some(phone) => check_phone(phone)?,
            None => self.free_phone(name),
        };
        if self.has_phone(&phone) {
            return Err(SandboxError::InvalidPerson("another person has this phone number".to_owned()));
        }
        let (name, follows) = (name.to_owned(), BTreeMap::new());
        let person = PersonRecord { name, phone, follows, mood: Mood::AtOnce, high_risk: false };
        self.list.push(person.clone());
        Ok(person)
    }

    pub(crate) fn follows(&self, name: &str, account: &str) -> bool {
        self.get(name).is_ok_and(|person| person.follows.contains_key(account))
    }

    /// Lets a person follow an account; `false` when the person is unknown or follows it already.
    pub(crate) fn follow(&mut self, name: &str, account: &str, following: Following) -> bool {
        if self.follows(name, account) {
            return false;
        }
        self.get_mut(name).map(|person| person.follows.insert(account.to_owned(), following)).is_ok()
    }

    /// Lets a person stop following an account; `false` when the person did not follow it.
    pub(crate) fn unfollow(&mut self, name: &str, account: &str) -> bool {
        self.get_mut(name).is_ok_and(|person| person.follows.remove(account).is_some())
    }

    fn has_phone(&self, phone: &str) -> bool {
        self.list.iter().any(|person| person.phone == phone)
    }

    fn free_phone(&self, name: &str) -> String {
        let hash = hash("phone", name);
        let mut number = hash.as_ref().iter().take(7).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        loop {
            let phone = format!("+86138{:08}", number % 100_000_000);
            if !self.has_phone(&phone) {
                return phone;
            }
            number += 1;
        }
    }
}

fn check_name(name: &str) -> Result<(), SandboxError> {
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if (1..=32).contains(&name.chars().count()) && name.chars().all(fits) {
        return Ok(());
    }
    Err(SandboxError::InvalidPerson("a name is 1 to 32 letters, digits, - or _".to_owned()))
}

fn check_phone(phone: &str) -> Result<String, SandboxError> {
    let number = PhoneNumber::from_store(phone).map(|number| number.e164().to_owned());
    let problem = "a phone number is written like +8613800138000";
    number.ok_or_else(|| SandboxError::InvalidPerson(problem.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_person_has_a_mobile_number_of_their_own() {
        let mut people = People::new(100);
        for number in 0..100 {
            people.add(&format!("p{number}"), None).unwrap();
        }
        let phones: std::collections::BTreeSet<_> = people.all().iter().map(|p| &p.phone).collect();
        assert_eq!(phones.len(), 100);
        assert!(phones.iter().all(|phone| phone.len() == 14 && phone.starts_with("+86138")));
        assert!(matches!(people.add("one more", None), Err(SandboxError::InvalidPerson(_))));
        assert!(matches!(people.add("p100", None), Err(SandboxError::TooManyPeople(100))));
        assert!(people.add("p99", None).is_ok(), "a person who is there already needs no room");
    }

    #[test]
    fn a_taken_or_misspelt_phone_number_is_refused() {
        let mut people = People::new(9);
        people.add("ming", Some("+8613800138000")).unwrap();
        assert!(people.add("hong", Some("+8613800138000")).is_err());
        assert!(people.add("hong", Some("13800138000")).is_err());
    }
}
