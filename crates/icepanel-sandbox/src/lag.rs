//! Lists that lag behind: the changes that they do not show yet.

use std::{collections::HashMap, time::Instant};

/// The invites that the list does not show as they are.
#[derive(Default)]
pub(crate) struct Lagging(Vec<Lag>);

struct Lag {
    index: usize,
    until: Instant,
    kind: LagKind,
}

enum LagKind {
    /// It is missing, at least from this number of further lists.
    Missing { reads: u32 },
    /// It is as it was before it was revoked.
    Stale { json: Box<[u8]> },
}

impl Lagging {
    /// This invite is missing until then, and from this number of lists.
    pub(crate) fn miss(&mut self, index: usize, until: Instant, reads: u32) {
        self.0.push(Lag {
            index,
            until,
            kind: LagKind::Missing { reads },
        });
    }

    /// This invite looks like this until then.
    pub(crate) fn keep(&mut self, index: usize, until: Instant, json: Box<[u8]>) {
        self.0.push(Lag {
            index,
            until,
            kind: LagKind::Stale { json },
        });
    }

    /// Counts a list and says how it shows those that lag now: not at all, or as they were.
    pub(crate) fn step(&mut self, now: Instant) -> HashMap<usize, Option<Box<[u8]>>> {
        let mut shown = HashMap::new();
        if self.0.is_empty() {
            return shown;
        }
        self.0.retain_mut(|lag| {
            let waits = now < lag.until;
            match &mut lag.kind {
                LagKind::Missing { reads } if waits || *reads > 0 => {
                    *reads = reads.saturating_sub(1);
                    shown.insert(lag.index, None);
                    true
                }
                LagKind::Stale { json } if waits => {
                    // It may be missing altogether, or lag twice: the first to lag decides.
                    shown.entry(lag.index).or_insert_with(|| Some(json.clone()));
                    true
                }
                _ => false,
            }
        });
        shown
    }
}
