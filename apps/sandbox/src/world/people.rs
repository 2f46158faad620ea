//! The people with a phone in their hand.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;

use crate::SandboxError;

/// Since when and by what code a person follows an account.
#[derive(Clone, Debug)]
pub(crate) struct Following {
    pub(crate) since: i64,
    pub(crate) scene: Option<String>,
}

/// One person.
#[derive(Clone, Debug)]
pub(crate) struct PersonRecord {
    pub(crate) name: String,
    pub(crate) phone: String,
    /// By account name.
    pub(crate) follows: BTreeMap<String, Following>,
    /// Whether WeChat's risk control keeps them out of mini programs.
    pub(crate) high_risk: bool,
}

/// Everybody, in order of arrival.
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

    pub(crate) fn get(&self, name: &str) -> Option<&PersonRecord> {
        self.list.iter().find(|person| person.name == name)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut PersonRecord> {
        self.list.iter_mut().find(|person| person.name == name)
    }

    /// Returns the person of this name, adding one who is not here yet; without a phone number one is made
    /// from the name.
    pub(crate) fn add(&mut self, name: &str, phone: Option<&str>) -> Result<PersonRecord, SandboxError> {
        if let Some(person) = self.get(name) {
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
        if self.list.iter().any(|person| person.phone == phone) {
            return Err(SandboxError::InvalidPerson("somebody has this phone number already".to_owned()));
        }
        let (name, follows) = (name.to_owned(), BTreeMap::new());
        let person = PersonRecord { name, phone, follows, high_risk: false };
        self.list.push(person.clone());
        Ok(person)
    }

    fn free_phone(&self, name: &str) -> String {
        let mut number =
            hash("phone", name).iter().take(7).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        loop {
            let phone = format!("+86138{:08}", number % 100_000_000);
            if !self.list.iter().any(|person| person.phone == phone) {
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
    let digits = phone.strip_prefix('+').unwrap_or_default();
    if (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(phone.to_owned());
    }
    Err(SandboxError::InvalidPerson("a phone number is written like +8613800138000".to_owned()))
}

/// Returns the id of a person in an app, always the same: `o` and 27 characters.
pub(crate) fn openid(app_id: &str, name: &str) -> String {
    let mut id = format!("o{}", URL_SAFE_NO_PAD.encode(hash(app_id, name)));
    id.truncate(28);
    id
}

/// Returns the id of a person in an open platform account, always the same: 28 characters.
pub(crate) fn unionid(open_account: &str, name: &str) -> String {
    let mut id = format!("o6_{}", URL_SAFE_NO_PAD.encode(hash(&format!("unionid {open_account}"), name)));
    id.truncate(28);
    id
}

fn hash(what: &str, name: &str) -> [u8; 32] {
    let digest = digest::digest(&digest::SHA256, format!("{what}\n{name}").as_bytes());
    let mut bytes = [0; 32];
    bytes.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_another_openid_in_every_app_and_the_same_one_in_every_run() {
        let id = openid("wx5a0b4c3d2e1f6078", "ming");
        assert_eq!(id, openid("wx5a0b4c3d2e1f6078", "ming"));
        assert_ne!(id, openid("wx0000000000000000", "ming"));
        assert!(id.starts_with('o') && id.len() == 28, "{id}");
        assert_eq!(unionid("default", "ming").len(), 28);
        assert_ne!(unionid("default", "ming"), unionid("another", "ming"));
    }

    #[test]
    fn everybody_has_a_mobile_number_of_their_own() {
        let mut people = People::new(100);
        for number in 0..100 {
            people.add(&format!("p{number}"), None).unwrap();
        }
        let phones: std::collections::BTreeSet<_> = people.all().iter().map(|p| &p.phone).collect();
        assert_eq!(phones.len(), 100);
        assert!(phones.iter().all(|phone| phone.len() == 14 && phone.starts_with("+86138")));
        assert!(matches!(people.add("one more", None), Err(SandboxError::InvalidPerson(_))));
        assert!(matches!(people.add("p100", None), Err(SandboxError::TooManyPeople(100))));
        assert!(people.add("p99", None).is_ok(), "who is here already needs no room");
    }

    #[test]
    fn a_taken_or_misspelt_phone_number_is_refused() {
        let mut people = People::new(9);
        people.add("ming", Some("+8613800138000")).unwrap();
        assert!(people.add("hong", Some("+8613800138000")).is_err());
        assert!(people.add("hong", Some("13800138000")).is_err());
    }
}
