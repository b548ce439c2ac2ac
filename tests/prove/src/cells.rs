//! The cells of the matrix: each fault at each call, each call in each world, and what must come out.

use std::collections::BTreeMap;
use std::time::Duration;

use fastrand::Rng;
use icepanel_sandbox::{Report, State};
use serde_json::{Value, json};

use crate::driver::Answer;
use crate::faults::{self, Expected, FaultCase, Nature, Reach};
use crate::matrix::{self, SLACK};
use crate::table::{Part, Tried};
use crate::{Sizes, guest};

pub(crate) const NEW: &str = "new@example.com";
pub(crate) const OLD: &str = "old@example.com";
pub(crate) const OLD_ID: &str = "old-invite-0000000001";

/// A member whose permission is changed, or who is removed.
pub(crate) const BOB: &str = "bob@example.com";
/// A member whom a run removes.
pub(crate) const EVE: &str = "eve@example.com";

/// A run that invites somebody, updates Bob and removes Eve.
pub(crate) const RUN_WITH_MEMBERS: &str = "apply, with members";

/// What answers late is late by so much: no machine is so busy.
const HANGS: Duration = Duration::from_secs(60);

/// Of a call with waits that are slept.
const REAL_TIME: Duration = Duration::from_millis(1500);

/// If not all cells are tried: one in this number for each fault and each world.
const ONE_IN: usize = 4;

/// Which of the cells are tried.
pub(crate) struct Sample(Option<Rng>);

impl Sample {
    /// All in a whole run. In a quick one all for Rust, and some for each other language: they share the client that
    /// decides the outcome of a fault, and each tries others.
    pub(crate) fn new(language: &str, sizes: &Sizes) -> Self {
        let own = |seed: u64, byte: u8| seed.wrapping_mul(31).wrapping_add(byte.into());
        let seed = language.bytes().fold(sizes.seed, own);
        let sampled = sizes.sampled && language != "Rust";
        Self(sampled.then(|| Rng::with_seed(seed)))
    }

    pub(crate) fn of(&mut self, cells: Vec<Cell>) -> Vec<Cell> {
        let Some(rng) = &mut self.0 else {
            return cells;
        };
        let mut faults = BTreeMap::<String, Vec<Cell>>::new();
        for cell in cells {
            faults
                .entry(cell.fault_name.clone())
                .or_default()
                .push(cell);
        }
        let sampled = faults.into_values().flat_map(|mut cells| {
            rng.shuffle(&mut cells);
            cells.truncate(cells.len().div_ceil(ONE_IN));
            cells
        });
        sampled.collect()
    }
}

/// A call of the client, with arguments.
#[derive(Clone)]
pub(crate) struct Called {
    /// As in the table: the call, or what it is about.
    pub(crate) name: &'static str,
    pub(crate) call: &'static str,
    pub(crate) args: Value,
    /// The write among its requests, in the words of a fault.
    write: Option<&'static str>,
}

impl Called {
    pub(crate) fn new(name: &'static str, args: Value, write: Option<&'static str>) -> Self {
        let call = name.split(',').next().unwrap_or(name);
        Self {
            name,
            call,
            args,
            write,
        }
    }
}

pub(crate) fn calls() -> Vec<Called> {
    let called = Called::new;
    let (guest, kept) = (guest(NEW), guest(OLD));
    let people = json!({"people": [guest, kept]});
    let with_members = managed(vec![guest.clone(), kept]);
    vec![
        called("list", json!({}), None),
        called("find_active", json!({"email": OLD}), None),
        called("members", json!({}), None),
        called("seats", json!({}), None),
        called("plan", people.clone(), None),
        called("dump", json!({}), None),
        called("create", guest.clone(), Some("create")),
        called("ensure", guest, Some("create")),
        called("apply", people, Some("create")),
        called(
            "renew",
            json!({"target": OLD, "expiresInMs": 30 * 86_400_000_u64}),
            Some("create"),
        ),
        called("revoke", json!({"id": OLD_ID}), Some("revoke")),
        called("revoke_active", json!({"email": OLD}), Some("revoke")),
        called(
            "update_member",
            json!({"member": BOB, "permission": "write"}),
            Some("updateMember"),
        ),
        called(
            "remove_member",
            json!({"member": BOB}),
            Some("removeMember"),
        ),
        called(RUN_WITH_MEMBERS, with_members, Some("write")),
    ]
}

/// A roster of these people, of Bob, who is updated, and of the admin, who remains; it removes other members.
pub(crate) fn managed(mut people: Vec<Value>) -> Value {
    people.push(
        json!({"email": "ada@example.com", "permission": "admin", "expiresInMs": 86_400_000}),
    );
    people.push(json!({"email": BOB, "permission": "write", "expiresInMs": 86_400_000}));
    json!({
        "people": people,
        "manageMembers": true, "pruneMembers": true, "protect": ["ada@example.com"],
    })
}

