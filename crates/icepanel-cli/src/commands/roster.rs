//! `plan` and `apply`.

use std::io::{self, BufRead, IsTerminal, Write};

use icepanel_invites::{
    Action, ApplyOptions, ErrorKind, InviteClient, InviteError, Outcome, Plan, PlanOptions,
    PruneGuard, Report, Roster, Stop,
};

use crate::args::{ApplyArgs, PlanArgs};
use crate::errors::Failure;
use crate::format::Format;
use crate::interrupt::until_ctrl_c;
use crate::output::Output;
use crate::progress::Shown;
use crate::roster::{self, Content};
use crate::rows::{LineRow, StepRow};
use crate::{exit, rows, table, time};

/// Says what would have to change for a roster to be true.
pub(crate) async fn plan(
    client: &InviteClient,
    args: &PlanArgs,
    output: &Output,
) -> Result<(), Failure> {
    let Content::Roster(roster) = roster::read(&args.file, args.expires, &args.reading)? else {
        return Err(Failure::usage(
            "the file is a plan already",
            "Give the roster, or apply the plan.",
        ));
    };
    let plan = make(client, &roster, args).await?;
    show(&plan, output)
}

async fn make(client: &InviteClient, roster: &Roster, args: &PlanArgs) -> Result<Plan, Failure> {
    let mut options = PlanOptions::default()
        .prune(args.prune)
        .skip_revoked(args.skip_revoked)
        .allow_empty(args.allow_empty);
    options.margin = args.margin;
    options.max_invites = args.max_invites;
    until_ctrl_c("plan", client.plan(roster, &options))
        .await
        .map_err(|error| Failure::invite(error, None))
}

fn show(plan: &Plan, output: &Output) -> Result<(), Failure> {
    let steps: Vec<StepRow> = plan.steps.iter().map(StepRow).collect();
    match output.format {
        Format::Table => {
            let table = match steps.is_empty() {
                true => String::new(),
                false => table::lines(&steps, output.color) + "\n\n",
            };
            let summary = summary(plan);
            output.write(|out| writeln!(out, "{table}{summary}"))
        }
        _ => output.rows(plan, &steps, ""),
    }
}

fn summary(plan: &Plan) -> String {
    let counts: Vec<String> = Action::ALL
        .iter()
        .map(|action| (action, plan.count(*action)))
        .filter(|(_, count)| *count > 0)
        .map(|(action, count)| format!("{count} {action}"))
        .collect();
    let seats = &plan.seats;
    let mut text = match counts.is_empty() {
        true => "nobody".to_owned(),
        false => counts.join(" · "),
    };
    text.push_str(&format!(
        "\npaid seats: {} needed, {} free of {}, {} given free by the plan",
        seats.needed, seats.free, seats.paid, seats.released
    ));
    if seats.missing > 0 {
        text.push_str(&format!(
            "; {} missing, so apply refuses unless --partial is given",
            seats.missing
        ));
    }
    if let Some(pruning) = plan.pruning.filter(|pruning| pruning.people > 0) {
        text.push_str(&format!(
            "\nprune: {} of {} people with an active invite lose it",
            pruning.people, pruning.invited
        ));
        if pruning.people > pruning.allowed {
            text.push_str(&format!(
                "; apply allows {} and refuses this unless --prune-at-most {} is given",
                pruning.allowed, pruning.people
            ));
        }
    }
    text.push_str(&match plan.changes_anything() {
        true => format!(
            "\n{} that change something, {} under the service's limits",
            match plan.writes {
                1 => "1 request".to_owned(),
                many => format!("{many} requests"),
            },
            time::about(plan.estimate())
        ),
        false => "\nnothing to change".to_owned(),
    });
    text
}

