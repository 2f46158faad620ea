//! Reads typed values out of a table of untyped ones, and remembers what was asked for: a key that nobody
//! asked for is an unknown one.

use std::{collections::BTreeSet, fmt::Display, ops::RangeInclusive, str::FromStr, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use toml::{Table, Value};
use url::Url;

use super::Problem;

/// One section of the configuration.
pub(super) struct Section<'a> {
    name: String,
    table: Table,
    asked: BTreeSet<String>,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Section<'a> {
    /// Makes a section of a table; what is wrong in it goes into `problems`.
    pub(super) fn new(name: impl Into<String>, table: Table, problems: &'a mut Vec<Problem>) -> Self {
        Self { name: name.into(), table, asked: BTreeSet::new(), problems }
    }

    pub(super) fn problem(&mut self, key: &str, message: impl Into<String>) {
        let key = self.full(key);
        self.problems.push(Problem::new(key, message));
    }

    fn full(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        self.asked.insert(key.to_owned());
        self.table.remove(key)
    }

    /// Returns whether the key was given.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Returns a text, if one was given.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        let value = self.take(key)?;
        let given = kind(&value);
        let Value::String(text) = value else {
            self.problem(key, format!("expected a text in quotes, not {given}"));
            return None;
        };
        Some(text)
    }

    /// Returns a value that has a textual form, or the default when none or an unusable one was given.
    pub(super) fn parsed<T: FromStr>(&mut self, key: &str, default: T) -> T
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
    pub(super) fn choice<T: Copy>(&mut self, key: &str, choices: &[(&str, T)], default: T) -> T {
        let Some(text) = self.text(key) else { return default };
        let found = choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        found.unwrap_or_else(|| {
            let names = choices.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            self.problem(key, format!("`{text}` is none of {names}"));
            default
        })
    }

    /// Returns a whole number within a range.
    pub(super) fn number(&mut self, key: &str, default: u32, range: RangeInclusive<u32>) -> u32 {
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

    /// Returns a duration that is given in whole seconds.
    pub(super) fn seconds(&mut self, key: &str, default: u32, range: RangeInclusive<u32>) -> Duration {
        Duration::from_secs(self.number(key, default, range).into())
    }

    /// Returns a flag.
    pub(super) fn flag(&mut self, key: &str, default: bool) -> bool {
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
    pub(super) fn list(&mut self, key: &str) -> Vec<String> {
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
    pub(super) fn http_url(&mut self, key: &str) -> Option<Url> {
        let text = self.text(key)?;
        let url =
            Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if url.is_none() {
            self.problem(key, "has to be an http or https URL");
        }
        url
    }

    /// Returns a secret given as `key`, or as the content of the file named by `key_file`.
    pub(super) fn secret(&mut self, key: &str) -> Option<SecretString> {
        let file_key = format!("{key}_file");
        let (direct, file) = (self.text(key), self.text(&file_key));
        match (direct, file) {
            (Some(_), Some(_)) => {
                self.problem(&file_key, format!("only one of `{key}` and `{file_key}` can be given"));
                None
            }
            (Some(secret), None) => Some(secret.into()),
            (None, Some(file)) => match std::fs::read_to_string(&file) {
                Ok(secret) => Some(secret.trim().to_owned().into()),
                Err(error) => {
                    self.problem(&file_key, format!("the file `{file}` cannot be read: {error}"));
                    None
                }
            },
            (None, None) => None,
        }
    }

    /// Returns secrets given as a list, or as the lines of the file named by `key_file`.
    pub(super) fn secrets(&mut self, key: &str) -> Vec<SecretString> {
        if self.has(key) {
            return self.list(key).into_iter().map(SecretString::from).collect();
        }
        let lines = self.secret(key);
        lines
            .iter()
            .flat_map(|text| text.expose_secret().split_whitespace())
            .map(SecretString::from)
            .collect()
    }

    /// Returns a table below this one; an empty one if it was not given.
    pub(super) fn table(&mut self, key: &str) -> Table {
        let Some(value) = self.take(key) else { return Table::new() };
        let given = kind(&value);
        let Value::Table(table) = value else {
            self.problem(key, format!("expected a section, not {given}"));
            return Table::new();
        };
        table
    }

    /// Returns the tables of a list of sections (`[[key]]`).
    pub(super) fn tables(&mut self, key: &str) -> Vec<Table> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let table = |item| if let Value::Table(table) = item { Some(table) } else { None };
        let tables =
            if let Value::Array(items) = value { items.into_iter().map(table).collect() } else { None };
        tables.unwrap_or_else(|| {
            let full = self.full(key);
            self.problem(key, format!("expected sections written as [[{full}]]"));
            Vec::new()
        })
    }

    /// Reads a section below this one and complains about what it did not ask for.
    pub(super) fn section<T>(&mut self, key: &str, read: impl FnOnce(&mut Section<'_>) -> T) -> T {
        let table = self.table(key);
        self.inside(key, table, read)
    }

    /// Reads a table that was taken from this section as a section of its own.
    pub(super) fn inside<T>(
        &mut self,
        key: &str,
        table: Table,
        read: impl FnOnce(&mut Section<'_>) -> T,
    ) -> T {
        let mut section = Section::new(self.full(key), table, self.problems);
        let value = read(&mut section);
        section.finish();
        value
    }

    /// Complains about every key that was given and not asked for.
    pub(super) fn finish(mut self) {
        let unknown: Vec<String> = self.table.keys().cloned().collect();
        for key in unknown {
            let nearest = self.asked.iter().min_by_key(|known| strsim::damerau_levenshtein(known, &key));
            let hint = nearest.map(|known| format!("; did you mean `{known}`?")).unwrap_or_default();
            self.problem(&key, format!("unknown key{hint}"));
        }
    }
}

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
