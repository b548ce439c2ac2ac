//! `plan`.

use icepanel_invites::{InviteClient, Plan, Roster};

use crate::args::{PlanArgs, RosterArgs};
use crate::errors::Failure;
use crate::interrupt::until_interrupted;
use crate::output::Output;
use crate::roster::{self, Content};
use crate::{changes, exit};

/// Shows what `apply` would change, and whether it would reject the plan.
pub(crate) async fn plan(
    client: &InviteClient,
    args: &PlanArgs,
    output: &Output,
) -> Result<(), Failure> {
    let Content::Roster(roster) = read(&args.roster)? else {
        return Err(Failure::usage(
            "the file is a plan already",
            "Pass the roster, or apply the plan.",
        ));
    };
    let plan = make(client, &roster, &args.roster).await?;
    changes::show(&plan, args.roster.all, output)?;
    match plan.check(&args.limits.options()) {
        Err(refusal) if args.exit_code => Err(Failure::invite(refusal, None)),
        Err(refusal) => {
            changes::warn(&refusal, output);
            Ok(())
        }
        Ok(()) if args.exit_code && plan.changes_anything() => {
            Err(Failure::Incomplete(exit::CHANGES))
        }
        Ok(()) => Ok(()),
    }
}

/// What is in the file.
pub(super) fn read(args: &RosterArgs) -> Result<Content, Failure> {
    roster::read(&args.file, args.expires(), &args.reading)
}

/// The plan for a roster.
pub(super) async fn make(
    client: &InviteClient,
    roster: &Roster,
    args: &RosterArgs,
) -> Result<Plan, Failure> {
    until_interrupted("plan", None, client.plan(roster, &args.options())).await
}
