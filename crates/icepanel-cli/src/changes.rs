//! A plan for people: the changes, grouped, and a summary.

use chrono::{DateTime, Utc};
use icepanel_invites::{Action, Expiry, InviteError, Plan, Step, StepReason};
use serde::Serialize;

use crate::advice::flags;
use crate::errors::Failure;
use crate::format::Format;
use crate::markdown::escaped;
use crate::output::Output;
use crate::table::{Cell, Row};
use crate::text::{count, printable};
use crate::{table, time};

/// What a step does to the organization, in the order in which a plan shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Invite,
    Replace,
    /// The invite or the membership remains, further invites of the person are revoked.
    Deduplicate,
    Update,
    Revoke,
    Remove,
    /// A change of a member that waits for another admin.
    Deferred,
    Unchanged,
}

impl Group {
    const CHANGES: [Self; 6] = [
        Self::Invite,
        Self::Replace,
        Self::Deduplicate,
        Self::Update,
        Self::Revoke,
        Self::Remove,
    ];

    fn of(step: &Step) -> Self {
        match step.action {
            Action::Invite => Self::Invite,
            Action::Replace => Self::Replace,
            Action::Revoke => Self::Revoke,
            Action::Update | Action::Remove
                if step.reason_code == Some(StepReason::TooFewAdmins) =>
            {
                Self::Deferred
            }
            Action::Update => Self::Update,
            Action::Remove => Self::Remove,
            _ if !step.revoke.is_empty() => Self::Deduplicate,
            _ => Self::Unchanged,
        }
    }

    /// The sign before the line, and the ANSI colour.
    fn sign(self) -> (&'static str, &'static str) {
        match self {
            Self::Invite => ("+", "32"),
            Self::Replace | Self::Deduplicate | Self::Update => ("~", "33"),
            Self::Revoke | Self::Remove => ("-", "31"),
            Self::Deferred => ("!", "33"),
            Self::Unchanged => ("=", "2"),
        }
    }
}

/// A step of a plan that was made at that time.
pub(crate) struct StepRow<'a>(&'a Step, DateTime<Utc>);

impl StepRow<'_> {
    /// When the wanted invite expires. A duration counts from when the plan was made.
    fn wanted_until(&self) -> Option<DateTime<Utc>> {
        let wanted = self.0.wanted.as_ref()?;
        let expiry = match wanted.expiry {
            Expiry::At(time) => Some(time),
            Expiry::In(duration) => self.1.checked_add_signed(duration),
        };
        match (expiry, wanted.until) {
            (Some(expiry), Some(until)) => Some(expiry.min(until)),
            (expiry, until) => expiry.or(until),
        }
    }
}

impl Serialize for StepRow<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let step = self.0;
        let (wanted, held) = (step.wanted.as_ref(), step.held.as_ref());
        serde_json::json!({
            "email": step.email,
            "action": step.action,
            "wanted": wanted.map(|wanted| &wanted.permission),
            "wantedUntil": self.wanted_until().map(|until| time::written(Expiry::At(until))),
            "held": held.map(|held| &held.permission),
            "heldUntil": held.and_then(|held| held.expires_at),
            "inviteId": held.and_then(|held| held.invite_id.as_ref()),
            "revoke": step.revoke.join(" "),
            "reason": step.reason,
            "reasonCode": step.reason_code,
            "accessEnds": wanted.and_then(|wanted| wanted.until),
        })
        .serialize(serializer)
    }
}

