//! A run: the order of the steps, and their results.

use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::engine::rate_limit::RateLimit;
use crate::engine::session::Session;
use crate::error::{ErrorKind, InviteError};
use crate::invites::members;
use crate::invites::timing::SETTLE_DELAY;
use crate::roster::current_state::CurrentState;
use crate::roster::decide_step::paid_that_only_go;
use crate::roster::deduplicate_at_end;
use crate::roster::drift::Decision;
use crate::roster::execute_step::{self, StepEnd, StepInvite};
use crate::roster::make_plan::{pauses, time_for};
use crate::roster::plan::{Plan, Step};
use crate::roster::plan_check::least_admins;
use crate::roster::reason::StepReason;
use crate::roster::report::{ApplyOptions, Outcome, Progress, Report, ReportLine};
use crate::task::spawned;

/// How many steps run at the same time. The pacing decides how fast they are.
const AT_ONCE: usize = 8;

/// After this number of steps in a row without a clear response, the service is assumed to have problems.
const TROUBLE: u32 = 10;

/// After a 403 for this number of people in a row, the key is assumed to lack the permission.
const FORBIDDEN: u32 = 5;

pub(crate) struct Executor<'a, 'p> {
    session: &'a Session,
    plan: &'a Plan,
    options: &'a ApplyOptions,
    on_progress: &'p mut (dyn FnMut(&Progress<'_>) + Send),
    lines: Vec<Option<ReportLine>>,
    ended: usize,
    writes_left: u64,
    begun: Instant,
    /// How many writes it will send, as far as is known.
    writes: u64,
    /// How long it pauses for the list.
    pauses: Duration,
    made: Vec<(usize, StepInvite)>,
    /// Paid seats left, as far as is known.
    pub(crate) seats: i64,
    /// How many members are admins, as far as is known; less those who are being demoted or removed.
    admins: u64,
    /// How many remain at least.
    least_admins: u64,
    /// Steps that would leave too few admins, until others have become admins.
    held_back: Vec<(usize, Step)>,
    /// Whether nobody becomes an admin any more.
    admins_are_final: bool,
    /// Why nothing more is begun.
    halted: Option<String>,
    in_a_row: u32,
    /// How many people in a row were refused with 403: invites, revocations, changes of members.
    forbidden: [u32; 3],
}

