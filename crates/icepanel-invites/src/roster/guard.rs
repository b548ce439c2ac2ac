//! The checks of a whole plan before anything is sent: too many people pruned, too few seats.

use crate::error::{ErrorKind, InviteError};
use crate::roster::plan::{Plan, PlanPruning, PlanSeats};
use crate::roster::report::{ApplyOptions, PruneGuard};

impl Plan {
    /// Whether [`apply`](crate::InviteClient::apply) would reject the plan with these options, by the figures in the
    /// plan. A program can check this before it asks for confirmation. `apply` counts again. A plan of an earlier
    /// version has no [`pruning`](Self::pruning); then only the seats are checked.
    ///
    /// # Errors Those of `apply`: invalid input if more people are pruned than the guard allows,
    /// seats exhausted if seats are missing and `partial` is not set.
    pub fn check(&self, options: &ApplyOptions) -> Result<(), InviteError> {
        if let Some(figures) = self.pruning {
            pruning(options.prune_guard, figures)?;
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
        people, invited, ..
    } = figures;
    if let PruneGuard::Share(share) = guard
        && !(0.0..=1.0).contains(&share)
    {
        return Err(InviteError::invalid_input(format!(
            "the share that limits pruning is {share}; it must be a number from 0 to 1"
        )));
    }
    let (within, allowed) = match guard {
        PruneGuard::AtMost(most) => (people <= most, format!("at most {most}")),
        #[expect(
            clippy::cast_precision_loss,
            reason = "a share of people is no exact science"
        )]
        PruneGuard::Share(share) => (
            people as f64 <= share * invited as f64,
            format!("at most {share} of the {invited} who have an active invite"),
        ),
        PruneGuard::Default => (
            people <= figures.allowed,
            format!(
                "{} of the {invited} who have an active invite, unless another limit is set",
                figures.allowed
            ),
        ),
    };
    if people == 0 || within {
        return Ok(());
    }
    Err(InviteError::invalid_input(format!(
        "the plan would revoke the invites of {people} people, and the guard allows {allowed}; check that the roster is complete, or set prune_at_most (--prune-at-most {people})"
    )))
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
        _ => "to invite as many as there are seats for, set partial (--partial)",
    };
    Err(InviteError::new(
        ErrorKind::SeatsExhausted,
        format!(
            "paid seats missing: {}. The plan needs {} and frees {}; {} are free now; {swap}; nothing was sent",
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
}