/// Makes a roster true, or carries out a plan that was written down.
pub(crate) async fn apply(
    client: &InviteClient,
    args: &ApplyArgs,
    output: &Output,
) -> Result<(), Failure> {
    let stop = Stop::new();
    let mut options = ApplyOptions::default().partial(args.partial).stop(&stop);
    options.prune_guard = match (args.prune_at_most, args.prune_share) {
        (Some(most), _) => PruneGuard::AtMost(most),
        (None, Some(share)) => PruneGuard::Share(share),
        (None, None) => PruneGuard::Default,
    };
    let plan = match roster::read(&args.plan.file, args.plan.expires, &args.plan.reading)? {
        Content::Plan(_) if args.plan.decides() => {
            return Err(Failure::usage(
                "the file is a plan, which says already what is pruned, replaced and skipped",
                "Leave out --prune, --allow-empty, --margin, --skip-revoked and --max-invites, or give the roster.",
            ));
        }
        Content::Plan(_) if args.plan.reading.is_given() => {
            return Err(Failure::usage(
                "the file is a plan, which has no columns and has everybody's permission",
                "Leave out --columns, --ignore-other-columns and --permission, or give the roster.",
            ));
        }
        Content::Plan(plan) => *plan,
        Content::Roster(roster) => {
            let plan = make(client, &roster, &args.plan).await?;
            // Nobody is asked about what is refused afterwards.
            plan.check(&options)
                .map_err(|error| Failure::invite(error, None))?;
            plan
        }
    };
    if plan.changes_anything() && !args.yes {
        if !io::stdin().is_terminal() || output.format != Format::Table {
            return Err(Failure::usage(
                "nobody is there to be asked",
                "Look at the plan with icepanel-invites plan, then give --yes.",
            ));
        }
        show(&plan, output)?;
        match agreed().await? {
            Some(true) => {}
            Some(false) => {
                output.say("Nothing was changed.");
                return Ok(());
            }
            None => {
                output.say("\nNothing was changed.");
                return Err(Failure::Incomplete(exit::code(ErrorKind::Cancelled)));
            }
        }
    }
    let report = run(client, &plan, &options, &stop, output).await?;
    tell(&report, output)?;
    match (
        report.stopped && !report.is_complete(),
        report.is_complete(),
    ) {
        (true, _) => Err(Failure::Incomplete(exit::code(ErrorKind::Cancelled))),
        (_, false) => Err(Failure::Incomplete(exit::INCOMPLETE)),
        (_, true) => Ok(()),
    }
}

/// Applies until it ends. The first Ctrl-C lets what is under way end, the second does not.
async fn run(
    client: &InviteClient,
    plan: &Plan,
    options: &ApplyOptions,
    stop: &Stop,
    output: &Output,
) -> Result<Report, Failure> {
    let shown = Shown::new(plan.steps.len(), output);
    let run = client.apply(plan, options, |progress| shown.tell(progress));
    tokio::pin!(run);
    loop {
        tokio::select! {
            // In this order, so that Ctrl-C is listened for before anything is sent.
            biased;
            Ok(()) = tokio::signal::ctrl_c() => {
                if stop.is_stopped() {
                    let error = InviteError::cancelled("apply");
                    return Err(Failure::invite(error, None));
                }
                stop.stop();
                shown.say("Stopping: what is under way ends first. Ctrl-C again does not wait for it.");
            }
            report = &mut run => {
                shown.end();
                return report.map_err(|error| Failure::invite(error, None));
            }
        }
    }
}

/// Asks; none if Ctrl-C is the answer.
async fn agreed() -> Result<Option<bool>, Failure> {
    let asked = || {
        let mut answer = String::new();
        // Not locked for longer, or nobody could say a word while the question stands.
        write!(io::stderr(), "Apply this? [y/N] ")?;
        io::stdin().lock().read_line(&mut answer)?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    };
    let answer: io::Result<bool> = tokio::select! {
        biased;
        Ok(()) = tokio::signal::ctrl_c() => return Ok(None),
        // On a thread of its own, or Ctrl-C would not be heard.
        answer = tokio::task::spawn_blocking(asked) => answer.unwrap_or_else(|error| Err(error.into())),
    };
    answer.map(Some).map_err(|error| {
        Failure::other(
            format!("the answer cannot be read: {error}"),
            "Give --yes to be asked nothing.",
        )
    })
}

fn tell(report: &Report, output: &Output) -> Result<(), Failure> {
    let lines: Vec<LineRow> = report.lines.iter().map(LineRow).collect();
    if output.format != Format::Table {
        return output.rows(report, &lines, "");
    }
    let counts: Vec<String> = Outcome::ALL
        .iter()
        .map(|outcome| (outcome, report.count(*outcome)))
        .filter(|(_, count)| *count > 0)
        .map(|(outcome, count)| {
            output.style(rows::outcome_color(*outcome), &format!("{count} {outcome}"))
        })
        .collect();
    let table = match lines.is_empty() {
        true => String::new(),
        false => table::lines(&lines, output.color) + "\n\n",
    };
    let mut end = counts.join(" · ");
    if !report.is_complete() {
        end.push_str("\nNot everybody is as the roster wants. Apply the roster again to go on.");
    }
    output.write(|out| writeln!(out, "{table}{end}"))
}
