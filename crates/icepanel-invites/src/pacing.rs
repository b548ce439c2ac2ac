//! The limits as all calls of a client see them: where one was told to wait, all wait.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The service counts reads and writes apart (its rate-limits page).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// `GET`: 2,400 a minute.
    Read,
    /// `POST`: 60 a minute.
    Write,
}

/// The longest that one answer can make all calls wait. The documented window is a minute; a
/// broken header must not close the client for good.
const LONGEST_HOLD: Duration = Duration::from_secs(300);

/// Until when no request of a class is sent.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    reads: Mutex<Option<Instant>>,
    writes: Mutex<Option<Instant>>,
}

impl Gate {
    /// The service asked for a wait: no request of this class goes out before it is over.
    pub(crate) fn hold(&self, class: Class, now: Instant, wait: Duration) {
        let until = now + wait.min(LONGEST_HOLD);
        let mut held = self
            .class(class)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *held = Some(held.map_or(until, |held| held.max(until)));
    }

    /// The instant to wait for, if it is still to come.
    pub(crate) fn opens(&self, class: Class, now: Instant) -> Option<Instant> {
        let held = *self
            .class(class)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        held.filter(|until| *until > now)
    }

    fn class(&self, class: Class) -> &Mutex<Option<Instant>> {
        match class {
            Class::Read => &self.reads,
            Class::Write => &self.writes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_wait_counts_and_reads_do_not_wait_for_writes() {
        let gate = Gate::default();
        let now = Instant::now();
        gate.hold(Class::Write, now, Duration::from_secs(20));
        gate.hold(Class::Write, now, Duration::from_secs(5));
        let open = now + Duration::from_secs(20);
        assert_eq!(gate.opens(Class::Write, now), Some(open));
        assert_eq!(gate.opens(Class::Read, now), None);
        assert_eq!(gate.opens(Class::Write, open), None);
    }

    #[test]
    fn no_answer_closes_the_gate_for_good() {
        let gate = Gate::default();
        let now = Instant::now();
        gate.hold(Class::Read, now, Duration::MAX);
        assert_eq!(gate.opens(Class::Read, now), Some(now + LONGEST_HOLD));
    }
}
