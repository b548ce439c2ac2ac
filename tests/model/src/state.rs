//! A state of the whole: the service's invites and the workers.

use crate::setting::{SETTLED, Setting, TOLERANCE, Ties};

/// Where an invite is on its way into the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Stage {
    /// It has its `createdAt` and is not stored.
    Stamped,
    /// It is stored, and not in the list.
    Stored,
    Listed,
}

/// An invite of the person. Its number is the order of stamping.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Invite {
    /// The worker whose request made it.
    pub(crate) owner: usize,
    /// The order of `createdAt`: invites of the same time have the same number.
    pub(crate) created: u8,
    /// The order of the ids among them.
    pub(crate) id: u8,
    /// It was stamped in this unit of time, so that the next one may get the same `createdAt`.
    pub(crate) fresh: bool,
    pub(crate) stage: Stage,
    /// In fewer ticks than this it must be in the list.
    pub(crate) due: u8,
    /// For how many ticks it was listed or, with replicas, stored.
    pub(crate) seen_for: u8,
    /// Ticks since `createdAt`.
    pub(crate) age: i8,
    pub(crate) revoked: bool,
}

/// What a worker is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Step {
    /// `ensure` was not called yet. Next: read the list.
    Start,
    /// The list has shown this young invite. Next: read it again. `unclear`: after a create whose outcome is not known.
    ReadAgain {
        invite: u8,
        again: usize,
        wait: u8,
        unclear: bool,
    },
    /// The list has shown nothing. Next: send.
    Send,
    /// A request is under way, which has made this invite.
    Sent { invite: Option<u8> },
    /// The response was lost. Next: read the list. `other`: the invite that an earlier reading has put in question.
    Reconcile {
        reading: usize,
        wait: u8,
        late: bool,
        other: Option<u8>,
    },
    /// Another worker's invite may be this worker's. Next: read the list.
    InQuestion,
    /// Next: read the list, until it shows the invite. `own`: among the invites of this worker alone.
    Show { reading: usize, wait: u8, own: bool },
    /// Next: read the list and decide. `again`: a reading of the schedule, where the one before did not show the invite.
    Decide { again: usize, wait: u8 },
    /// Next: revoke these invites, of which this one is to stay.
    Revoke { losers: u8, winner: u8, own: bool },
    /// `ensure` has returned this invite.
    Done { invite: u8 },
    /// `ensure` has returned an error, or the worker was killed.
    Ended,
}

/// A worker, with a client of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Worker {
    pub(crate) step: Step,
    /// How many requests it has sent, and how many of them got no clear response.
    pub(crate) sent: u8,
    pub(crate) unclear: u8,
    /// The invite that it takes for its own, and whether it was found in the list.
    pub(crate) ours: Option<u8>,
    pub(crate) found: bool,
    /// The invites that it has claimed, or seen before it sent.
    pub(crate) claimed: u8,
    /// The invites that it has revoked.
    pub(crate) revoked: u8,
    /// Ticks since its first request.
    pub(crate) since_sent: i8,
    /// The invites that, as far as clocks show, were made at or after its first request: `made_since`.
    pub(crate) in_time: u8,
}

impl Worker {
    pub(crate) fn new() -> Self {
        Self {
            step: Step::Start,
            sent: 0,
            unclear: 0,
            ours: None,
            found: false,
            claimed: 0,
            revoked: 0,
            since_sent: 0,
            in_time: 0,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self.step, Step::Done { .. } | Step::Ended)
    }

    /// Whether it may still send its first request.
    fn before_send(&self) -> bool {
        matches!(
            self.step,
            Step::Start | Step::Send | Step::ReadAgain { unclear: false, .. }
        ) && self.sent == 0
    }

    fn is_sending(&self) -> bool {
        matches!(self.step, Step::Sent { .. })
    }

    /// Keeps nothing but the outcome.
    pub(crate) fn end(&mut self, step: Step) {
        let sent = self.sent;
        *self = Self {
            step,
            sent,
            ..Self::new()
        };
    }
}

