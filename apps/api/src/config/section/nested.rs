//! Sections below a section.

use toml::{Table, Value};

use super::{Section, kind};

impl Section<'_> {
    /// Returns a table below this one; an empty one if it was not given.
    pub(in crate::config) fn table(&mut self, key: &str) -> Table {
        let Some(value) = self.take(key) else { return Table::new() };
        let given = kind(&value);
        let Value::Table(table) = value else {
            self.problem(key, format!("expected a section, not {given}"));
            return Table::new();
        };
        table
    }

    /// Returns what was given as a table; nothing where another kind of value was given, or none.
    pub(in crate::config) fn subtable(&mut self, key: &str) -> Option<Table> {
        self.table.get(key)?.as_table()?;
        Some(self.table(key))
    }

    /// Returns the tables of a list of sections (`[[key]]`).
    pub(in crate::config) fn tables(&mut self, key: &str) -> Vec<Table> {
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

    /// Reads a section below this one and reports the keys in it that were not read.
    pub(in crate::config) fn section<T>(&mut self, key: &str, read: impl FnOnce(&mut Section<'_>) -> T) -> T {
        let table = self.table(key);
        self.inside(key, table, read)
    }

    /// Reads a table that was taken from this section as a section of its own, and reports the keys in it that were not
    /// read.
    pub(in crate::config) fn inside<T>(
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

    /// Takes values that several readers share out of this section.
    pub(in crate::config) fn taken(&mut self, keys: &[&str]) -> Table {
        let taken = keys.iter().filter_map(|key| Some(((*key).to_owned(), self.take(key)?)));
        taken.collect()
    }

    /// Returns whether a section below this one was given.
    pub(in crate::config) fn has_table(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(Value::is_table)
    }

    /// Leaves a key unread that was complained of already.
    pub(in crate::config) fn skip(&mut self, key: &str) {
        drop(self.take(key));
    }

    /// Reads a section below this one whose keys may also stand in `base`. Only its own unknown keys are reported.
    pub(in crate::config) fn layered<T>(
        &mut self,
        key: &str,
        base: &Table,
        read: impl FnOnce(&mut Section<'_>) -> T,
    ) -> T {
        let own = if self.has_table(key) { self.table(key) } else { Table::new() };
        let name = if own.is_empty() { self.name.clone() } else { self.full(key) };
        let mut table = base.clone();
        table.extend(own.clone());
        let mut section = Section::new(name, table, self.problems);
        let value = read(&mut section);
        section.table.retain(|key, _| own.contains_key(key));
        section.finish();
        value
    }

    /// Reports every key that was given and not read.
    pub(in crate::config) fn finish(mut self) {
        let unknown: Vec<String> = self.table.keys().cloned().collect();
        for key in unknown {
            let nearest = self.known.iter().min_by_key(|known| strsim::damerau_levenshtein(known, &key));
            let hint = nearest.map(|known| format!("; did you mean `{known}`?")).unwrap_or_default();
            self.problem(&key, format!("unknown key{hint}"));
        }
    }
}