impl Row for StepRow<'_> {
    const HEADINGS: &'static [&'static str] = &["", "email", "permission", "expires", "why"];
    const FIELDS: &'static [&'static str] = &[
        "email",
        "action",
        "held",
        "heldUntil",
        "wanted",
        "wantedUntil",
        "inviteId",
        "revoke",
        "reason",
        "reasonCode",
        "accessEnds",
    ];

    fn cells(&self) -> Vec<Cell> {
        let step = self.0;
        let (wanted, held) = (step.wanted.as_ref(), step.held.as_ref());
        let group = Group::of(step);
        let (sign, color) = group.sign();
        let permission = match (
            held.map(|held| &held.permission),
            wanted.map(|w| &w.permission),
        ) {
            (Some(held), Some(wanted))
                if held != wanted
                    && matches!(group, Group::Replace | Group::Update | Group::Deferred) =>
            {
                format!("{held} -> {wanted}")
            }
            (Some(held), _) => held.to_string(),
            (None, Some(wanted)) => wanted.to_string(),
            (None, None) => String::new(),
        };
        let until = match group {
            Group::Invite | Group::Replace => self.wanted_until(),
            _ => held.and_then(|held| held.expires_at),
        };
        vec![
            Cell::coloured(sign, color),
            Cell::plain(&step.email),
            Cell::plain(permission),
            Cell::plain(until.map(time::short).unwrap_or_default()),
            Cell::plain(&step.reason),
        ]
    }
}

/// Shows a plan: the changes, or `all`. As JSON and CSV it is always whole.
pub(crate) fn show(plan: &Plan, all: bool, output: &Output) -> Result<(), Failure> {
    let mut steps: Vec<&Step> = plan.steps.iter().collect();
    if matches!(output.format, Format::Table | Format::Markdown) {
        steps.retain(|step| all || Group::of(step) != Group::Unchanged);
        steps.sort_by_key(|step| Group::of(step));
    }
    let row = |step| StepRow(step, plan.planned_at);
    match output.format {
        Format::Table => {
            let groups: Vec<Vec<StepRow<'_>>> = steps
                .chunk_by(|a, b| Group::of(a) == Group::of(b))
                .map(|group| group.iter().copied().map(row).collect())
                .collect();
            let table = match groups.is_empty() {
                true => String::new(),
                false => table::groups(&groups, output.look) + "\n\n",
            };
            let end = end(plan, printable);
            output.write(|out| writeln!(out, "{table}{end}"))
        }
        Format::Markdown => {
            let rows: Vec<StepRow<'_>> = steps.into_iter().map(row).collect();
            let table = match rows.is_empty() {
                true => String::new(),
                false => format!("\n{}\n", crate::markdown::table(&rows)),
            };
            let end = end(plan, |text| escaped(&printable(text)));
            let (summary, rest) = end.split_once('\n').unwrap_or((&end, ""));
            output.write(|out| writeln!(out, "**{summary}**\n{table}\n{rest}"))
        }
        Format::Json | Format::Csv => {
            let rows: Vec<StepRow<'_>> = steps.into_iter().map(row).collect();
            output.rows(plan, &rows, "")
        }
    }
}

/// The summary of a plan, on one line: `Plan: 2 to invite, 1 to replace, 5 to revoke; 3 unchanged`.
fn summary(plan: &Plan) -> String {
    let number = |group| {
        plan.steps
            .iter()
            .filter(|step| Group::of(step) == group)
            .count()
    };
    let unchanged = number(Group::Unchanged);
    let deferred = match number(Group::Deferred) {
        0 => String::new(),
        some => format!(", {some} deferred"),
    };
    if !plan.changes_anything() {
        return format!("Plan: no changes{deferred}; {unchanged} unchanged");
    }
    let mut text = format!(
        "Plan: {} to invite, {} to replace",
        number(Group::Invite),
        number(Group::Replace)
    );
    match number(Group::Deduplicate) {
        0 => {}
        some => text.push_str(&format!(", {some} to deduplicate")),
    }
    match number(Group::Update) {
        0 => {}
        some => text.push_str(&format!(", {some} to update")),
    }
    text.push_str(&format!(", {} to revoke", number(Group::Revoke)));
    match number(Group::Remove) {
        0 => {}
        some => text.push_str(&format!(", {some} to remove")),
    }
    text.push_str(&format!("{deferred}; {unchanged} unchanged"));
    text
}