/// A request that its worker has given up, and that the service has not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Orphan {
    pub(crate) owner: usize,
    pub(crate) due: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct State {
    /// The tick within the second.
    pub(crate) phase: u8,
    pub(crate) skew: i8,
    pub(crate) lost: u8,
    pub(crate) timed_out: u8,
    pub(crate) crashes: u8,
    pub(crate) invites: Vec<Invite>,
    pub(crate) orphans: Vec<Orphan>,
    pub(crate) workers: Vec<Worker>,
    /// An invite was revoked though no earlier one was active.
    pub(crate) revoked_first: bool,
    /// A worker has revoked an invite of another, and all its responses had arrived.
    pub(crate) revoked_others: bool,
}

/// A number of ticks, for differences.
pub(crate) fn ticks(number: u8) -> i8 {
    i8::try_from(number).unwrap_or(i8::MAX)
}

impl State {
    pub(crate) fn active(&self) -> impl Iterator<Item = &Invite> {
        self.invites
            .iter()
            .filter(|invite| invite.stage > Stage::Stamped && !invite.revoked)
    }

    /// Whether nothing can happen any more.
    pub(crate) fn is_over(&self) -> bool {
        self.workers.iter().all(Worker::is_over)
            && self.orphans.is_empty()
            && self
                .invites
                .iter()
                .all(|invite| invite.stage > Stage::Stamped)
    }

    /// The order in which a worker sees the invites: `list::rank`.
    pub(crate) fn rank(&self, setting: &Setting, worker: usize, invite: u8) -> (u8, bool, u8) {
        let it = &self.invites[usize::from(invite)];
        let own = it.owner == worker;
        let preferred = match setting.ties {
            Ties::ById => false,
            Ties::OwnFirst => !own,
            Ties::OwnLast => own,
        };
        (it.created, preferred, it.id)
    }

    /// Whether an invite counts as made at or after a request, if its `createdAt` is so many ticks after the request.
    pub(crate) fn in_time(&self, setting: &Setting, after: i8) -> bool {
        after + ticks(setting.unit) + TOLERANCE > self.skew
    }

    /// Whether a worker may yet have to find out which invite its requests have made.
    fn doubts(&self, worker: &Worker) -> bool {
        worker.unclear > 0 || self.may_lose() && (worker.before_send() || worker.is_sending())
    }

    fn may_lose(&self) -> bool {
        self.lost + self.timed_out > 0
    }

    /// Forgets what can make no difference any more, and puts equal workers into one order: fewer states.
    pub(crate) fn normalize(mut self, setting: &Setting) -> Self {
        // Whether an invite may still be stamped.
        let more = !self.orphans.is_empty()
            || self.workers.iter().any(|worker| {
                worker.before_send()
                    || matches!(
                        worker.step,
                        Step::Send | Step::Sent { invite: None } | Step::Reconcile { .. }
                    )
            });
        let doubts: Vec<bool> = self
            .workers
            .iter()
            .map(|worker| self.doubts(worker))
            .collect();
        // The ages that are still asked for.
        let unit = ticks(setting.unit);
        let reads = self
            .workers
            .iter()
            .any(|worker| worker.step == Step::Start || !setting.alike && self.doubts(worker));
        let sends = self.may_lose() && self.workers.iter().any(Worker::before_send);
        let read = if reads { SETTLED - self.skew + 1 } else { 0 };
        let sent = if sends {
            unit + TOLERANCE - self.skew
        } else {
            0
        };
        let oldest = read.max(sent).max(0);
        // From then on, every new invite is in time.
        let longest = (self.skew - TOLERANCE).max(0);
        for (worker, doubts) in self.workers.iter_mut().zip(doubts) {
            if !doubts {
                worker.in_time = 0;
                worker.claimed = 0;
            }
            worker.since_sent = match doubts && more {
                true => worker.since_sent.min(longest),
                false => 0,
            };
        }
        for invite in &mut self.invites {
            invite.fresh &= more;
            if !invite.fresh && !setting.replicas {
                invite.seen_for = 0;
            }
            invite.age = invite.age.min(oldest);
        }
        let mut order: Vec<usize> = (0..self.workers.len()).collect();
        order.sort_by(|a, b| self.workers[*a].cmp(&self.workers[*b]));
        if order.is_sorted() {
            return self;
        }
        let mut place = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old] = new;
        }
        self.workers.sort();
        for invite in &mut self.invites {
            invite.owner = place[invite.owner];
        }
        for orphan in &mut self.orphans {
            orphan.owner = place[orphan.owner];
        }
        self.orphans.sort_unstable();
        self
    }
}
