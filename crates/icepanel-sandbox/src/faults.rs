//! The faults of a sandbox, and which request gets which.

use serde_json::Value;

use crate::{Fault, Operation};

/// The faults of a sandbox, each with its remaining number of times.
#[derive(Default)]
pub(crate) struct Faults(Vec<Armed>);

struct Armed {
    fault: Fault,
    random: fastrand::Rng,
}

impl Faults {
    pub(crate) fn add(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.0.extend(faults.into_iter().map(|fault| Armed {
            random: fastrand::Rng::with_seed(fault.seed),
            fault,
        }));
    }

    /// The fault that this request gets.
    pub(crate) fn next(&mut self, operation: Operation, body: &[u8]) -> Option<Fault> {
        if self.0.is_empty() {
            return None;
        }
        let hit = self
            .0
            .iter_mut()
            .find_map(|armed| armed.hits(operation, body).then(|| armed.fault.clone()));
        self.0.retain(|armed| armed.fault.times != Some(0));
        hit
    }
}

impl Armed {
    fn hits(&mut self, operation: Operation, body: &[u8]) -> bool {
        let fault = &mut self.fault;
        if !fault.on.matches(operation) || fault.times == Some(0) {
            return false;
        }
        if let Some(email) = &fault.email
            && !is_for(body, email)
        {
            return false;
        }
        if fault.skip > 0 {
            fault.skip -= 1;
            return false;
        }
        if let Some(times) = &mut fault.times {
            *times -= 1;
        }
        fault.probability >= 1.0 || self.random.f64() < fault.probability
    }
}

/// Whether the body of a request has this address.
fn is_for(body: &[u8], email: &str) -> bool {
    let body = serde_json::from_slice::<Value>(body).unwrap_or_default();
    let given = body["email"].as_str();
    given.is_some_and(|given| given.to_lowercase() == email.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FaultName, On};

    fn names(faults: &mut Faults, operation: Operation, count: usize) -> Vec<Option<FaultName>> {
        (0..count)
            .map(|_| faults.next(operation, b"").map(|f| f.fault))
            .collect()
    }

    fn armed(faults: impl IntoIterator<Item = Fault>) -> Faults {
        let mut armed = Faults::default();
        armed.add(faults);
        armed
    }

    #[test]
    fn the_first_that_applies_wins_and_the_next_keeps_its_turns() {
        use FaultName::{Cut, Hang};
        let mut faults = armed([
            Fault {
                skip: 1,
                ..Fault::new(Cut).on(On::Create)
            },
            Fault {
                times: Some(2),
                ..Fault::new(Hang).on(On::Write)
            },
        ]);
        assert_eq!(names(&mut faults, Operation::List, 1), [None]);
        assert_eq!(
            names(&mut faults, Operation::Create, 4),
            [Some(Hang), Some(Cut), Some(Hang), None]
        );
    }

    #[test]
    fn chances_are_drawn_from_the_seed_and_use_up_the_times() {
        let fault = Fault {
            probability: 0.5,
            times: Some(1000),
            seed: 7,
            ..Fault::new(FaultName::Cut)
        };
        let drawn = names(&mut armed([fault.clone()]), Operation::List, 2000);
        assert_eq!(
            drawn,
            names(&mut armed([fault.clone()]), Operation::List, 2000)
        );
        assert_ne!(
            drawn,
            names(
                &mut armed([Fault { seed: 8, ..fault }]),
                Operation::List,
                2000
            )
        );
        assert!((400..600).contains(&drawn.iter().flatten().count()));
        assert!(drawn[1000..].iter().all(Option::is_none));
    }
}
