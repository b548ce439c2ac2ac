//! What a worker does: `ensure.rs`, `create.rs`, `reconcile.rs` and `deduplicate.rs` of the client, step by step.

use crate::setting::{ATTEMPTS, SCHEDULE, SETTLED, Setting};
use crate::state::{Stage, State, Step, Worker};

/// What one reading of the list shows: the invites in the order in which this worker ranks them, and whether each is active.
struct Reading {
    shown: Vec<(u8, bool)>,
}

impl Reading {
    fn new(setting: &Setting, state: &State, worker: usize, behind: u8, stale: bool) -> Self {
        let it = &state.workers[worker];
        let mut shown: Vec<(u8, bool)> = (0..)
            .zip(&state.invites)
            .filter(|(_, invite)| match setting.replicas {
                true => invite.stage == Stage::Stored && invite.seen_for >= behind,
                false => invite.stage == Stage::Listed,
            })
            // The client believes the response to its own revoke.
            .map(|(number, invite)| {
                let active = !invite.revoked || stale && !has(it.revoked, number);
                (number, active)
            })
            .collect();
        shown.sort_by_key(|(number, _)| state.rank(setting, worker, *number));
        Self { shown }
    }

    fn has(&self, invite: u8) -> bool {
        self.shown.iter().any(|(number, _)| *number == invite)
    }

    /// The active invite that goes before the others.
    fn first(&self) -> Option<u8> {
        let active = self.shown.iter().find(|(_, active)| *active);
        active.map(|(number, _)| *number)
    }
}

fn has(mask: u8, invite: u8) -> bool {
    mask & (1 << invite) != 0
}

/// A worker reads the list, and goes on by what it shows.
pub(crate) fn read(setting: &Setting, state: &mut State, worker: usize, behind: u8, stale: bool) {
    let reading = Reading::new(setting, state, worker, behind, stale);
    match state.workers[worker].step {
        Step::Start => already(setting, state, worker, &reading, false),
        Step::InQuestion => already(setting, state, worker, &reading, true),
        Step::ReadAgain {
            invite,
            again,
            unclear,
            ..
        } => {
            let it = &mut state.workers[worker];
            if let Some((again, wait)) = once_more(setting, reading.has(invite), again) {
                it.step = Step::ReadAgain {
                    invite,
                    again,
                    wait,
                    unclear,
                };
                return;
            }
            match (reading.first(), unclear) {
                (Some(invite), _) => it.end(Step::Done { invite }),
                (None, true) => it.end(Step::Ended),
                (None, false) => it.step = Step::Send,
            }
            know(it, &reading);
        }
        Step::Reconcile {
            reading: number,
            late,
            other,
            ..
        } => {
            reconcile(setting, state, worker, &reading, number, late, other);
        }
        Step::Show {
            reading: number,
            own,
            ..
        } => {
            let it = &mut state.workers[worker];
            let shown = it.ours.is_some_and(|ours| reading.has(ours));
            if (shown && !it.found) || number + 1 == SCHEDULE.len() {
                match own {
                    true => decide(setting, state, worker, &reading, true),
                    false => {
                        it.step = Step::Decide {
                            again: 0,
                            wait: setting.wait(),
                        }
                    }
                }
            } else {
                let number = number + 1;
                it.step = Step::Show {
                    reading: number,
                    wait: SCHEDULE[number],
                    own,
                };
            }
        }
        Step::Decide { again, .. } => {
            let it = &mut state.workers[worker];
            let shown = it.ours.is_some_and(|ours| reading.has(ours));
            match once_more(setting, shown, again) {
                Some((again, wait)) => it.step = Step::Decide { again, wait },
                None => decide(setting, state, worker, &reading, false),
            }
        }
        Step::Send | Step::Sent { .. } | Step::Revoke { .. } | Step::Done { .. } | Step::Ended => {}
    }
}

/// The next reading of the schedule, and the pause before it, if this one does not show the invite that it has to.
fn once_more(setting: &Setting, shown: bool, again: usize) -> Option<(usize, u8)> {
    let next = SCHEDULE.get(again + 1)?;
    (setting.decides_on_shown && !shown).then_some((again + 1, *next))
}

/// Before the first request, these invites are not its work.
fn know(it: &mut Worker, reading: &Reading) {
    if it.step == Step::Send {
        it.claimed = reading
            .shown
            .iter()
            .fold(it.claimed, |all, (number, _)| all | 1 << *number);
    }
}

/// `already`: the person may be invited.
fn already(setting: &Setting, state: &mut State, worker: usize, reading: &Reading, unclear: bool) {
    let first = reading.first();
    let age = first.map(|invite| state.invites[usize::from(invite)].age + state.skew);
    let it = &mut state.workers[worker];
    match (first, age) {
        (Some(invite), Some(age)) if age > SETTLED => it.end(Step::Done { invite }),
        (Some(invite), _) => {
            it.claimed = reading
                .shown
                .iter()
                .fold(it.claimed, |all, (number, _)| all | 1 << *number);
            it.step = Step::ReadAgain {
                invite,
                again: 0,
                wait: setting.wait(),
                unclear,
            };
        }
        (None, _) if unclear => it.end(Step::Ended),
        (None, _) => {
            it.step = Step::Send;
            know(it, reading);
        }
    }
}

/// The response to a create has arrived.
pub(crate) fn responded(state: &mut State, worker: usize) {
    let it = &mut state.workers[worker];
    if let Step::Sent {
        invite: Some(invite),
    } = it.step
    {
        made(it, invite, false);
    }
}

