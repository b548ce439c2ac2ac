//! What is checked, and what must come out.

use std::time::Instant;

use stateright::{Checker, HasDiscoveries, Model};

use crate::properties::{NEVER_NONE, ONE, ONE_MORE, RESULT};
use crate::setting::{Setting, Ties, UNLIMITED};

/// A setting, and what must come out.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    setting: Setting,
    expected: Expected,
}

#[derive(Clone, Copy)]
enum Expected {
    /// Every property holds in every state.
    Holds,
    /// Every property but these does.
    HoldsBut(&'static [&'static str]),
    /// A counterexample to this property is found. The search ends there.
    Breaks(&'static str),
}

/// What came out.
pub(crate) struct Ran {
    pub(crate) states: usize,
    pub(crate) as_expected: bool,
    /// The steps of a shortest counterexample.
    pub(crate) steps: Vec<String>,
    broken: Vec<&'static str>,
    seconds: f64,
}

impl Row {
    pub(crate) fn run(&self) -> Ran {
        let started = Instant::now();
        let checker = self.setting.checker();
        let checker = match self.expected {
            Expected::Breaks(property) => {
                checker.finish_when(HasDiscoveries::AnyOf([property].into()))
            }
            // Every state, unless all properties are found broken.
            Expected::Holds | Expected::HoldsBut(_) => checker,
        };
        let checker = checker.spawn_bfs().join();
        let found = checker.discoveries();
        let mut broken: Vec<&'static str> = found.keys().copied().collect();
        broken.sort_unstable();
        let as_expected = match self.expected {
            Expected::Holds => broken.is_empty(),
            Expected::HoldsBut(others) => broken == others,
            Expected::Breaks(property) => broken.contains(&property),
        };
        let shown = match self.expected {
            Expected::Breaks(property) => Some(property),
            Expected::Holds | Expected::HoldsBut(_) => broken.first().copied(),
        };
        let path = shown.and_then(|property| found.get(property).cloned());
        let actions = path.map(stateright::Path::into_actions).unwrap_or_default();
        Ran {
            states: checker.unique_state_count(),
            as_expected,
            steps: actions.iter().map(|action| format!("{action:?}")).collect(),
            broken,
            seconds: started.elapsed().as_secs_f64(),
        }
    }
}

impl Ran {
    /// A line of the table in README.md.
    pub(crate) fn line(&self, row: &Row) -> String {
        let outcome = match (row.expected, self.as_expected) {
            (Expected::Holds, true) => "holds".to_owned(),
            (Expected::HoldsBut(others), true) => format!("holds, without: {}", others.join(", ")),
            (Expected::Breaks(property), true) => {
                format!("not: {property}, after {} steps", self.steps.len())
            }
            (_, false) => format!("NOT AS EXPECTED: {:?}", self.broken),
        };
        let Self {
            states, seconds, ..
        } = self;
        format!("| {} | {outcome} | {states} | {seconds:.1} |", row.name)
    }
}

/// `Date` is as far behind or ahead as the client tolerates, or exact.
const SKEWS: &[i8] = &[-2, 0, 2];

