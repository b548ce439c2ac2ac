//! What may happen in a state, and what follows.

use stateright::{Model, Property};

use crate::setting::{Setting, UNLIMITED};
use crate::state::{Invite, Orphan, Stage, State, Step, Worker, ticks};
use crate::{properties, worker};

/// One step of a worker, of the service or of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Tick,
    /// A worker reads the list. `behind`: of a replica. `stale`: it still shows revoked invites as active.
    Read {
        worker: usize,
        behind: u8,
        stale: bool,
    },
    Send {
        worker: usize,
    },
    /// The service gives an invite its `createdAt`, and its place among those of the same time.
    Stamp {
        worker: usize,
        place: u8,
    },
    Store {
        invite: u8,
    },
    List {
        invite: u8,
    },
    Respond {
        worker: usize,
    },
    /// The response of a create is lost.
    Lose {
        worker: usize,
    },
    TimeOut {
        worker: usize,
    },
    /// The service begins with a request that its worker has given up, or drops it.
    StampLate {
        orphan: usize,
        place: u8,
    },
    Drop {
        orphan: usize,
    },
    Revoke {
        worker: usize,
    },
    /// The time of a call is over.
    GiveUp {
        worker: usize,
    },
    Crash {
        worker: usize,
    },
}

impl Model for Setting {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let state = |(phase, skew)| State {
            phase,
            skew,
            lost: self.lost,
            timed_out: self.timed_out,
            crashes: self.crashes,
            invites: Vec::new(),
            orphans: Vec::new(),
            workers: vec![Worker::new(); self.workers],
            revoked_first: false,
            revoked_others: false,
        };
        let skews = self.skews.iter();
        skews
            .flat_map(|skew| (0..self.unit).map(|phase| (phase, *skew)))
            .map(state)
            .collect()
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        if state.is_over() {
            return;
        }
        let due = state.invites.iter().any(|invite| invite.due == 1);
        if !due && state.orphans.iter().all(|orphan| orphan.due > 1) {
            actions.push(Action::Tick);
        }
        for (number, invite) in (0..).zip(&state.invites) {
            match invite.stage {
                Stage::Stamped => actions.push(Action::Store { invite: number }),
                Stage::Stored if !self.replicas => actions.push(Action::List { invite: number }),
                Stage::Stored | Stage::Listed => {}
            }
        }
        let places = || {
            let same = state
                .invites
                .iter()
                .filter(|invite| match self.several_clocks {
                    true => true,
                    false => self.unit > 1 && invite.fresh,
                });
            0..=u8::try_from(same.count()).unwrap_or(u8::MAX)
        };
        for orphan in 0..state.orphans.len() {
            actions.push(Action::Drop { orphan });
            actions.extend(places().map(|place| Action::StampLate { orphan, place }));
        }
        for (worker, it) in state.workers.iter().enumerate() {
            match it.step {
                Step::Start
                | Step::ReadAgain { wait: 0, .. }
                | Step::Reconcile { wait: 0, .. }
                | Step::InQuestion
                | Step::Show { wait: 0, .. }
                | Step::Decide { wait: 0, .. } => self.readings(state, worker, actions),
                Step::ReadAgain { .. }
                | Step::Reconcile { .. }
                | Step::Show { .. }
                | Step::Decide { .. }
                | Step::Done { .. }
                | Step::Ended => {}
                Step::Send => actions.push(Action::Send { worker }),
                Step::Sent { invite } => {
                    let stored =
                        invite.map(|it| state.invites[usize::from(it)].stage > Stage::Stamped);
                    if stored.is_none() {
                        actions.extend(places().map(|place| Action::Stamp { worker, place }));
                    }
                    if stored == Some(true) {
                        actions.push(Action::Respond { worker });
                    }
                    if state.lost > 0 && (self.late || stored != Some(false)) {
                        actions.push(Action::Lose { worker });
                    }
                    if state.timed_out > 0 {
                        actions.push(Action::TimeOut { worker });
                    }
                }
                Step::Revoke { .. } => actions.push(Action::Revoke { worker }),
            }
            if matches!(it.step, Step::Reconcile { late: true, .. }) {
                actions.push(Action::GiveUp { worker });
            }
            if state.crashes > 0 && !it.is_over() && it.step != Step::Start {
                actions.push(Action::Crash { worker });
            }
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::Tick => tick(self, &mut state),
            Action::Read {
                worker,
                behind,
                stale,
            } => {
                worker::read(self, &mut state, worker, behind, stale);
            }
            Action::Send { worker } => send(self, &mut state, worker),
            Action::Stamp { worker, place } => {
                let invite = stamp(self, &mut state, worker, place, UNLIMITED);
                state.workers[worker].step = Step::Sent {
                    invite: Some(invite),
                };
            }
            Action::StampLate { orphan, place } => {
                let Orphan { owner, due } = state.orphans.remove(orphan);
                stamp(self, &mut state, owner, place, due);
            }
            Action::Drop { orphan } => {
                state.orphans.remove(orphan);
            }
            Action::Store { invite } => store(self, &mut state, invite),
            Action::List { invite } => list(self, &mut state, invite),
            Action::Respond { worker } => worker::responded(&mut state, worker),
            Action::Lose { worker } => {
                state.lost -= 1;
                if self.late {
                    give_up(&mut state, worker, UNLIMITED);
                }
                worker::lost(&mut state, worker, false);
            }
            Action::TimeOut { worker } => {
                state.timed_out -= 1;
                give_up(&mut state, worker, self.timed_out_within);
                worker::lost(&mut state, worker, true);
            }
            Action::Revoke { worker } => worker::revoke(&mut state, worker),
            Action::GiveUp { worker } => state.workers[worker].end(Step::Ended),
            Action::Crash { worker } => {
                state.crashes -= 1;
                give_up(&mut state, worker, UNLIMITED);
                state.workers[worker].end(Step::Ended);
            }
        }
        Some(state.normalize(self))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all()
    }
}

