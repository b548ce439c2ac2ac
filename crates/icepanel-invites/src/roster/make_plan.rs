//! Making a plan: the steps, the seats and the time.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::engine::rate_limit::RateLimit;
use crate::engine::session::Session;
use crate::error::InviteError;
use crate::invites::timing::{READ_SCHEDULE, SETTLE_DELAY};
use crate::model::email::address_key;
use crate::model::milliseconds::whole_milliseconds;
use crate::roster::current_state::{CurrentState, Whose, read_current_state};
use crate::roster::decide_step;
use crate::roster::format_version::FormatVersion;
use crate::roster::people::{Roster, refusal};
use crate::roster::plan::{Action, Plan, PlanOptions, Step};
use crate::roster::plan_figures::{PlanPruning, PlanRemoval, PlanSeats};
use crate::roster::summary::{expiring, summary};

pub(crate) async fn plan(
    session: &Session,
    roster: &Roster,
    options: &PlanOptions,
) -> Result<Plan, InviteError> {
    options.check(roster)?;
    let people: HashSet<String> = roster
        .entries()
        .iter()
        .map(|entry| address_key(&entry.email))
        .collect();
    let protect = protected(&options.protect);
    let ends = roster.entries().iter().any(|entry| entry.until.is_some());
    let whose = Whose {
        people: &people,
        strangers: &HashSet::new(),
        protect: &protect,
        // The guard counts everybody who has an active invite.
        all_active: options.prune || options.prune_members || ends,
        all_members: options.prune_members,
    };
    let current = read_current_state(&session.call(), whose).await?;
    refuse_unprotected(options, &current)?;
    let organization = &session.state.organization_id;
    make(organization, roster, options, &current, session.pace())
}

/// The addresses of people who are protected, by [`address_key`].
pub(crate) fn protected(addresses: &[String]) -> BTreeMap<String, String> {
    let addresses = addresses.iter();
    addresses
        .map(|email| (address_key(email), email.clone()))
        .collect()
}

/// A slip in an address would protect nobody.
fn refuse_unprotected(options: &PlanOptions, current: &CurrentState) -> Result<(), InviteError> {
    if !options.prune_members || current.unprotected.is_empty() {
        return Ok(());
    }
    Err(InviteError::invalid_input(format!(
        "protect (--protect) names {}, and no member has this address or accepted an invite to it; check the address, or leave it out if that person has left",
        current.unprotected.join(", ")
    )))
}

/// Makes the plan for a roster of what was read.
fn make(
    organization_id: &str,
    roster: &Roster,
    options: &PlanOptions,
    current: &CurrentState,
    limit: RateLimit,
) -> Result<Plan, InviteError> {
    let steps = decide_step::of_roster(roster.entries(), options, current);
    refuse_the_past(&steps, current.now)?;
    let now = steps.iter().filter(|step| !step.is_deferred());
    let writes = now.map(Step::writes).sum();
    let estimate = time_for(writes, limit).saturating_add(pauses(&steps));
    let count = |action| steps.iter().filter(|step| step.action == action).count() as u64;
    let revoked = count(Action::Revoke);
    let pruning = (options.prune || revoked > 0)
        .then(|| PlanPruning::new(revoked, current.invites.len() as u64));
    let removal = options
        .prune_members
        .then(|| PlanRemoval::new(count(Action::Remove), current.people));
    let within = options
        .expiring_within
        .map(|within| TimeDelta::from_std(within).unwrap_or(TimeDelta::MAX));
    let is_new = steps.iter().any(Step::changes_member)
        || roster.entries().iter().any(|entry| entry.until.is_some());
    Ok(Plan {
        format_version: FormatVersion::of(is_new),
        organization_id: organization_id.to_owned(),
        planned_at: current.now,
        margin: options.margin.map(whole_milliseconds),
        skip_revoked: options.skip_revoked,
        max_invites: options.max_invites,
        seats: seats(&steps, current),
        pruning,
        manage_members: options.manage_members,
        prune_members: options.prune_members,
        protect: options.protect.clone(),
        min_admins: options.min_admins,
        removal,
        summary: Some(summary(&steps, current.admins)),
        no_invites: options.no_invites,
        expiring: within.map_or_else(Vec::new, |within| expiring(&steps, within, current.now)),
        steps,
        writes,
        estimate: whole_milliseconds(estimate),
    })
}

/// An expiry in the past is a problem of the roster, unless no invite is needed.
fn refuse_the_past(steps: &[Step], now: DateTime<Utc>) -> Result<(), InviteError> {
    let problems: Vec<String> = steps
        .iter()
        .filter(|step| !matches!(step.action, Action::Member | Action::Skip | Action::Update))
        .filter_map(|step| Some((step, step.wanted.as_ref()?)))
        .filter_map(|(step, wanted)| {
            let error = wanted.resolve(now).err()?;
            Some(format!("{}: {}", step.email, error.message()))
        })
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(refusal("the roster cannot be applied", problems))
    }
}

/// How long a run of these steps pauses for the list: before the first invite, so that the list can catch up, and after
/// the last, for the invites of other workers.
pub(crate) fn pauses(steps: &[Step]) -> Duration {
    match steps.iter().any(Step::creates) {
        true => READ_SCHEDULE.iter().sum::<Duration>() + SETTLE_DELAY,
        false => Duration::ZERO,
    }
}

/// How long this number of writes takes. The first window is used immediately.
pub(crate) fn time_for(writes: u64, limit: RateLimit) -> Duration {
    let windows = writes.saturating_sub(1) / u64::from(limit.requests.max(1));
    limit
        .window
        .saturating_mul(u32::try_from(windows).unwrap_or(u32::MAX))
}

/// The effect of the steps on the seats.
///
/// A replacement of a paid invite by a paid one needs a free seat while both exist: the new one is
/// made before the old one is revoked.
pub(crate) fn seats<'a>(
    steps: impl IntoIterator<Item = &'a Step>,
    current: &CurrentState,
) -> PlanSeats {
    let (mut needed, mut released, mut late, mut at_once) = (0_u64, 0_u64, 0_u64, false);
    for step in steps {
        if step.is_deferred() {
            continue;
        }
        needed += u64::from(step.action == Action::Update && step.wants_seat());
        released += u64::from(step.frees_seat());
        match (step.action, step.wants_seat(), step.holds_seat()) {
            (Action::Invite, true, _) | (Action::Replace, true, false) => needed += 1,
            (Action::Replace, true, true) => at_once = true,
            (Action::Replace, false, true) => released += 1,
            _ => {}
        }
        let further = decide_step::paid_that_only_go(step, current);
        released += further;
        if step.creates() && step.wants_seat() {
            // They go once the new one is made, which is too late for it.
            late += further;
        }
    }
    let left = current.seats_left();
    let short_of = |wanted: u64, released: u64| {
        let number = |seats: u64| i64::try_from(seats).unwrap_or(i64::MAX);
        let there = left.saturating_add(number(released)).max(0);
        number(wanted).saturating_sub(there).max(0)
    };
    let missing = short_of(needed, released).max(short_of(u64::from(at_once), released - late));
    PlanSeats {
        paid: current.seats.paid,
        taken: current.seats.taken,
        promised: current.seats.promised,
        free: current.seats.free,
        needed,
        released,
        missing: missing.unsigned_abs(),
    }
}
