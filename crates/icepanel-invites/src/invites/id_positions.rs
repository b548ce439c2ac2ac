//! The positions of ids in a list. The ids are in one text, and the table has only their hashes: no id has an allocation
//! of its own, and a table that grows hashes none again. With a map from strings, a list of 100,000 invites in Node took 42 MiB
//! and not 34.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

/// Ids, each at the position at which it was added.
#[derive(Default)]
pub(crate) struct IdPositions {
    /// All ids, one after another.
    text: String,
    /// Where each id ends in `text`.
    ends: Vec<usize>,
    /// The position of the first id with a hash.
    by_hash: HashMap<u64, usize, BuildHasherDefault<Unchanged>>,
    /// Different in each process, so that nobody can choose ids with the same hash.
    hash: RandomState,
}

impl IdPositions {
    /// The position of an id, if it was added.
    pub(crate) fn get(&self, id: &str) -> Option<usize> {
        self.find(self.hash.hash_one(id), id)
    }

    /// The position of an id that was added before. If it was not, it is added now.
    pub(crate) fn get_or_add(&mut self, id: &str) -> Option<usize> {
        let hash = self.hash.hash_one(id);
        let found = self.find(hash, id);
        if found.is_none() {
            self.by_hash.entry(hash).or_insert(self.ends.len());
            self.text.push_str(id);
            self.ends.push(self.text.len());
        }
        found
    }

    fn find(&self, hash: u64, id: &str) -> Option<usize> {
        let first = *self.by_hash.get(&hash)?;
        // Another id with the same hash is possible, and very rare.
        (first..self.ends.len()).find(|position| self.id(*position) == id)
    }

    fn id(&self, position: usize) -> &str {
        let start = position
            .checked_sub(1)
            .map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[position]]
    }
}

/// Returns a number that is a hash already.
#[derive(Default)]
struct Unchanged(u64);

impl Hasher for Unchanged {
    fn write(&mut self, bytes: &[u8]) {
        // Only numbers are hashed here. This is correct for other keys too, but not good.
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_id_has_the_position_at_which_it_was_added() {
        let ids = ["a", "", "äöü", "ab", "b", "a b"];
        let mut positions = IdPositions::default();
        for id in ids {
            assert_eq!(positions.get_or_add(id), None, "{id}");
        }
        for (position, id) in ids.iter().enumerate() {
            assert_eq!(positions.get(id), Some(position), "{id}");
            assert_eq!(positions.get_or_add(id), Some(position), "{id}");
        }
    }

    #[test]
    fn different_ids_with_the_same_hash_have_their_own_positions() {
        let mut positions = IdPositions::default();
        positions.get_or_add("first");
        positions.get_or_add("second");
        // As if all had the hash of the first.
        let hash = positions.hash.hash_one("second");
        positions.by_hash.insert(hash, 0);
        assert_eq!(positions.get("second"), Some(1));
        let hash = positions.hash.hash_one("third");
        positions.by_hash.insert(hash, 0);
        assert_eq!(positions.get("third"), None);
    }
}
