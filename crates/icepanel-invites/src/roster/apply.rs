//! Applying a plan.
//!
//! 1. Everything is read again. What has changed since the plan was made is left, and reported.
//! 2. The plan is refused as a whole, before anything is sent, if what is left of it prunes more than
//!    the guard allows or needs more seats than there are.
//! 3. What gives seats free is done: invites are revoked, members removed and demoted. A step that would leave too few
//!    admins is held back. Then the other members are updated, and then what was held back is done, or deferred.
//! 4. The list is read once more, [`READ_SCHEDULE`]' time after the first time, so that an invite made
//!    just before an earlier run was killed is seen, and not made twice.
//! 5. Invites are made: free ones, then paid ones that replace paid ones, then paid ones.
//! 6. The list is read a last time, for what other workers have made meanwhile.

use std::collections::HashSet;
use std::time::Duration;

use crate::engine::session::Session;
use crate::error::InviteError;
use crate::invites::timing::READ_SCHEDULE;
use crate::model::email::address_key;
use crate::roster::current_state::{CurrentState, Whose, read_current_state};
use crate::roster::decide_step::defer;
use crate::roster::drift::{Decision, decide};
use crate::roster::executor::Executor;
use crate::roster::guard;
use crate::roster::make_plan::{protected, seats};
use crate::roster::people::refusal;
use crate::roster::plan::{Action, Plan, Step};
use crate::roster::plan_check::least_admins;
use crate::roster::plan_figures::{PlanPruning, PlanRemoval};
use crate::roster::report::{ApplyOptions, Outcome, Progress, PruneGuard, Report};
use crate::roster::summary::summary;

