//! A table of rows in a map, with what undoes the changes of a transaction.

use std::collections::BTreeMap;

/// Rows by their key.
#[derive(Debug)]
pub(super) struct Table<K, V> {
    rows: BTreeMap<K, V>,
    /// What stood where a change was made since the last commit, in the order of the changes.
    undo: Vec<(K, Option<V>)>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), undo: Vec::new() }
    }
}

impl<K: Clone + Ord, V: Clone> Table<K, V> {
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.rows.get(key)
    }

    /// Returns the rows in the order of their keys.
    pub(super) fn rows(&self) -> impl Iterator<Item = &V> {
        self.rows.values()
    }

    /// Returns the keys in their order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &K> {
        self.rows.keys()
    }

    /// Returns the key of the first row that `is_wanted` accepts.
    pub(super) fn key_of(&self, is_wanted: impl Fn(&V) -> bool) -> Option<K> {
        self.keys_of(is_wanted).next()
    }

    /// Returns the keys of the rows that `is_wanted` accepts.
    pub(super) fn keys_of(&self, is_wanted: impl Fn(&V) -> bool) -> impl Iterator<Item = K> {
        self.rows.iter().filter(move |(_, row)| is_wanted(row)).map(|(key, _)| key.clone())
    }

    /// Writes a row that has no other one with its key, and returns whether that was so.
    pub(super) fn insert(&mut self, key: K, row: V) -> bool {
        let is_new = !self.rows.contains_key(&key);
        if is_new {
            self.undo.push((key.clone(), None));
            self.rows.insert(key, row);
        }
        is_new
    }

    /// Changes a row if there is one that `is_expected` accepts, and returns whether there was.
    pub(super) fn update(
        &mut self,
        key: &K,
        is_expected: impl FnOnce(&V) -> bool,
        change: impl FnOnce(&mut V),
    ) -> bool {
        let Some(row) = self.rows.get_mut(key).filter(|row| is_expected(row)) else { return false };
        self.undo.push((key.clone(), Some(row.clone())));
        change(row);
        true
    }

    pub(super) fn remove(&mut self, key: &K) {
        if let Some(row) = self.rows.remove(key) {
            self.undo.push((key.clone(), Some(row)));
        }
    }
}

/// The end of a transaction.
pub(super) trait Changes {
    /// Keeps what was changed.
    fn commit(&mut self);

    /// Undoes what was changed since the last commit.
    fn roll_back(&mut self);
}

impl<K: Clone + Ord, V: Clone> Changes for Table<K, V> {
    fn commit(&mut self) {
        self.undo.clear();
    }

    fn roll_back(&mut self) {
        while let Some((key, row)) = self.undo.pop() {
            match row {
                Some(row) => drop(self.rows.insert(key, row)),
                None => drop(self.rows.remove(&key)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_that_fails_leaves_no_trace() {
        let mut table = Table::default();
        assert!(table.insert(1, "one") && table.insert(2, "two"));
        table.commit();

        assert!(!table.insert(1, "another one"));
        assert!(table.insert(3, "three"));
        assert!(table.update(&1, |_| true, |row| *row = "uno"));
        assert!(table.update(&1, |row| *row == "uno", |row| *row = "une"));
        assert!(!table.update(&1, |row| *row == "uno", |row| *row = "eins"));
        table.remove(&2);
        table.remove(&3);
        assert_eq!(table.rows().collect::<Vec<_>>(), [&"une"]);
        table.roll_back();
        assert_eq!(table.rows().collect::<Vec<_>>(), [&"one", &"two"]);
        table.roll_back();
        assert_eq!(table.rows().count(), 2, "there is nothing more to undo");
    }
}