pub(crate) fn state(cell: &Cell) -> Result<State, String> {
    let mut state = json!({
        "rateLimit": null,
        "members": [
            {"email": "ada@example.com", "permission": "admin"},
            {"email": BOB, "permission": "read", "name": "Bob", "landscapePermissions": {"landscape-1": true}},
            {"email": EVE, "permission": "billing"},
        ],
        "invites": [
            {"id": OLD_ID, "email": OLD, "permission": "read"},
            {"email": "gone@example.com", "permission": "write", "revokedAt": "-1h"},
            {"email": "in@example.com", "permission": "read", "usedAt": "-1h"},
        ],
    });
    for (field, value) in cell.state.as_object().into_iter().flatten() {
        match (state[field].as_array_mut(), value.as_array()) {
            (Some(usual), Some(more)) => usual.extend(more.iter().cloned()),
            _ => state[field] = value.clone(),
        }
    }
    serde_json::from_value(state).map_err(|why| why.to_string())
}

/// A call that reads only has no writes to be hit.
fn reaches(called: &Called) -> impl Iterator<Item = Reach> + use<> {
    let writes = called.write.is_some();
    let only_a_write = called.call == "revoke";
    Reach::ALL.into_iter().filter(move |reach| match reach {
        // Which of several requests is the first does not matter here.
        Reach::Once => !writes || only_a_write,
        Reach::Always => true,
        Reach::OnceOnWrite | Reach::AlwaysOnWrite => writes && !only_a_write,
    })
}

fn expected(called: &Called, case: &str, nature: Nature, reach: Reach) -> Expected {
    let always = matches!(reach, Reach::Always | Reach::AlwaysOnWrite);
    match (called.call, reach) {
        // A response to a write is no list, and these two calls read none.
        (_, Reach::OnceOnWrite | Reach::AlwaysOnWrite) if nature == Nature::HalfAList => {
            Expected::Result
        }
        ("create" | "revoke", _) if nature == Nature::HalfAList => Expected::Result,
        ("create", Reach::Always) => faults::of_create_in_the_dark(nature),
        // A run reports each person; it fails as a whole only if nothing can be read.
        ("apply", Reach::OnceOnWrite | Reach::AlwaysOnWrite) => Expected::Result,
        // A permission that nobody knows is asked for again, and the service refuses it.
        ("renew", Reach::Always) if case == "unknown_values" => Expected::Kind("rejected"),
        // Nor can anybody see whether it was updated.
        ("update_member", Reach::Always) if case == "unknown_values" => {
            Expected::Kind("unexpected_answer")
        }
        ("update_member" | "remove_member", Reach::OnceOnWrite | Reach::AlwaysOnWrite) => {
            faults::of_member_change(nature, always)
        }
        ("create" | "ensure" | "renew", Reach::OnceOnWrite | Reach::AlwaysOnWrite) => {
            faults::of_create(nature, always)
        }
        _ => faults::of_idempotent(nature, always),
    }
}

/// Waits between tries take no time here, so that what comes out is sure.
pub(crate) fn matrix() -> Vec<Cell> {
    let mut cells = Vec::new();
    for case in faults::all() {
        for called in calls() {
            for reach in reaches(&called) {
                // The first request may be another than that of a list.
                if (case.nature, reach) == (Nature::HalfAList, Reach::Once) {
                    continue;
                }
                let read_timeout_ms = match (case.nature, reach) {
                    // No request is answered: none can be late because the machine is busy, but it takes a moment to arrive.
                    (Nature::Silent { .. }, Reach::Always) => 500,
                    (Nature::Silent { .. }, _) => 3_000,
                    _ => 20_000,
                };
                let options = json!({
                    "timeoutMs": 60_000, "readTimeoutMs": read_timeout_ms, "skipWaits": true,
                });
                let expected = expected(&called, &case.name, case.nature, reach);
                cells.push(Cell::new(
                    Part::Faults,
                    &case,
                    &called,
                    reach,
                    options,
                    Some(expected),
                    HANGS,
                ));
            }
        }
    }
    cells
}

/// The same with waits that are slept: whatever comes, it comes within the time of the call.
pub(crate) fn in_time() -> Vec<Cell> {
    let mut cells = Vec::new();
    for case in faults::all() {
        for called in calls() {
            for reach in reaches(&called)
                .filter(|reach| matches!(reach, Reach::Always | Reach::AlwaysOnWrite))
            {
                // A run that gets a wait waits twenty times, each time as long as requested: that is tried above, where
                // waits take no time.
                if called.call == "apply" && case.name == "status 429" {
                    continue;
                }
                // A run has no time-out of its own, but each of its steps; a renewal is two calls.
                let parts = match called.name {
                    RUN_WITH_MEMBERS => 8,
                    "apply" => 4,
                    "renew" => 3,
                    _ => 1,
                };
                // What is not tried again comes out as it does without waits.
                let expected =
                    at_once(case.nature).then(|| expected(&called, &case.name, case.nature, reach));
                // And it ends by itself: its time must not pass because the machine is busy.
                let options = match expected {
                    Some(_) => json!({}),
                    None => json!({
                        "timeoutMs": u64::try_from(REAL_TIME.as_millis()).unwrap_or_default(),
                        "readTimeoutMs": 600,
                    }),
                };
                cells.push(Cell::new(
                    Part::InTime,
                    &case,
                    &called,
                    reach,
                    options,
                    expected,
                    REAL_TIME * parts + SLACK,
                ));
            }
        }
    }
    cells
}