pub(crate) async fn apply(
    session: &Session,
    plan: &Plan,
    options: &ApplyOptions,
    on_progress: &mut (dyn FnMut(&Progress<'_>) + Send),
) -> Result<Report, InviteError> {
    check(session, plan)?;
    let (roster, strangers): (Vec<&Step>, Vec<&Step>) =
        plan.steps.iter().partition(|step| step.wanted.is_some());
    let keys = |steps: Vec<&Step>| -> HashSet<String> {
        let keys = steps.into_iter().map(|step| address_key(&step.email));
        keys.collect()
    };
    let (people, strangers) = (keys(roster), keys(strangers));
    let protect = protected(&plan.protect);
    let counted = !matches!(options.prune_guard, PruneGuard::AtMost(_));
    let whose = Whose {
        people: &people,
        strangers: &strangers,
        protect: &protect,
        all_active: counted && plan.count(Action::Revoke) > 0,
        all_members: !strangers.is_empty(),
    };
    let first = read_current_state(&session.call(), whose).await?;
    let rules = plan.rules();
    let mut decisions: Vec<Decision> = plan
        .steps
        .iter()
        .map(|step| decide(step, rules, &first))
        .collect();
    let changes = decisions.iter_mut().filter_map(Decision::step_mut);
    defer(changes.collect(), least_admins(plan.min_admins), &first);
    let todo: Vec<&Step> = decisions.iter().filter_map(Decision::step).collect();
    // For a partly applied plan only the rest counts, because a plan may be applied again.
    let pruned = todo.iter().filter(|step| step.action == Action::Revoke);
    let pruning = PlanPruning::new(pruned.count() as u64, first.invites.len() as u64);
    guard::pruning(options.prune_guard, pruning)?;
    let removed = todo.iter().filter(|step| step.action == Action::Remove);
    let removal = PlanRemoval::new(removed.count() as u64, first.people);
    guard::removal(options.remove_guard, removal)?;
    guard::invites(options, &summary(todo.iter().copied(), first.admins))?;
    if !options.partial {
        guard::seats(&seats(todo, &first))?;
    }

    let mut run = Executor::new(session, plan, options, &first, on_progress);
    let mut freeing = Vec::new();
    let mut updates = Vec::new();
    let mut pending = Vec::new();
    for (index, decision) in decisions.into_iter().enumerate() {
        match decision {
            Decision::Do(step) if step.creates() => pending.push((index, Decision::Do(step))),
            Decision::Do(step) if step.action == Action::Update && !step.frees_seat() => {
                updates.push((index, step));
            }
            Decision::Do(step) => freeing.push((index, step)),
            Decision::Leave(end) if is_settled(&plan.steps[index], end.outcome) => {
                run.leave(index, *end);
            }
            other @ Decision::Leave(_) => pending.push((index, other)),
        }
    }
    run.carry_out(freeing, &first).await;
    // Those without a seat first, and those who stop being admins last: others may have become admins by then.
    let (seated, unseated): (Vec<_>, Vec<_>) =
        updates.into_iter().partition(|(_, step)| step.wants_seat());
    let (taking, unseated): (Vec<_>, Vec<_>) = unseated
        .into_iter()
        .partition(|(_, step)| step.takes_admin());
    for group in [unseated, seated, taking] {
        run.carry_out(group, &first).await;
    }
    run.carry_out_held_back(&first).await;
    let creates = |(_, decision): &(usize, Decision)| matches!(decision, Decision::Do(_));
    if !pending.iter().any(creates) {
        for (index, decision) in pending {
            run.take(index, decision);
        }
        return Ok(run.report());
    }
    let Some(second) = again(session, options, &first, whose, &mut run).await else {
        return Ok(run.report());
    };
    // What was read may not show yet what was revoked a moment ago.
    run.seats = second.seats_left().max(run.seats);
    let mut todo = Vec::new();
    for (index, _) in pending {
        match decide(&plan.steps[index], rules, &second) {
            Decision::Do(step) => todo.push((index, step)),
            leave => run.take(index, leave),
        }
    }
    let (paid, free): (Vec<_>, Vec<_>) = todo.into_iter().partition(|(_, step)| step.wants_seat());
    let (swapped, added): (Vec<_>, Vec<_>) =
        paid.into_iter().partition(|(_, step)| step.holds_seat());
    // A free invite that replaces a paid one frees a seat.
    let (releasing, plain): (Vec<_>, Vec<_>) =
        free.into_iter().partition(|(_, step)| step.holds_seat());
    for group in [[releasing, plain].concat(), swapped, added] {
        run.carry_out(group, &second).await;
    }
    run.look_for_others().await;
    Ok(run.report())
}

/// Whether the first result cannot differ in a later list.
fn is_settled(planned: &Step, outcome: Outcome) -> bool {
    !planned.creates() || outcome == Outcome::Kept
}

/// The second reading; none if the run was stopped or the list cannot be read.
async fn again(
    session: &Session,
    options: &ApplyOptions,
    first: &CurrentState,
    whose: Whose<'_>,
    run: &mut Executor<'_, '_>,
) -> Option<CurrentState> {
    let waits = &session.state.waits;
    let settled =
        first.begun.unwrap_or_else(|| waits.now()) + READ_SCHEDULE.iter().sum::<Duration>();
    tokio::select! {
        biased;
        () = options.stop.stopped() => return None,
        () = waits.sleep_until(settled) => {}
    }
    match read_current_state(&session.call(), whose).await {
        Ok(second) => Some(second),
        Err(error) => {
            run.halt(format!(
                "not attempted, because the list could not be read again: {}",
                error.message()
            ));
            None
        }
    }
}

/// Whether the person is to have nothing afterwards.
fn ends(action: Action) -> bool {
    matches!(action, Action::Revoke | Action::Remove)
}

/// A plan may have been written down and read back.
fn check(session: &Session, plan: &Plan) -> Result<(), InviteError> {
    if plan.organization_id != session.state.organization_id {
        return Err(InviteError::invalid_input(format!(
            "the plan is for the organization {}, but the client is for {}",
            plan.organization_id, session.state.organization_id
        )));
    }
    let mut problems = Vec::new();
    let mut seen = HashSet::with_capacity(plan.steps.len());
    for (index, step) in plan.steps.iter().enumerate() {
        let why = match &step.wanted {
            _ if !seen.insert(address_key(&step.email)) => {
                Some(format!("{} is listed twice", step.email))
            }
            None if !ends(step.action) => Some("does not say what is wanted".to_owned()),
            Some(_) if ends(step.action) => Some(format!(
                "has the action {}, and says what is wanted",
                step.action
            )),
            None if step.action == Action::Remove
                && (!plan.prune_members || plan.protect.is_empty()) =>
            {
                Some("removes a member, without pruneMembers and protect of the plan".to_owned())
            }
            Some(wanted) if address_key(&wanted.email) != address_key(&step.email) => {
                Some("has two different addresses".to_owned())
            }
            Some(wanted) => wanted.check().err().map(|error| error.message().to_owned()),
            None => None,
        };
        problems.extend(why.map(|why| format!("step {}: {why}", index + 1)));
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(refusal("the plan is invalid", problems))
}