/// The summary, and what it costs. `shown` makes foreign text harmless.
fn end(plan: &Plan, shown: impl Fn(&str) -> String) -> String {
    let seats = &plan.seats;
    let mut text = format!(
        "{}\nPaid seats: {} needed, {} freed by the plan, {} of {} free now",
        summary(plan),
        seats.needed,
        seats.released,
        seats.free,
        seats.paid
    );
    if plan.changes_anything() {
        text.push_str(&format!(
            ". apply sends {} and takes {}",
            count(plan.writes, "request", "requests"),
            time::about(plan.estimate)
        ));
    }
    if let Some(summary) = &plan.summary {
        if summary.invites > 0 {
            let domains = summary.domains.iter();
            let domains =
                domains.map(|domain| format!("{} to {}", domain.invites, shown(&domain.domain)));
            text.push_str(&format!("\nE-mails: {}", first_few(domains)));
        }
        if summary.changes_admins() {
            text.push_str(&format!(
                "\nAdmins: {} now, {} afterwards, {} more invited",
                summary.admins, summary.admins_after, summary.admins_invited
            ));
        }
    }
    if !plan.expiring.is_empty() {
        let people = plan.expiring.iter();
        let people = people
            .map(|person| format!("{} ({})", shown(&person.email), time::short(person.until)));
        text.push_str(&format!("\nAccess ends soon: {}", first_few(people)));
    }
    text
}

/// The first ones, and how many more there are.
fn first_few(mut parts: impl ExactSizeIterator<Item = String>) -> String {
    const SHOWN: usize = 10;
    let more = parts.len().saturating_sub(SHOWN);
    let shown: Vec<String> = parts.by_ref().take(SHOWN).collect();
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Says on the error output that `apply` would refuse a plan, and why.
pub(crate) fn warn(refusal: &InviteError, output: &Output) {
    if output.format != Format::Json {
        output.warn(&format!(
            "apply would refuse this plan: {}",
            flags(refusal.message())
        ));
    }
}

/// The question before a plan is applied, which names what is destructive.
pub(crate) fn question(plan: &Plan) -> String {
    let of = |group| {
        plan.steps
            .iter()
            .filter(move |step| Group::of(step) == group)
    };
    let people = |group| of(group).count() as u64;
    let mut parts = Vec::new();
    for group in Group::CHANGES {
        let number = people(group);
        let further: usize = of(group).map(|step| step.revoke.len()).sum();
        parts.extend((number > 0).then(|| match group {
            Group::Invite => format!("invite {}", count(number, "person", "people")),
            Group::Replace => format!(
                "replace (and so revoke) {}",
                count(further as u64, "invite", "invites")
            ),
            Group::Deduplicate => format!(
                "revoke {}",
                count(further as u64, "duplicate invite", "duplicate invites")
            ),
            Group::Update => format!("update {}", count(number, "member", "members")),
            Group::Remove => format!("REMOVE {}", count(number, "member", "members")),
            _ => format!(
                "REVOKE the invites of {}",
                count(number, "person", "people")
            ),
        }));
    }
    let mut text = match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "apply the plan".to_owned(),
    };
    // Of ASCII letters.
    text.get_mut(..1).map(str::make_ascii_uppercase);
    format!("{text}? [y/N] ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_question_names_each_change_and_in_capitals_what_cannot_be_undone() {
        let step = |action: &str, revoke: &[&str]| serde_json::json!({"email": "ada@example.com", "action": action, "reason": "", "revoke": revoke});
        let asked = |steps: serde_json::Value| {
            let plan = serde_json::json!({
                "organizationId": "o", "plannedAt": "2026-11-28T00:00:00Z", "steps": steps, "writes": 1, "estimateMs": 0,
                "seats": {"paid": 0, "taken": 0, "promised": 0, "free": 0, "needed": 0, "released": 0, "missing": 0},
            });
            question(&Plan::from_json(&plan.to_string()).unwrap())
        };
        assert_eq!(
            asked(serde_json::json!([
                step("remove", &["i"]),
                step("update", &[]),
                step("keep", &["j"]),
                step("revoke", &["k"]),
                step("replace", &["l"]),
                step("invite", &[]),
            ])),
            "Invite 1 person, replace (and so revoke) 1 invite, revoke 1 duplicate invite, update 1 member, \
             REVOKE the invites of 1 person and REMOVE 1 member? [y/N] "
        );
        assert_eq!(
            asked(serde_json::json!([
                step("remove", &[]),
                step("remove", &[])
            ])),
            "REMOVE 2 members? [y/N] "
        );
    }
}
