//! Who did something: a person, a site's system, an operator, or the service itself.

use crate::text::short_text;

short_text! {
    /// The name that the configuration gives to one key of the site API, such as `orders`: `[a-z0-9_-]{1,32}`.
    KeyName, 32, |text| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The person whom it is about, by a login or a session.
    Person,
    /// A system of the site, by a key of the site API.
    Key(KeyName),
    /// An operator, on the command line.
    Operator,
    /// The service, by a rule of its own or because WeChat said so.
    System,
}

impl Actor {
    /// Returns the text that stores keep: `person`, `key:<name>`, `operator` or `system`.
    pub fn to_text(&self) -> String {
        match self {
            Self::Person => "person".to_owned(),
            Self::Key(name) => format!("key:{name}"),
            Self::Operator => "operator".to_owned(),
            Self::System => "system".to_owned(),
        }
    }

    /// Reads what [`Actor::to_text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "person" => Some(Self::Person),
            "operator" => Some(Self::Operator),
            "system" => Some(Self::System),
            other => other.strip_prefix("key:").and_then(|name| KeyName::parse(name).ok()).map(Self::Key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_is_read_as_it_was_written() {
        let key = Actor::Key(KeyName::parse("orders").unwrap());
        for actor in [Actor::Person, key, Actor::Operator, Actor::System] {
            assert_eq!(Actor::parse(&actor.to_text()), Some(actor));
        }
        for wrong in ["", "key:", "key:Orders", "orders", "Person"] {
            assert_eq!(Actor::parse(wrong), None, "{wrong}");
        }
    }
}