/// Whether nothing waits for this status, so that the time of a call does not end it.
fn at_once(nature: Nature) -> bool {
    matches!(nature, Nature::Status { status: 400..=499, .. } if !nature.is_tried_again())
}

pub(crate) struct Cell {
    part: Part,
    pub(crate) fault_name: String,
    /// What the state has beside the usual members and invites.
    pub(crate) state: Value,
    pub(crate) nature: Nature,
    pub(crate) called: Called,
    reach: Reach,
    pub(crate) options: Value,
    pub(crate) expected: Option<Expected>,
    pub(crate) allowed: Duration,
    pub(crate) judge: Judge,
}

/// What must be true of an answer, and of what the sandbox saw.
pub(crate) type Judge = fn(&Cell, &Answer, &Report) -> Result<(), String>;

impl Cell {
    fn new(
        part: Part,
        case: &FaultCase,
        called: &Called,
        reach: Reach,
        options: Value,
        expected: Option<Expected>,
        allowed: Duration,
    ) -> Self {
        Self {
            part,
            fault_name: case.name.clone(),
            state: json!({"faults": [reach.of(&case.fault, called.write)]}),
            nature: case.nature,
            called: called.clone(),
            reach,
            options,
            expected,
            allowed,
            judge: matrix::judge,
        }
    }

    /// A call in a world, and what must come of it there.
    pub(crate) fn of_world(
        part: Part,
        world: String,
        state: Value,
        called: Called,
        judge: Judge,
    ) -> Self {
        Self {
            part,
            fault_name: world,
            state,
            nature: Nature::Harmless,
            called,
            reach: Reach::Always,
            options: json!({"timeoutMs": 60_000, "skipWaits": true}),
            expected: Some(Expected::Result),
            allowed: HANGS,
            judge,
        }
    }

    /// Whether its waits are slept, and its time is short.
    pub(crate) fn is_in_real_time(&self) -> bool {
        self.part == Part::InTime
    }

    /// Whether its state has this fault.
    pub(crate) fn has_fault(&self, name: &str) -> bool {
        let faults = self.state["faults"].as_array();
        faults
            .into_iter()
            .flatten()
            .any(|fault| fault["fault"] == name)
    }

    /// The row that it is a try of.
    pub(crate) fn row(&self) -> Tried {
        let (promises, what, expected) = match self.part {
            Part::InTime => (
                "1, 3",
                format!(
                    "every fault, for good, at `{}`, with real waits",
                    self.called.name
                ),
                "an end within the time of the call; counted as reported",
            ),
            Part::Changed => (
                "1, 5",
                self.fault_name.clone(),
                "the right answer; counted as reported",
            ),
            _ => (
                "1, 3, 5",
                self.fault_name.clone(),
                "the typed error or the right answer; counted as reported",
            ),
        };
        Tried::new(self.part, promises, what, expected)
    }

    /// Whether it takes seconds: such cells begin first.
    pub(crate) fn is_slow(&self) -> bool {
        let in_time = self.part == Part::InTime && matches!(self.called.call, "apply" | "renew");
        in_time || matches!(self.nature, Nature::Silent { .. }) || self.has_fault("drip")
    }

    pub(crate) fn name(&self) -> String {
        format!(
            "`{}` with `{}` {:?}",
            self.called.name, self.fault_name, self.reach
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells() -> Vec<Cell> {
        let mut cells = Vec::new();
        for case in faults::all() {
            for called in calls() {
                let reach = Reach::Always;
                let (part, options) = (Part::Faults, json!({}));
                let cell = Cell::new(part, &case, &called, reach, options, None, HANGS);
                cells.push(cell);
            }
        }
        cells
    }

    fn names(language: &str, seed: u64, sampled: bool) -> Vec<String> {
        let sizes = Sizes {
            seed,
            operations: 0,
            calls: 0,
            quick: sampled,
            sampled,
        };
        let cells = Sample::new(language, &sizes).of(cells());
        cells.iter().map(Cell::name).collect()
    }

    #[test]
    fn a_sample_has_every_fault_and_comes_again_with_its_seed() {
        let all = cells();
        assert_eq!(names("Rust", 1, true).len(), all.len());
        assert_eq!(names("Node", 1, false).len(), all.len());
        let sample = names("Node", 1, true);
        let of_each = calls().len().div_ceil(ONE_IN);
        for case in faults::all() {
            let named = |name: &&String| name.contains(&format!("`{}`", case.name));
            let found = sample.iter().filter(named).count();
            assert_eq!(found, of_each, "{}", case.name);
        }
        assert_eq!(sample.len(), faults::all().len() * of_each);
        assert_eq!(sample, names("Node", 1, true));
        assert_ne!(sample, names("Node", 2, true));
        assert_ne!(sample, names("Kotlin", 1, true));
    }
}
