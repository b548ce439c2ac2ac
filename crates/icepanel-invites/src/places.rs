//! Which place of a list has which id, so that an id that is told twice has one place.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
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
        let mut hash = self.hasher.hash_one(id);
        loop {
            match self.by_hash.entry(hash) {
                Entry::Vacant(entry) => {
                    entry.insert(self.ends.len());
                    self.ids.push_str(id);
                    self.ends.push(self.ids.len());
                    return None;
                }
                Entry::Occupied(entry) => {
                    let place = *entry.get();
                    let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
                    if self.ids[start..self.ends[place]] == *id {
                        return Some(place);
                    }
                    hash = hash.wrapping_add(1);
                }
            }
        }
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
                prop_assert_eq!(places.take(id), known);
                if known.is_none() {
                    order.push(id);
                }
            }
        }
    }
}
