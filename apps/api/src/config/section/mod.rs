//! Reads typed values out of one section of a configuration and remembers which keys were read, so that any other key
//! is reported as unknown.

mod nested;
mod secrets;

use std::{collections::BTreeSet, fmt::Display, ops::RangeInclusive, str::FromStr, time::Duration};

use toml::{Table, Value};
use url::Url;

use super::ConfigProblem;

/// One section of the configuration.
pub(in crate::config) struct Section<'a> {
    name: String,
    table: Table,
    /// The keys that were read, given or not.
    known: BTreeSet<String>,
    problems: &'a mut Vec<ConfigProblem>,
}

impl<'a> Section<'a> {
    /// Makes a section of a table. Its problems are added to `problems`.
    pub(in crate::config) fn new(
        name: impl Into<String>,
        table: Table,
        problems: &'a mut Vec<ConfigProblem>,
    ) -> Self {
        Self { name: name.into(), table, known: BTreeSet::new(), problems }
    }

    /// Reports a problem with a key.
    pub(in crate::config) fn problem(&mut self, key: &str, message: impl Into<String>) {
        let key = self.full(key);
        self.problems.push(ConfigProblem::new(key, message));
    }

    /// Returns whether a problem with a key was reported.
    pub(in crate::config) fn has_problem_with(&self, key: &str) -> bool {
        let key = self.full(key);
        self.problems.iter().any(|problem| problem.key == key)
    }

    /// Returns a key with the names of the sections above it.
    fn full(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    /// Takes a value out of the table. An empty text is what is left of a variable that is not set: not given.
    fn take(&mut self, key: &str) -> Option<Value> {
        self.known.insert(key.to_owned());
        self.table.remove(key).filter(|value| !is_empty(value))
    }

    /// Returns whether the key was given.
    pub(in crate::config) fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|value| !is_empty(value))
    }

    /// Returns whether the key was given an empty text, for the few to which that means something.
    pub(in crate::config) fn is_emptied(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(is_empty)
    }

    /// Returns a text, if one was given.
    pub(in crate::config) fn text(&mut self, key: &str) -> Option<String> {
        let value = self.take(key)?;
        let given = kind(&value);
        let Value::String(text) = value else {
            self.problem(key, format!("expected a text in quotes, not {given}"));
            return None;
        };
        Some(text)
    }

    /// Returns a value that has a textual form, or the default when none or an unusable one was given.
    pub(in crate::config) fn parsed<T: FromStr>(&mut self, key: &str, default: T) -> T
    where
        T::Err: Display,
    {
        let Some(text) = self.text(key) else { return default };
        text.parse().unwrap_or_else(|error: T::Err| {
            self.problem(key, format!("`{text}` is not usable: {error}"));
            default
        })
    }

    /// Returns one of several named values, or the default.
    pub(in crate::config) fn choice<T: Copy>(&mut self, key: &str, choices: &[(&str, T)], default: T) -> T {
        let Some(text) = self.text(key) else { return default };
        let found = choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        found.unwrap_or_else(|| {
            let names = choices.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            self.problem(key, format!("`{text}` is none of {names}"));
            default
        })
    }

    /// Returns a whole number within a range.
    pub(in crate::config) fn number(&mut self, key: &str, default: u32, range: RangeInclusive<u32>) -> u32 {
        let number = match self.take(key) {
            None => return default,
            Some(Value::Integer(number)) => u32::try_from(number).ok(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        number.filter(|number| range.contains(number)).unwrap_or_else(|| {
            self.problem(key, format!("expected a whole number from {} to {}", range.start(), range.end()));
            default
        })
    }

    /// Returns a share from 0 to 1, in thousandths.
    pub(in crate::config) fn permille(&mut self, key: &str, default: u32) -> u32 {
        let share = match self.take(key) {
            None => return default,
            Some(Value::Float(share)) => Some(share),
            Some(Value::Integer(share @ (0 | 1))) => Some(if share == 1 { 1.0 } else { 0.0 }),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        let whole = (0..=1000)
            .find(|permille| share.is_some_and(|share| (share * 1000.0 - f64::from(*permille)).abs() < 0.5));
        whole.unwrap_or_else(|| {
            self.problem(key, "expected a share from 0 to 1, such as 0.7");
            default
        })
    }

    /// Returns a duration that is given in whole seconds.
    pub(in crate::config) fn seconds(
        &mut self,
        key: &str,
        default: u32,
        range: RangeInclusive<u32>,
    ) -> Duration {
        Duration::from_secs(self.number(key, default, range).into())
    }

    /// Returns a flag.
    pub(in crate::config) fn flag(&mut self, key: &str, default: bool) -> bool {
        let flag = match self.take(key) {
            None => return default,
            Some(Value::Boolean(flag)) => Some(flag),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        flag.unwrap_or_else(|| {
            self.problem(key, "expected true or false");
            default
        })
    }

    /// Returns a list of texts; from the environment they are separated by commas.
    pub(in crate::config) fn list(&mut self, key: &str) -> Vec<String> {
        let items = match self.take(key) {
            None => return Vec::new(),
            Some(Value::String(text)) => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                Some(items.map(str::to_owned).collect::<Vec<_>>())
            }
            Some(Value::Array(items)) => {
                items.into_iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
            }
            Some(_) => None,
        };
        items.unwrap_or_else(|| {
            self.problem(key, "expected a list of texts");
            Vec::new()
        })
    }

    /// Returns an http or https URL, if a usable one was given.
    pub(in crate::config) fn http_url(&mut self, key: &str) -> Option<Url> {
        let text = self.text(key)?;
        let url =
            Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if url.is_none() {
            self.problem(key, "has to be an http or https URL");
        }
        url
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// Names the kind of a value for a message.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::Table(_) => "a section",
    }
}