impl<'a, 'p> Executor<'a, 'p> {
    pub(crate) fn new(
        session: &'a Session,
        plan: &'a Plan,
        options: &'a ApplyOptions,
        current: &CurrentState,
        on_progress: &'p mut (dyn FnMut(&Progress<'_>) + Send),
    ) -> Self {
        let writes = plan.steps.iter().map(Step::writes).sum();
        Self {
            session,
            plan,
            options,
            on_progress,
            lines: plan.steps.iter().map(|_| None).collect(),
            ended: 0,
            writes_left: writes,
            begun: session.state.waits.now(),
            writes,
            pauses: pauses(&plan.steps),
            made: Vec::new(),
            seats: current.seats_left(),
            admins: current.admins,
            least_admins: least_admins(plan.min_admins),
            held_back: Vec::new(),
            admins_are_final: false,
            halted: None,
            in_a_row: 0,
            forbidden: [0; 3],
        }
    }

    /// No more steps begin.
    pub(crate) fn halt(&mut self, why: String) {
        self.halted.get_or_insert(why);
    }

    /// Records a step that is not carried out.
    pub(crate) fn leave(&mut self, index: usize, end: StepEnd) {
        // Nothing is sent for it.
        if self.lines[index].is_none() {
            self.writes = self.writes.saturating_sub(self.plan.steps[index].writes());
        }
        self.end(index, end);
    }

    pub(crate) fn take(&mut self, index: usize, decision: Decision) {
        if let Decision::Leave(end) = decision {
            self.leave(index, *end);
        }
    }

    /// Carries out steps that may run at the same time.
    pub(crate) async fn carry_out(&mut self, steps: Vec<(usize, Step)>, current: &CurrentState) {
        let session = self.session;
        let stop = &self.options.stop;
        let mut waiting = steps.iter().peekable();
        let mut under_way = FuturesUnordered::new();
        loop {
            while under_way.len() < AT_ONCE
                && let Some((index, step)) = waiting.peek()
            {
                if let Some((reason, why)) = self.not_begun() {
                    self.leave(*index, StepEnd::new(Outcome::Skipped, reason, why));
                } else if step.wants_seat() && self.seats <= 0 {
                    if !under_way.is_empty() {
                        // One of them may free its seat.
                        break;
                    }
                    let why = match step.holds_seat() && step.creates() {
                        true => {
                            "a replacement needs a free paid seat until the old invite is revoked, and no seat is free; the active invite remains"
                        }
                        false => "no paid seat is left",
                    };
                    let end = StepEnd::new(Outcome::Skipped, StepReason::NoSeat, why);
                    self.leave(*index, end);
                } else if step.takes_admin() && self.admins <= self.least_admins {
                    self.hold_back(*index, step.clone());
                } else {
                    self.seats -= i64::from(step.wants_seat());
                    self.admins -= u64::from(step.takes_admin());
                    let least_admins = self.least_admins;
                    let (index, current) = (*index, current);
                    let step_alone = {
                        let (session, stop, step) = (session.clone(), stop.clone(), step.clone());
                        async move {
                            let ended =
                                execute_step::execute(&session, &stop, &step, least_admins).await;
                            let refused = key_refused(&session, &ended).await;
                            Ok((ended, refused))
                        }
                    };
                    under_way.push(async move {
                        let (ended, refused) = spawned("apply", step_alone)
                            .await
                            .unwrap_or_else(|error| (StepEnd::failed(error), None));
                        (index, step, paid_given(step, current), ended, refused)
                    });
                }
                waiting.next();
            }
            let Some((index, step, given, ended, refused)) = under_way.next().await else {
                break;
            };
            self.account(step, given, &ended);
            if ended.outcome == Outcome::Deferred {
                self.hold_back(index, step.clone());
                continue;
            }
            if let Some(why) = refused {
                self.halt(why);
            }
            self.count_forbidden(step, &ended);
            self.took(index, ended);
        }
    }

    /// A step that would leave too few admins is tried again when others have become admins.
    fn hold_back(&mut self, index: usize, step: Step) {
        match self.admins_are_final {
            true => self.leave(index, StepEnd::deferred(self.least_admins)),
            false => self.held_back.push((index, step)),
        }
    }

    /// Carries out what was held back, as far as there are admins by now.
    pub(crate) async fn carry_out_held_back(&mut self, current: &CurrentState) {
        self.admins_are_final = true;
        let steps = std::mem::take(&mut self.held_back);
        self.carry_out(steps, current).await;
    }

    /// Why no step is begun any more, if so.
    fn not_begun(&self) -> Option<(StepReason, String)> {
        if self.options.stop.is_stopped() {
            let why = "the run was stopped before this step began".to_owned();
            return Some((StepReason::Stopped, why));
        }
        Some((StepReason::RunEnded, self.halted.clone()?))
    }

    /// Updates the seats after a step.
    fn account(&mut self, step: &Step, given: i64, ended: &StepEnd) {
        let done = ended.outcome == Outcome::Done;
        let unclear = ended.outcome == Outcome::Unknown;
        let took = ended.made.is_some() || (step.changes_member() && done);
        if step.wants_seat() && !took && !unclear {
            self.seats += 1;
        }
        if step.takes_admin() && !done && !unclear {
            self.admins += 1;
        }
        if step.makes_admin() && done {
            self.admins += 1;
        }
        if done {
            self.seats += given;
        }
        if ended.kind() == Some(ErrorKind::SeatsExhausted) {
            self.seats = 0;
        }
    }

    /// A single 403 may be about the person alone. Several in a row are about the key.
    fn count_forbidden(&mut self, step: &Step, ended: &StepEnd) {
        let [invites, revocations, members] = &mut self.forbidden;
        if step.changes_member() && ended.outcome == Outcome::Done {
            *members = 0;
        }
        if ended.made.is_some() {
            *invites = 0;
        }
        if ended.revoked > 0 {
            *revocations = 0;
        }
        if ended.kind() != Some(ErrorKind::Forbidden) {
            return;
        }
        let in_a_row = match step.creates() && ended.made.is_none() {
            true => invites,
            false
                if step.changes_member() && ended.reason != Some(StepReason::RevokeIncomplete) =>
            {
                members
            }
            false => revocations,
        };
        *in_a_row += 1;
        if *in_a_row >= FORBIDDEN {
            let why = ended.error.as_ref().map_or("", InviteError::message);
            self.halt(format!(
                "not attempted, because {FORBIDDEN} people in a row were refused with 403: {why}"
            ));
        }
    }

    fn took(&mut self, index: usize, mut ended: StepEnd) {
        match ended.kind() {
            Some(ErrorKind::Unauthorized) => {
                let why = ended.error.as_ref().map_or("", InviteError::message);
                self.halt(format!(
                    "not attempted, because every other call would fail too: {why}"
                ));
            }
            Some(
                ErrorKind::Server
                | ErrorKind::Timeout
                | ErrorKind::Connection
                | ErrorKind::UnexpectedAnswer
                | ErrorKind::OutcomeUnknown,
            ) => {
                self.in_a_row += 1;
                if self.in_a_row >= TROUBLE {
                    self.halt(format!(
                        "not attempted, because {TROUBLE} steps in a row failed: the service has problems"
                    ));
                }
            }
            _ => self.in_a_row = 0,
        }
        if let Some(made) = ended.made.take() {
            self.made.push((index, made));
        }
        self.end(index, ended);
    }

    fn end(&mut self, index: usize, end: StepEnd) {
        let step = &self.plan.steps[index];
        if self.lines[index].is_none() {
            self.ended += 1;
            self.writes_left = self.writes_left.saturating_sub(step.writes());
        }
        let left = self.time_left();
        let line = self.lines[index].insert(ReportLine {
            email: step.email.clone(),
            action: step.action,
            outcome: end.outcome,
            note: end.note,
            invite: end.invite,
            error: end.error,
            request_id: end.request_id,
            reason_code: end.reason,
        });
        (self.on_progress)(&Progress {
            index,
            done: self.ended,
            total: self.plan.steps.len(),
            left,
            line,
        });
    }

    fn time_left(&self) -> Duration {
        let gone = self.session.state.waits.now().duration_since(self.begun);
        let limit = self.session.pace();
        let whole = time_for(self.writes, limit).saturating_add(self.pauses);
        // The last pause is needed only if invites were made.
        let last = match self.pauses.is_zero() || (self.writes_left == 0 && self.made.is_empty()) {
            true => Duration::ZERO,
            false => SETTLE_DELAY,
        };
        time_left(self.writes_left, whole, gone, last, limit)
    }

    /// Looks for invites that other workers made meanwhile. If there are several, the oldest
    /// remains active, as with `ensure`.
    pub(crate) async fn look_for_others(&mut self) {
        let made = std::mem::take(&mut self.made);
        if made.is_empty() {
            return;
        }
        for (index, found) in deduplicate_at_end::look(self.session, &self.plan.steps, &made).await
        {
            match found {
                deduplicate_at_end::Found::Other(invite, fits) => {
                    let (outcome, note) = match fits {
                        true => (
                            Outcome::Kept,
                            "somebody else invited the person at the same time; that invite remains active",
                        ),
                        false => (
                            Outcome::Changed,
                            "somebody else invited the person at the same time, with other values; that invite remains active; make a new plan",
                        ),
                    };
                    let end = StepEnd::new(outcome, StepReason::InvitedByAnother, note);
                    self.end(index, end.with_invite(Some(*invite)));
                }
                deduplicate_at_end::Found::Trouble(reason, why, error) => {
                    let mut end = StepEnd::new(Outcome::Unknown, reason, why);
                    if let Some(line) = &mut self.lines[index] {
                        end.invite = line.invite.take();
                        end.request_id = line.request_id.take();
                    }
                    let end = match error {
                        Some(error) => end.with_error(error),
                        None => end,
                    };
                    self.end(index, end);
                }
            }
        }
    }

    pub(crate) fn report(mut self) -> Report {
        let (reason, why) = self.not_begun().unwrap_or_else(|| {
            let why = "the run ended before this step began";
            (StepReason::RunEnded, why.to_owned())
        });
        for index in 0..self.lines.len() {
            if self.lines[index].is_none() {
                self.leave(index, StepEnd::new(Outcome::Skipped, reason, why.clone()));
            }
        }
        Report {
            lines: self.lines.into_iter().flatten().collect(),
            stopped: self.options.stop.is_stopped(),
        }
    }
}

