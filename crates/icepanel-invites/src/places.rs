//! Which place of a list has which id, so that an id that is told twice has one place.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// The ids of a list in their order, each once. They share one allocation, for there may be a
/// hundred thousand.
#[derive(Default)]
pub(crate) struct Places {
    hasher: RandomState,
    /// The ids, one after another, and where each ends.
    ids: String,
    ends: Vec<usize>,
    /// By hash; of two ids with the same hash the later has the next free number.
    by_hash: HashMap<u64, usize>,
}

impl Places {
    /// The place of an id that has one, or none, and then the id takes the next.
    pub(crate) fn take(&mut self, id: &str) -> Option<usize> {
        let free = match self.find(id) {
            Ok(place) => return Some(place),
            Err(free) => free,
        };
        self.by_hash.insert(free, self.ends.len());
        self.ids.push_str(id);
        self.ends.push(self.ids.len());
        None
    }

    /// Whether an id has a place.
    pub(crate) fn has(&self, id: &str) -> bool {
        !self.ends.is_empty() && self.find(id).is_ok()
    }

    /// The place of an id, or the hash that it would get.
    fn find(&self, id: &str) -> Result<usize, u64> {
        let mut hash = self.hasher.hash_one(id);
        while let Some(&place) = self.by_hash.get(&hash) {
            let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
            if self.ids[start..self.ends[place]] == *id {
                return Ok(place);
            }
            hash = hash.wrapping_add(1);
        }
        Err(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_keeps_the_place_that_it_took(ids in prop::collection::vec("[ab]{0,4}", 0..60)) {
            let mut places = Places::default();
            let mut order: Vec<&str> = Vec::new();
            for id in &ids {
                let known = order.iter().position(|other| other == id);
                prop_assert_eq!(places.has(id), known.is_some());
                prop_assert_eq!(places.take(id), known);
                if known.is_none() {
                    order.push(id);
                }
            }
        }
    }
}
