//! How many of a kind there are now; a kind of which there is none is not remembered.

use std::collections::HashMap;
use std::hash::Hash;

/// A count for each kind.
#[derive(Debug)]
pub(crate) struct Tally<K>(HashMap<K, usize>);

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash> Tally<K> {
    /// One more of `kind`, unless there are `max` already; says whether there is room.
    pub(crate) fn add(&mut self, kind: K, max: usize) -> bool {
        let n = self.0.entry(kind).or_default();
        let has_room = *n < max;
        *n += usize::from(has_room);
        has_room
    }

    /// One less of `kind`.
    pub(crate) fn remove(&mut self, kind: &K) {
        if let Some(n) = self.0.get_mut(kind) {
            *n -= 1;
            if *n == 0 {
                self.0.remove(kind);
            }
        }
    }

    /// Of how many kinds is there one?
    #[cfg(test)]
    pub(crate) fn kinds(&self) -> usize {
        self.0.len()
    }
}
