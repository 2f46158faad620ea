//! Lists that drop their oldest entries.

use std::collections::VecDeque;

/// At most `limit` entries, oldest first. Each entry has a number, which grows from entry to entry.
#[derive(Debug)]
pub(crate) struct Bounded<T> {
    entries: VecDeque<T>,
    limit: usize,
    last_id: u64,
}

impl<T> Bounded<T> {
    pub(crate) fn new(limit: usize) -> Self {
        Self { entries: VecDeque::new(), limit: limit.max(1), last_id: 0 }
    }

    /// Returns the number that the next entry gets.
    pub(crate) fn next_id(&self) -> u64 {
        self.last_id + 1
    }

    /// Adds the entry that `make` makes with the next number, and returns the number.
    pub(crate) fn push_numbered(&mut self, make: impl FnOnce(u64) -> T) -> u64 {
        self.last_id = self.next_id();
        if self.entries.len() == self.limit {
            self.entries.pop_front();
        }
        self.entries.push_back(make(self.last_id));
        self.last_id
    }

    pub(crate) fn push(&mut self, entry: T) {
        self.push_numbered(|_id| entry);
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.entries.iter()
    }

    pub(crate) fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut T> {
        self.entries.iter_mut()
    }

    pub(crate) fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.entries.retain(keep);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_room_for_the_newest() {
        let mut list = Bounded::new(2);
        (1..=3).for_each(|number| list.push(number));
        assert_eq!(list.iter().copied().collect::<Vec<_>>(), [2, 3]);
    }
}