impl Setting {
    fn readings(&self, state: &State, worker: usize, actions: &mut Vec<Action>) {
        let any_revoked = state.invites.iter().any(|invite| invite.revoked);
        let behinds = match self.replicas && !state.invites.is_empty() {
            true => 0..self.lag,
            false => 0..1,
        };
        for behind in behinds {
            actions.push(Action::Read {
                worker,
                behind,
                stale: false,
            });
            if any_revoked && self.stale_revokes {
                actions.push(Action::Read {
                    worker,
                    behind,
                    stale: true,
                });
            }
        }
    }
}

fn tick(setting: &Setting, state: &mut State) {
    state.phase = (state.phase + 1) % setting.unit;
    for invite in &mut state.invites {
        if invite.due < UNLIMITED && invite.due > 0 {
            invite.due -= 1;
        }
        if invite.stage == Stage::Listed || setting.replicas && invite.stage == Stage::Stored {
            invite.seen_for = (invite.seen_for + 1).min(setting.lag);
        }
        invite.age = invite.age.saturating_add(1);
        invite.fresh &= state.phase != 0;
    }
    for orphan in &mut state.orphans {
        if orphan.due < UNLIMITED {
            orphan.due -= 1;
        }
    }
    for worker in &mut state.workers {
        worker.since_sent = worker.since_sent.saturating_add(1);
        match &mut worker.step {
            Step::ReadAgain { wait, .. }
            | Step::Reconcile { wait, .. }
            | Step::Show { wait, .. }
            | Step::Decide { wait, .. } => *wait = wait.saturating_sub(1),
            _ => {}
        }
    }
}

fn send(setting: &Setting, state: &mut State, worker: usize) {
    let in_time = (0..)
        .zip(&state.invites)
        .filter(|(_, invite)| state.in_time(setting, -invite.age))
        .fold(0, |all, (number, _)| all | 1_u8 << number);
    let it = &mut state.workers[worker];
    it.step = Step::Sent { invite: None };
    it.sent += 1;
    // Counted from the first request of which the outcome is not known.
    if it.unclear == 0 {
        it.since_sent = 0;
        it.in_time = in_time;
    }
}

