//! Plans and reports as text, for a program to print or log, in every language. The command has its own tables.

use std::fmt::{self, Write};

use crate::model::timestamp::time_text;
use crate::roster::plan::{Plan, Step};
use crate::roster::plan_figures::PlanSummary;
use crate::roster::report::{Outcome, Report, ReportLine};

/// `invite  ada@example.com: neither in nor invited`
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        line(f, self.action.as_str(), &self.email, &self.reason)
    }
}

/// A line for each person, then the seats, the pruned people, and the effort of applying it.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        let seats = &self.seats;
        write!(
            f,
            "paid seats: {} needed, {} freed, {} of {} left now",
            seats.needed, seats.released, seats.free, seats.paid
        )?;
        if seats.missing > 0 {
            write!(f, ", {} missing", seats.missing)?;
        }
        if let Some(pruning) = &self.pruning {
            write!(
                f,
                "\nprune: {} of the {} people with an active invite, {} allowed by default",
                pruning.people, pruning.invited, pruning.allowed
            )?;
        }
        if let Some(removal) = &self.removal {
            write!(
                f,
                "\nremove: {} of the {} members, {} allowed by default",
                removal.people, removal.members, removal.allowed
            )?;
        }
        if let Some(summary) = &self.summary {
            write!(f, "{summary}")?;
        }
        for person in &self.expiring {
            let until = time_text(&person.until);
            write!(f, "\naccess ends soon: {}, at {until}", person.email)?;
        }
        write!(
            f,
            "\n{} write requests, about {:?}",
            self.writes, self.estimate
        )
    }
}

/// Lines for the e-mails and the admins, each after a line break, if there is something to say.
impl fmt::Display for PlanSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.invites > 0 {
            let domains = self.domains.iter();
            let domains: Vec<String> = domains
                .map(|domain| format!("{} to {}", domain.invites, domain.domain))
                .collect();
            write!(f, "\ne-mails: {}", domains.join(", "))?;
        }
        if self.changes_admins() {
            write!(
                f,
                "\nadmins: {} now, {} afterwards, {} more invited",
                self.admins, self.admins_after, self.admins_invited
            )?;
        }
        Ok(())
    }
}

/// `done    ada@example.com: invited`
impl fmt::Display for ReportLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        line(f, self.outcome.as_str(), &self.email, &self.note)
    }
}

/// A line for each person, then the number of people with each outcome.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.lines.iter();
        let lines = lines.map(|line| (line.outcome, &*line.email, &*line.note));
        report(f, lines, self.stopped)
    }
}

impl ReportLine {
    /// The text of a line with these parts: for a language with its own type for lines.
    pub fn text(outcome: Outcome, email: &str, note: &str) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = line(&mut text, outcome.as_str(), email, note);
        text
    }
}

impl Report {
    /// The text of a report with these lines, each an outcome, an address and a note: for a language with its own type
    /// for reports.
    pub fn text<'a>(
        lines: impl IntoIterator<Item = (Outcome, &'a str, &'a str)>,
        stopped: bool,
    ) -> String {
        let mut text = String::new();
        let _ = report(&mut text, lines, stopped);
        text
    }
}

fn line(f: &mut impl Write, word: &str, email: &str, why: &str) -> fmt::Result {
    write!(f, "{word:7} {email}: {why}")
}

fn report<'a>(
    f: &mut impl Write,
    lines: impl IntoIterator<Item = (Outcome, &'a str, &'a str)>,
    stopped: bool,
) -> fmt::Result {
    let mut counts = Outcome::ALL
        .iter()
        .map(|outcome| (*outcome, 0))
        .collect::<Vec<_>>();
    for (outcome, email, note) in lines {
        line(f, outcome.as_str(), email, note)?;
        f.write_char('\n')?;
        for (known, count) in &mut counts {
            *count += u64::from(*known == outcome);
        }
    }
    let counts: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(outcome, count)| format!("{count} {outcome}"))
        .collect();
    f.write_str(match counts.is_empty() {
        true => "nobody",
        false => "",
    })?;
    f.write_str(&counts.join(", "))?;
    f.write_str(match stopped {
        true => "; stopped",
        false => "",
    })
}

#[cfg(test)]
mod tests {
    use crate::roster::plan::Plan;
    use crate::roster::report::{Outcome, Report, ReportLine};

    #[test]
    fn a_plan_has_a_line_for_each_person_and_what_it_takes() {
        let text = r#"{"organizationId":"o","plannedAt":"2026-01-15T12:00:00Z","steps":[
            {"email":"ada@example.com","action":"invite","reason":"neither in nor invited"},
            {"email":"bob@example.com","action":"revoke","reason":"not on the roster","revoke":["i"]}],
            "seats":{"paid":5,"taken":1,"promised":0,"free":0,"needed":1,"released":0,"missing":1},
            "pruning":{"people":1,"invited":4,"allowed":1},"writes":2,"estimateMs":1500}"#;
        let plan = Plan::from_json(text).expect("a plan");
        assert_eq!(
            plan.to_string(),
            "invite  ada@example.com: neither in nor invited\n\
             revoke  bob@example.com: not on the roster\n\
             paid seats: 1 needed, 0 freed, 0 of 5 left now, 1 missing\n\
             prune: 1 of the 4 people with an active invite, 1 allowed by default\n\
             2 write requests, about 1.5s"
        );
    }

    #[test]
    fn a_report_has_a_line_for_each_person_and_counts() {
        let lines = [
            (Outcome::Done, "ada@example.com", "invited"),
            (Outcome::Skipped, "bob@example.com", "no seat is left"),
            (Outcome::Done, "eve@example.com", "invited"),
        ];
        let text = Report::text(lines, true);
        assert_eq!(
            text,
            "done    ada@example.com: invited\nskipped bob@example.com: no seat is left\n\
             done    eve@example.com: invited\n2 done, 1 skipped; stopped"
        );
        let (outcome, email, note) = lines[1];
        let line = ReportLine::text(outcome, email, note);
        assert_eq!(text.lines().nth(1), Some(&*line));
        assert_eq!(Report::text([], false), "nobody");
    }
}
