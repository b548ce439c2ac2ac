//! `apply`.

use std::io::{self, IsTerminal};

use icepanel_invites::{
    ApplyOptions, ErrorKind, InviteClient, InviteError, Outcome, Plan, Report, ReportLine, Stop,
};

use super::plan::{make, read};
use crate::args::ApplyArgs;
use crate::errors::Failure;
use crate::format::Format;
use crate::interrupt::Interrupt;
use crate::output::Output;
use crate::progress::Shown;
use crate::roster::Content;
use crate::rows::LineRow;
use crate::{ask, changes, exit, markdown, rows, table};

/// Makes the organization match a roster, or applies a stored plan.
pub(crate) async fn apply(
    client: &InviteClient,
    args: &ApplyArgs,
    output: &Output,
) -> Result<(), Failure> {
    let stop = Stop::new();
    let options = args.limits.options().stop(&stop);
    let plan = match read(&args.roster)? {
        Content::Plan(_) if !args.roster.deciding().is_empty() => {
            let given = args.roster.deciding().join(", ");
            return Err(Failure::usage(
                format!("the file is a plan, and {given} changes only how a plan is made"),
                format!("Leave out {given}, or pass the roster."),
            ));
        }
        Content::Plan(plan) => *plan,
        Content::Roster(roster) => make(client, &roster, &args.roster).await?,
    };
    // Checked first, so that the question is not asked for nothing.
    plan.check(&options)
        .map_err(|error| Failure::invite(error, None))?;
    if plan.changes_anything() && !args.yes {
        confirm(&plan, args, output).await?;
    }
    let report = run(client, &plan, &options, &stop, output).await?;
    tell(&report, args.roster.all, output)?;
    match (report.is_complete(), report.stopped) {
        (true, _) => Ok(()),
        (false, true) => Err(Failure::Incomplete(exit::code(ErrorKind::Cancelled))),
        (false, false) => Err(Failure::Incomplete(match only_deferred(&report) {
            true => exit::DEFERRED,
            false => exit::INCOMPLETE,
        })),
    }
}

/// Whether nothing is left but what waits for another admin.
fn only_deferred(report: &Report) -> bool {
    report.lines.iter().all(|line| {
        matches!(
            line.outcome,
            Outcome::Done | Outcome::Kept | Outcome::Deferred
        )
    })
}

/// Shows the plan and asks.
async fn confirm(plan: &Plan, args: &ApplyArgs, output: &Output) -> Result<(), Failure> {
    let why = match output.format {
        Format::Table if io::stdin().is_terminal() => None,
        Format::Table => Some("stdin is not a terminal"),
        _ => Some("with this --output the command does not ask"),
    };
    if let Some(why) = why {
        return Err(Failure::usage(
            format!("apply needs confirmation, and {why}; nothing was sent"),
            "Check the plan with icepanel-invites plan, then pass --yes.",
        ));
    }
    changes::show(plan, args.roster.all, output)?;
    ask::confirm(&changes::question(plan), output).await
}

/// Applies until it ends. After the first Ctrl-C or SIGTERM the running requests finish, after the second they do not.
async fn run(
    client: &InviteClient,
    plan: &Plan,
    options: &ApplyOptions,
    stop: &Stop,
    output: &Output,
) -> Result<Report, Failure> {
    let mut interrupt = Interrupt::new()?;
    let shown = Shown::new(plan.steps.len(), output);
    let run = client.apply(plan, options, |progress| shown.tell(progress));
    tokio::pin!(run);
    loop {
        tokio::select! {
            // In this order, so that Ctrl-C is noticed before anything is sent.
            biased;
            () = interrupt.heard() => {
                if stop.is_stopped() {
                    let error = InviteError::cancelled("apply");
                    return Err(Failure::invite(error, None));
                }
                stop.stop();
                shown.stopping();
            }
            report = &mut run => return report.map_err(|error| Failure::invite(error, None)),
        }
    }
}

/// Writes the report; for people without those for whom there was nothing to do, unless `all` are wanted.
fn tell(report: &Report, all: bool, output: &Output) -> Result<(), Failure> {
    let people = matches!(output.format, Format::Table | Format::Markdown);
    let shown = |line: &&ReportLine| all || !people || line.outcome != Outcome::Kept;
    let lines: Vec<LineRow> = report.lines.iter().filter(shown).map(LineRow).collect();
    let advice = match only_deferred(report) {
        _ if report.is_complete() => "",
        true => {
            "Some changes of admins are deferred; the notes say why. Apply the roster again when there is another admin."
        }
        false => {
            "Some people do not match the roster; the notes say why. Apply the roster again when the cause is gone."
        }
    };
    let text = match output.format {
        Format::Json | Format::Csv => return output.rows(report, &lines, ""),
        Format::Table => {
            let counts = counts(report, |outcome, count| {
                output.style(rows::outcome_color(outcome), &count)
            });
            let table = match lines.is_empty() {
                true => String::new(),
                false => table::lines(&lines, output.look) + "\n\n",
            };
            format!("{table}{counts}\n{advice}")
        }
        Format::Markdown => {
            let counts = counts(report, |_, count| count);
            let table = match lines.is_empty() {
                true => String::new(),
                false => markdown::table(&lines) + "\n\n",
            };
            format!("**{counts}**\n\n{table}{advice}")
        }
    };
    output.write(|out| writeln!(out, "{}", text.trim_end()))
}

/// How many people there are for each outcome, on one line: `2 done, 1 kept`.
fn counts(report: &Report, shown: impl Fn(Outcome, String) -> String) -> String {
    let outcomes = Outcome::ALL.iter().copied();
    let counted = outcomes.filter_map(|outcome| match report.count(outcome) {
        0 => None,
        count => Some(shown(outcome, format!("{count} {outcome}"))),
    });
    counted.collect::<Vec<_>>().join(", ")
}