/// This invite is taken for its own.
fn made(it: &mut Worker, invite: u8, found: bool) {
    it.claimed |= 1 << invite;
    it.ours = Some(invite);
    it.found = found;
    let several = if found {
        it.unclear > 1
    } else {
        it.unclear > 0
    };
    it.step = Step::Show {
        reading: 0,
        wait: 0,
        own: several,
    };
}

/// The response to a create does not arrive.
pub(crate) fn lost(state: &mut State, worker: usize, late: bool) {
    let it = &mut state.workers[worker];
    it.unclear += 1;
    it.step = Step::Reconcile {
        reading: 0,
        wait: 0,
        late,
        other: None,
    };
}

/// Whether an invite may be the work of this worker's requests.
fn fits(setting: &Setting, state: &State, worker: usize, invite: u8) -> bool {
    let asked = setting.alike || state.invites[usize::from(invite)].owner == worker;
    asked && has(state.workers[worker].in_time, invite)
}

fn reconcile(
    setting: &Setting,
    state: &mut State,
    worker: usize,
    reading: &Reading,
    number: usize,
    late: bool,
    earlier: Option<u8>,
) {
    let Worker {
        claimed, in_time, ..
    } = state.workers[worker];
    let free = |invite: &u8| !has(claimed, *invite);
    let mut shown = reading.shown.iter().map(|(invite, _)| *invite);
    let ours = shown.find(|invite| free(invite) && fits(setting, state, worker, *invite));
    let other = reading
        .shown
        .iter()
        .find(|(invite, active)| *active && free(invite) && has(in_time, *invite))
        .map(|(invite, _)| *invite)
        .or(earlier.filter(|invite| setting.decides_on_shown && !reading.has(*invite)));
    let last = number + 1 >= SCHEDULE.len();
    let it = &mut state.workers[worker];
    match ours {
        Some(invite) => made(it, invite, true),
        None if !last => {
            let reading = number + 1;
            it.step = Step::Reconcile {
                reading,
                wait: SCHEDULE[reading],
                late,
                other: other.filter(|_| setting.replicas),
            };
        }
        None if other.is_some() => it.step = Step::InQuestion,
        None if late => {
            it.step = Step::Reconcile {
                reading: number,
                wait: SCHEDULE[number],
                late,
                other: None,
            }
        }
        None if it.sent < ATTEMPTS => it.step = Step::Send,
        None => it.end(Step::Ended),
    }
}

/// `keep_one`: the first remains, and what may be this worker's beside it is revoked. `own`: others do not count.
fn decide(setting: &Setting, state: &mut State, worker: usize, reading: &Reading, own: bool) {
    let it = &state.workers[worker];
    let Some(ours) = it.ours else { return };
    let mut seen = reading.shown.clone();
    if !reading.has(ours) {
        seen.push((ours, true));
    }
    let mut claimed = it.claimed;
    let (mut mine, mut rest) = (0_u8, 0_u8);
    for (invite, active) in &seen {
        if !active {
            continue;
        }
        let may_be_ours = *invite == ours
            || it.unclear > 0 && !has(claimed, *invite) && fits(setting, state, worker, *invite);
        if may_be_ours {
            claimed |= 1 << *invite;
            mine |= 1 << *invite;
        } else if !own {
            rest |= 1 << *invite;
        }
    }
    let rank = |invite: &u8| {
        let (created, preferred, id) = state.rank(setting, worker, *invite);
        // The response has more digits than the list: later than all that the list shows of its second.
        let id = match *invite == ours && setting.exact_response && !reading.has(ours) {
            true => u8::MAX,
            false => id,
        };
        (created, preferred, id)
    };
    let all = seen.iter().map(|(invite, _)| *invite);
    let winner = all
        .filter(|invite| has(mine | rest, *invite))
        .min_by_key(rank);
    let it = &mut state.workers[worker];
    it.claimed = claimed;
    let Some(winner) = winner else {
        it.end(Step::Done { invite: ours });
        return;
    };
    revoke_next(it, mine & !(1 << winner), winner, own);
}

/// The worker revokes these invites one after another, and then knows which one remains.
fn revoke_next(it: &mut Worker, losers: u8, winner: u8, own: bool) {
    match losers {
        0 => decided(it, winner, own),
        _ => {
            it.step = Step::Revoke {
                losers,
                winner,
                own,
            };
        }
    }
}

fn decided(it: &mut Worker, winner: u8, own: bool) {
    match own {
        true => {
            it.ours = Some(winner);
            it.step = Step::Show {
                reading: 0,
                wait: 0,
                own: false,
            };
        }
        false => it.end(Step::Done { invite: winner }),
    }
}

/// A worker revokes the next invite that is to go.
pub(crate) fn revoke(state: &mut State, worker: usize) {
    let Step::Revoke {
        losers,
        winner,
        own,
    } = state.workers[worker].step
    else {
        return;
    };
    let loser = u8::try_from(losers.trailing_zeros()).unwrap_or(0);
    let certain = state.workers[worker].unclear == 0;
    let before = |invite: u8| {
        let by_id = |number: u8| {
            let it = &state.invites[usize::from(number)];
            (it.created, it.id)
        };
        let it = &state.invites[usize::from(invite)];
        it.stage > Stage::Stamped && !it.revoked && by_id(invite) < by_id(loser)
    };
    let count = u8::try_from(state.invites.len()).unwrap_or(u8::MAX);
    let has_earlier = (0..count).any(before);
    let it = &mut state.invites[usize::from(loser)];
    state.revoked_first |= !has_earlier && !it.revoked;
    state.revoked_others |= certain && it.owner != worker;
    it.revoked = true;
    let losers = losers & !(1 << loser);
    let it = &mut state.workers[worker];
    it.revoked |= 1 << loser;
    revoke_next(it, losers, winner, own);
}