/// After a 403: the reason why nothing else would succeed, if the key can no longer read either.
async fn key_refused(session: &Session, ended: &StepEnd) -> Option<String> {
    if ended.kind() != Some(ErrorKind::Forbidden) {
        return None;
    }
    let error = members::paid_and_taken(&session.call()).await.err()?;
    matches!(error.kind(), ErrorKind::Unauthorized | ErrorKind::Forbidden).then(|| {
        format!(
            "not attempted, because the key can no longer read the organization: {}",
            error.message()
        )
    })
}

/// How long the rest takes: the sent requests have used up the current window, and `last` follows after the last write.
fn time_left(
    writes: u64,
    whole: Duration,
    gone: Duration,
    last: Duration,
    limit: RateLimit,
) -> Duration {
    match writes {
        0 => last,
        writes => time_for(writes, limit)
            .saturating_add(last)
            .max(whole.saturating_sub(gone)),
    }
}

/// How many seats a step gives free.
fn paid_given(step: &Step, current: &CurrentState) -> i64 {
    let replaced = (step.creates() && step.holds_seat()) || step.frees_seat();
    let others = i64::try_from(paid_that_only_go(step, current)).unwrap_or(i64::MAX);
    others.saturating_add(i64::from(replaced))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_knows_that_the_window_is_used_up() {
        let limit = RateLimit {
            requests: 60,
            window: Duration::from_secs(60),
        };
        let whole = time_for(100, limit);
        for (writes, gone, left) in [(99, 0, 60), (40, 1, 59), (1, 59, 1), (1, 61, 0), (0, 1, 0)] {
            let gone = Duration::from_secs(gone);
            let found = time_left(writes, whole, gone, Duration::ZERO, limit);
            assert_eq!(found, Duration::from_secs(left), "{writes} after {gone:?}");
        }
        let second = Duration::from_secs(1);
        let whole = whole + Duration::from_secs(4);
        for (writes, gone, left) in [(100, 0, 64), (40, 3, 61), (1, 70, 1), (0, 63, 1)] {
            let found = time_left(writes, whole, Duration::from_secs(gone), second, limit);
            assert_eq!(found, Duration::from_secs(left), "{writes} after {gone} s");
        }
        let endless = RateLimit {
            requests: 1,
            window: Duration::MAX,
        };
        assert_eq!(
            time_left(3, Duration::MAX, Duration::ZERO, second, endless),
            Duration::MAX
        );
    }
}
