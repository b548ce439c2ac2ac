//! What a plan is refused for as a whole, before anything is sent: too many people pruned, removed or invited, too few
//! seats.

use crate::error::{ErrorKind, InviteError};
use crate::roster::plan::Plan;
use crate::roster::plan_figures::{PlanPruning, PlanRemoval, PlanSeats, PlanSummary};
use crate::roster::report::{ApplyOptions, PruneGuard};

impl Plan {
    /// Whether [`apply`](crate::InviteClient::apply) would refuse the plan with these options, by the
    /// plan's own figures: to be seen before anybody is asked to agree. `apply` counts again. Figures
    /// that a plan does not have, because an earlier version wrote it down, are not looked at.
    ///
    /// # Errors
    /// Those of `apply`: invalid input if more people are pruned, removed, invited or made admins than
    /// the options allow, seats exhausted if seats are missing and partial work was not asked for.
    pub fn check(&self, options: &ApplyOptions) -> Result<(), InviteError> {
        if let Some(figures) = self.pruning {
            pruning(options.prune_guard, figures)?;
        }
        if let Some(figures) = self.removal {
            removal(options.remove_guard, figures)?;
        }
        if let Some(summary) = &self.summary {
            invites(options, summary)?;
        }
        match options.partial {
            true => Ok(()),
            false => seats(&self.seats),
        }
    }
}

/// Rejects a plan that prunes more than allowed.
pub(crate) fn pruning(guard: PruneGuard, figures: PlanPruning) -> Result<(), InviteError> {
    let PlanPruning {
        people,
        invited,
        allowed,
    } = figures;
    let Some(allowed) = exceeded(
        guard,
        people,
        invited,
        allowed,
        ("the pruning", "who have an active invite"),
    )?
    else {
        return Ok(());
    };
    Err(InviteError::invalid_input(format!(
        "the plan would revoke the invites of {people} people, and the {allowed}; check that the roster is complete, or set prune_at_most (--prune-at-most {people})"
    )))
}

/// Refuses to remove more members than was said to be no mistake.
pub(crate) fn removal(guard: PruneGuard, figures: PlanRemoval) -> Result<(), InviteError> {
    let PlanRemoval {
        people,
        members,
        allowed,
    } = figures;
    let Some(allowed) = exceeded(
        guard,
        people,
        members,
        allowed,
        ("the removals", "who are members"),
    )?
    else {
        return Ok(());
    };
    Err(InviteError::invalid_input(format!(
        "the plan would remove {people} members, and the {allowed}; check that the roster is complete, or set remove_at_most (--remove-at-most {people})"
    )))
}

/// What a guard allows, if that is exceeded.
fn exceeded(
    guard: PruneGuard,
    people: u64,
    of: u64,
    by_default: u64,
    (what, who): (&str, &str),
) -> Result<Option<String>, InviteError> {
    if let PruneGuard::Share(share) = guard
        && !(0.0..=1.0).contains(&share)
    {
        return Err(InviteError::invalid_input(format!(
            "the share that guards {what} is {share}; it is a number from 0 to 1"
        )));
    }
    let (within, allowed) = match guard {
        PruneGuard::AtMost(most) => (people <= most, format!("limit is {most}")),
        #[expect(
            clippy::cast_precision_loss,
            reason = "a share of people is no exact science"
        )]
        PruneGuard::Share(share) => (
            people as f64 <= share * of as f64,
            format!("limit is a share of {share} of the {of} people {who}"),
        ),
        PruneGuard::Default => (
            people <= by_default,
            format!("default limit is {by_default} of the {of} people {who}"),
        ),
    };
    Ok((!within).then_some(allowed))
}

/// Refuses to invite more people, or to make more admins, than was said to be no mistake.
pub(crate) fn invites(options: &ApplyOptions, summary: &PlanSummary) -> Result<(), InviteError> {
    let PlanSummary { invites, .. } = summary;
    if let Some(most) = options.invite_at_most
        && *invites > most
    {
        return Err(InviteError::invalid_input(format!(
            "the plan would invite {invites} people, and at most {most} are allowed; check the roster, or set invite_at_most (--invite-at-most {invites})"
        )));
    }
    let admins = summary.admins_invited + summary.admins_made;
    match options.admins_at_most {
        Some(most) if admins > most => Err(InviteError::invalid_input(format!(
            "the plan would make or invite {admins} admins, and at most {most} are allowed; check the roster, or set admins_at_most (--admins-at-most {admins})"
        ))),
        _ => Ok(()),
    }
}

/// Rejects a plan that needs more seats than there are.
pub(crate) fn seats(seats: &PlanSeats) -> Result<(), InviteError> {
    if seats.missing == 0 {
        return Ok(());
    }
    let swap = match seats.needed {
        0 => {
            "a paid invite can be replaced only while a seat is free, since the new one is made first"
        }
        _ => "set partial (--partial) to invite only as many people as there are free seats",
    };
    Err(InviteError::new(
        ErrorKind::SeatsExhausted,
        format!(
            "too few paid seats: {} missing (needed by the plan: {}, released by it: {}, free now: {}); {swap}",
            seats.missing, seats.needed, seats.released, seats.free
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_default_a_quarter_goes_and_ten_at_most_and_one_at_least() {
        for (invited, allowed) in [
            (0, 1),
            (1, 1),
            (7, 1),
            (8, 2),
            (10, 2),
            (43, 10),
            (1000, 10),
        ] {
            let figures = |people| PlanPruning::new(people, invited);
            assert_eq!(figures(0).allowed, allowed, "{invited}");
            assert!(pruning(PruneGuard::Default, figures(allowed)).is_ok());
            let error = pruning(PruneGuard::Default, figures(allowed + 1)).expect_err("too many");
            assert!(error.message().contains("--prune-at-most"), "{error}");
        }
    }

    #[test]
    fn a_plan_without_enough_seats_says_what_helps() {
        let needed = |needed| PlanSeats {
            needed,
            missing: 1,
            ..PlanSeats::default()
        };
        let error = seats(&needed(2)).expect_err("a seat is missing");
        assert!(error.message().contains("--partial"), "{error}");
        // Nobody new needs one: a paid invite is replaced.
        let error = seats(&needed(0)).expect_err("a seat is missing");
        assert!(error.message().contains("replaced only while"), "{error}");
        assert!(!error.message().contains("--partial"), "{error}");
    }
}