/// Makes an invite that is not stored yet. Returns its number.
fn stamp(setting: &Setting, state: &mut State, owner: usize, place: u8, within: u8) -> u8 {
    let number = u8::try_from(state.invites.len()).unwrap_or(u8::MAX);
    let (created, id) = position(setting, state, place);
    let same = |invite: &&Invite| invite.created == created;
    // One of the same time that is in the list already, and that it goes before.
    let listed = state.invites.iter().filter(same);
    let visible = match setting.replicas {
        true => Stage::Stored,
        false => Stage::Listed,
    };
    let listed = listed.filter(|invite| invite.stage >= visible && invite.id > id);
    let due = listed.map(|listed| match setting.tie_order {
        UNLIMITED => UNLIMITED,
        more => (setting.order + more)
            .saturating_sub(listed.seen_for)
            .max(1),
    });
    let due = due.min().unwrap_or(UNLIMITED);
    let due = due.min(within).min(setting.listed_within);
    let age = ticks(state.phase);
    let in_time: Vec<bool> = state
        .workers
        .iter()
        .map(|worker| worker.sent > 0 && state.in_time(setting, worker.since_sent - age))
        .collect();
    for (worker, in_time) in state.workers.iter_mut().zip(in_time) {
        worker.in_time |= u8::from(in_time) << number;
    }
    state.invites.push(Invite {
        owner,
        created,
        id,
        fresh: true,
        stage: Stage::Stamped,
        due,
        seen_for: 0,
        age,
        revoked: false,
    });
    if !setting.stamped_early {
        store(setting, state, number);
    }
    number
}

/// The order of a new invite among the others: the newest, or of the same time as others.
fn position(setting: &Setting, state: &mut State, place: u8) -> (u8, u8) {
    let count = |state: &State| u8::try_from(state.invites.len()).unwrap_or(u8::MAX);
    if setting.several_clocks {
        for invite in &mut state.invites {
            if invite.created >= place {
                invite.created += 1;
            }
        }
        return (place, 0);
    }
    let fresh = state.invites.iter().find(|invite| invite.fresh);
    let Some(created) = fresh
        .filter(|_| setting.unit > 1)
        .map(|invite| invite.created)
    else {
        return (count(state), 0);
    };
    for invite in &mut state.invites {
        if invite.created == created && invite.id >= place {
            invite.id += 1;
        }
    }
    (created, place)
}

fn store(setting: &Setting, state: &mut State, number: u8) {
    let invite = &mut state.invites[usize::from(number)];
    invite.stage = Stage::Stored;
    invite.due = match setting.replicas {
        true => UNLIMITED,
        false => invite.due.min(setting.lag),
    };
    if setting.replicas {
        hasten(setting, state, number);
    }
}

fn list(setting: &Setting, state: &mut State, number: u8) {
    let invite = &mut state.invites[usize::from(number)];
    invite.stage = Stage::Listed;
    invite.due = UNLIMITED;
    hasten(setting, state, number);
}

/// The list shows this one, so that older ones must follow.
fn hasten(setting: &Setting, state: &mut State, number: u8) {
    let newer = state.invites[usize::from(number)].clone();
    for (other, invite) in (0..).zip(&mut state.invites) {
        let older = match setting.several_clocks {
            true => other < number,
            false => invite.created < newer.created,
        };
        let before = invite.created == newer.created && invite.id < newer.id;
        let due = match setting.tie_order {
            _ if invite.stage >= newer.stage => UNLIMITED,
            _ if older => setting.order,
            UNLIMITED => UNLIMITED,
            more if before => setting.order + more,
            _ => UNLIMITED,
        };
        invite.due = invite.due.min(due);
    }
}

/// A worker does not wait for its request any more; the service may go on with it.
fn give_up(state: &mut State, worker: usize, within: u8) {
    match state.workers[worker].step {
        Step::Sent { invite: None } => state.orphans.push(Orphan {
            owner: worker,
            due: within,
        }),
        Step::Sent {
            invite: Some(invite),
        } => {
            let invite = &mut state.invites[usize::from(invite)];
            if invite.stage == Stage::Stamped {
                invite.due = invite.due.min(within);
            }
        }
        _ => {}
    }
}
