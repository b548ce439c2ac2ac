//! Carrying out a plan.
//!
//! 1. Everything is read again. What has changed since the plan was made is left, and reported.
//! 2. The plan is refused as a whole, before anything is sent, if what is left of it prunes more than
//!    the guard allows or needs more seats than there are.
//! 3. What is only revoked is revoked: it gives seats free.
//! 4. The list is read once more, [`READINGS`]' time after the first time, so that an invite made
//!    just before an earlier run was killed is seen, and not made twice.
//! 5. Invites are made: free ones, then paid ones that replace paid ones, then paid ones.
//! 6. The list is read a last time, for what other workers have made meanwhile.

use std::collections::HashSet;
use std::time::Duration;

use crate::client::InviteClient;
use crate::error::InviteError;
use crate::guard;
use crate::input::address_key;
use crate::lookup::READINGS;
use crate::plan::{Action, Plan, PlanOptions, PlanPruning, Step, seats};
use crate::report::{ApplyOptions, Outcome, Progress, PruneGuard, Report};
use crate::roster::{Roster, refusal};
use crate::run::Run;
use crate::snapshot::{self, Snapshot, Whose};
use crate::verdict::{Verdict, judge};

pub(crate) async fn plan(
    client: &InviteClient,
    roster: &Roster,
    options: &PlanOptions,
) -> Result<Plan, InviteError> {
    options.check(roster)?;
    let people: HashSet<String> = roster
        .entries()
        .iter()
        .map(|entry| address_key(&entry.email))
        .collect();
    let whose = Whose {
        people: &people,
        all_active: options.prune,
    };
    let snapshot = snapshot::read(&client.call(), whose).await?;
    let organization = client.organization_id();
    Plan::make(organization, roster, options, &snapshot, client.pace())
}

pub(crate) async fn apply(
    client: &InviteClient,
    plan: &Plan,
    options: &ApplyOptions,
    on_progress: &mut (dyn FnMut(&Progress<'_>) + Send),
) -> Result<Report, InviteError> {
    check(client, plan)?;
    let people: HashSet<String> = plan
        .steps
        .iter()
        .map(|step| address_key(&step.email))
        .collect();
    let counted = !matches!(options.prune_guard, PruneGuard::AtMost(_));
    let whose = Whose {
        people: &people,
        all_active: counted && plan.count(Action::Revoke) > 0,
    };
    let first = snapshot::read(&client.call(), whose).await?;
    let rules = plan.rules();
    let verdicts: Vec<Verdict> = plan
        .steps
        .iter()
        .map(|step| judge(step, rules, &first))
        .collect();
    let todo: Vec<&Step> = verdicts.iter().filter_map(Verdict::step).collect();
    // Of a plan that is half done only the rest counts: it may be applied again.
    let pruned = todo.iter().filter(|step| step.action == Action::Revoke);
    let pruning = PlanPruning::new(pruned.count() as u64, first.invites.len() as u64);
    guard::pruning(options.prune_guard, pruning)?;
    if !options.partial {
        guard::seats(&seats(todo, &first))?;
    }

    let mut run = Run::new(client, plan, options, on_progress);
    let mut revocations = Vec::new();
    let mut pending = Vec::new();
    for (index, verdict) in verdicts.into_iter().enumerate() {
        match verdict {
            Verdict::Do(step) if !step.creates() => revocations.push((index, step)),
            Verdict::Leave(outcome, note, invite) if is_settled(&plan.steps[index], outcome) => {
                run.leave(index, outcome, note, invite);
            }
            other => pending.push((index, other)),
        }
    }
    run.carry_out(revocations, &first).await;
    let revoked = run.seats;
    let creates = |(_, verdict): &(usize, Verdict)| matches!(verdict, Verdict::Do(_));
    if !pending.iter().any(creates) {
        for (index, verdict) in pending {
            run.take(index, verdict);
        }
        return Ok(run.report());
    }
    let Some(second) = again(client, options, &first, whose, &mut run).await else {
        return Ok(run.report());
    };
    // The list may not show yet what was revoked a moment ago.
    run.seats = second
        .seats_left()
        .max(first.seats_left().saturating_add(revoked));
    let mut todo = Vec::new();
    for (index, _) in pending {
        match judge(&plan.steps[index], rules, &second) {
            Verdict::Do(step) => todo.push((index, step)),
            leave => run.take(index, leave),
        }
    }
    let (paid, free): (Vec<_>, Vec<_>) = todo.into_iter().partition(|(_, step)| step.wants_seat());
    let (swapped, added): (Vec<_>, Vec<_>) =
        paid.into_iter().partition(|(_, step)| step.holds_seat());
    // A free invite in the place of a paid one gives a seat free.
    let (releasing, plain): (Vec<_>, Vec<_>) =
        free.into_iter().partition(|(_, step)| step.holds_seat());
    for group in [[releasing, plain].concat(), swapped, added] {
        run.carry_out(group, &second).await;
    }
    run.look_for_others().await;
    Ok(run.report())
}

/// Whether what was found at first cannot look otherwise in a list that lags less behind.
fn is_settled(planned: &Step, outcome: Outcome) -> bool {
    !planned.creates() || outcome == Outcome::Kept
}

/// The second reading; none if the run was stopped or the list cannot be read.
async fn again(
    client: &InviteClient,
    options: &ApplyOptions,
    first: &Snapshot,
    whose: Whose<'_>,
    run: &mut Run<'_, '_>,
) -> Option<Snapshot> {
    let waits = &client.shared.waits;
    let settled = first.begun.unwrap_or_else(|| waits.now()) + READINGS.iter().sum::<Duration>();
    tokio::select! {
        biased;
        () = options.stop.stopped() => return None,
        () = waits.sleep_until(settled) => {}
    }
    match snapshot::read(&client.call(), whose).await {
        Ok(second) => Some(second),
        Err(error) => {
            run.halt(format!(
                "not tried, for the list could not be read again: {}",
                error.message()
            ));
            None
        }
    }
}

/// A plan may have been written down and read back.
fn check(client: &InviteClient, plan: &Plan) -> Result<(), InviteError> {
    if plan.organization_id != client.organization_id() {
        return Err(InviteError::invalid_input(format!(
            "the plan is for the organization {}, and the client for {}",
            plan.organization_id,
            client.organization_id()
        )));
    }
    let mut problems = Vec::new();
    let mut seen = HashSet::with_capacity(plan.steps.len());
    for (index, step) in plan.steps.iter().enumerate() {
        let why = match &step.wanted {
            _ if !seen.insert(address_key(&step.email)) => {
                Some(format!("{} is there already", step.email))
            }
            None if step.action != Action::Revoke => Some("does not say what is wanted".to_owned()),
            Some(_) if step.action == Action::Revoke => {
                Some("revokes, and says what is wanted".to_owned())
            }
            Some(wanted) if address_key(&wanted.email) != address_key(&step.email) => {
                Some("is for two people".to_owned())
            }
            Some(wanted) => wanted.check().err().map(|error| error.message().to_owned()),
            None => None,
        };
        problems.extend(why.map(|why| format!("step {}: {why}", index + 1)));
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(refusal("the plan cannot be right", problems))
}