#[rustfmt::skip]
pub(crate) fn all() -> Vec<Row> {
    let one = Setting::assumed(1);
    let two = Setting::assumed(2);
    let lost = Setting { lost: 1, ..two };
    let timed_out = Setting { timed_out: 1, ..two };
    let three = Setting { stamped_early: false, ..Setting::assumed(3) };
    let slow = Setting { stamped_early: true, unit: 1, ..three };
    let nothing = Setting {
        lag: 12, order: UNLIMITED, tie_order: UNLIMITED, several_clocks: true, settle: 0, waits_for_ties: false, ..two
    };
    let in_order = Setting { replicas: true, unit: 1, stamped_early: false, ..two };
    let lost_in_order = Setting { lost: 1, alike: false, ..in_order };
    let holds = |name, setting| Row { name, setting, expected: Expected::Holds };
    let holds_but = |name, property, setting| Row { name, setting, expected: Expected::HoldsBut(property) };
    let breaks = |name, property, setting| Row { name, setting, expected: Expected::Breaks(property) };
    vec![
        // What the client assumes.
        holds("2 workers", Setting { skews: SKEWS, ..two }),
        holds("2 workers, exact times", Setting { unit: 1, skews: SKEWS, ..two }),
        holds("2 workers, one is killed", Setting { crashes: 1, skews: SKEWS, ..two }),
        holds("2 workers, a lost response", Setting { skews: SKEWS, ..lost }),
        holds("2 workers, a lost response, different expiries", Setting { alike: false, ..lost }),
        holds("2 workers, a lost response, one is killed", Setting { crashes: 1, ..lost }),
        holds("3 workers", three),
        holds("3 workers, two are killed", Setting { crashes: 2, ..three }),
        // Without one of the assumptions.
        breaks("the list lags by more than 3 s", ONE, Setting { lag: 12, ..two }),
        breaks("the list lags by more than 3 s, 1 worker, a lost response", ONE, Setting { lag: 20, order: 8, lost: 1, ..one }),
        breaks("an older invite appears more than 1 s after a newer one, exact times", ONE, Setting { unit: 1, order: 4, ..two }),
        breaks("the same for equal times and a smaller id", ONE, Setting { tie_order: UNLIMITED, ..two }),
        breaks("workers wait only 1 s, whole seconds", ONE, Setting { waits_for_ties: false, ..two }),
        holds("the same, and the list has equal times in the order of ids", Setting { tie_order: 0, waits_for_ties: false, ..two }),
        breaks("several clocks give `createdAt`, exact times", ONE, Setting { several_clocks: true, unit: 1, ..two }),
        breaks("`Date` too far ahead, a lost response", ONE, Setting { skews: &[6], ..lost }),
        breaks("`Date` too far ahead, 3 workers", RESULT, Setting { skews: &[12], ..three }),
        holds("`Date` too far behind, a lost response", Setting { skews: &[-12], ..lost }),
        holds("`Date` too far behind, 3 workers", Setting { skews: &[-12], ..three }),
        breaks("the service works on after a lost response", ONE, Setting { late: true, ..lost }),
        breaks("each worker takes its own for the smaller id", ONE, Setting { ties: Ties::OwnFirst, ..two }),
        breaks("each worker takes its own for the greater id", NEVER_NONE, Setting { ties: Ties::OwnLast, ..two }),
        holds("replicas", in_order),
        holds("replicas, 3 workers", Setting { workers: 3, ..in_order }),
        holds("replicas, a lost response, different expiries", lost_in_order),
        breaks("replicas, workers decide on any reading", ONE, Setting { decides_on_shown: false, ..in_order }),
        breaks("replicas, workers decide on any reading, a lost response, different expiries", ONE, Setting { decides_on_shown: false, ..lost_in_order }),
        breaks("replicas, whole seconds", ONE, Setting { unit: 2, ..in_order }),
        breaks("replicas, whole seconds, workers wait 2.5 s", ONE, Setting { unit: 2, settle: 3, ..in_order }),
        holds("replicas, whole seconds, workers wait 3 s", Setting { unit: 2, settle: 4, ..in_order }),
        holds("the same, 3 workers", Setting { unit: 2, settle: 4, workers: 3, ..in_order }),
        holds("the same, a lost response, different expiries", Setting { unit: 2, settle: 4, ..lost_in_order }),
        breaks("replicas, invites are stored some time after `createdAt`", ONE, Setting { stamped_early: true, ..in_order }),
        holds("more digits in the response than in the list", Setting { exact_response: true, ..two }),
        breaks("more digits in the response, the list lags by more than 3 s", NEVER_NONE, Setting { exact_response: true, lag: 18, ..two }),
        holds_but("3 workers, in the list at any time after `createdAt`, exact times", &[RESULT], slow),
        holds("the same, less than 5 s after it", Setting { listed_within: 10, ..slow }),
        breaks("the same, less than 6 s after it", RESULT, Setting { listed_within: 12, ..slow }),
        holds_but("no order, several clocks, a lag of more than 3 s, no wait", &[RESULT, ONE_MORE, ONE], nothing),
        breaks("no time to wait", ONE, Setting { settle: 0, waits_for_ties: false, ..two }),
        breaks("a time-out, the service acts at any time", ONE, timed_out),
        breaks("the same, different expiries", ONE, Setting { alike: false, ..timed_out }),
        holds("a time-out, in the list less than 5 s later", Setting { timed_out_within: 10, ..timed_out }),
        breaks("a time-out, in the list less than 6 s later", ONE, Setting { timed_out_within: 12, ..timed_out }),
        holds("a time-out, less than 3 s later, different expiries", Setting { timed_out_within: 6, alike: false, ..timed_out }),
        breaks("a time-out, less than 4 s later, different expiries", ONE, Setting { timed_out_within: 8, alike: false, ..timed_out }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those that take a moment without optimization; `cargo xtask model` runs all.
    #[test]
    fn the_small_rows_come_out_as_expected() {
        for row in all() {
            let Setting {
                workers,
                lost,
                timed_out,
                crashes,
                lag,
                ..
            } = row.setting;
            if workers == 2 && lost + timed_out == 0 && crashes == 0 && lag == 6 {
                let ran = row.run();
                assert!(ran.as_expected, "{}", ran.line(&row));
            }
        }
    }
}
