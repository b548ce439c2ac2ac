//! What became of a plan, person by person.

use std::time::Duration;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use crate::error::InviteError;
use crate::model::Invite;
use crate::roster::format_version::{self, FormatVersion};
use crate::roster::plan::Action;
use crate::roster::reason::StepReason;
use crate::roster::stop::Stop;

/// How [`apply`](crate::InviteClient::apply) carries out a plan. As JSON `{"partial"?, "pruneAtMost"? |
/// "pruneShare"?}`; what stops it from outside has none.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ApplyOptions {
    /// Whether to do what the seats suffice for, rather than to refuse before anything is sent.
    pub partial: bool,
    /// How many people may lose their invites by pruning. Past it nothing is done at all.
    pub prune_guard: PruneGuard,
    /// Stops the run from outside.
    pub stop: Stop,
}

impl ApplyOptions {
    /// Sets whether to do what the seats suffice for.
    #[must_use]
    pub fn partial(mut self, partial: bool) -> Self {
        self.partial = partial;
        self
    }

    /// Sets how many people may lose their invites by pruning.
    #[must_use]
    pub fn prune_guard(mut self, guard: PruneGuard) -> Self {
        self.prune_guard = guard;
        self
    }

    /// Sets what stops the run.
    #[must_use]
    pub fn stop(mut self, stop: &Stop) -> Self {
        self.stop = stop.clone();
        self
    }
}

/// How much pruning is no mistake: a roster that was cut off half way must not empty an organization.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum PruneGuard {
    /// At most ten people, and at most a quarter of the people who have an active invite, but one in
    /// any case.
    #[default]
    Default,
    /// At most so many people.
    AtMost(u64),
    /// At most this share, from 0 to 1, of the people who have an active invite.
    Share(f64),
}

/// What became of a person's step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// It was carried out.
    Done,
    /// There was nothing to do: invited as wanted, a member, left alone as planned, or gone already.
    Kept,
    /// It was not begun: no seat was left, or the run had ended before its turn.
    Skipped,
    /// It could not be carried out, or not to its end: the note says whether an invite was made.
    Failed,
    /// An invite may have been made. The same plan, applied again, finds out.
    Unknown,
    /// What was planned would have undone what somebody else has done since; it was left.
    Changed,
}

impl Outcome {
    /// Every outcome there is.
    pub const ALL: &[Self] = &[
        Self::Done,
        Self::Kept,
        Self::Skipped,
        Self::Failed,
        Self::Unknown,
        Self::Changed,
    ];

    /// The outcome's name in JSON, the same in every language: `done`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Kept => "kept",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Changed => "changed",
        }
    }

    /// Whether the person is as the plan wants.
    fn is_as_wanted(self) -> bool {
        matches!(self, Self::Done | Self::Kept)
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What became of one person's step. As JSON `{"email", "action", "outcome", "note", "invite"?,
/// "error"?, "requestId"?, "reasonCode"}`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportLine {
    /// The person's address.
    pub email: String,
    /// What was planned.
    pub action: Action,
    /// What became of it.
    pub outcome: Outcome,
    /// That in words.
    pub note: String,
    /// The invite that was made, or the one that the person has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invite: Option<Invite>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<InviteError>,
    /// The service's id of the request that decided the outcome, to be named to the service's support: of the one that
    /// failed, that made the invite, or, where none was made, that revoked last. Nothing if nothing was sent, or the
    /// service's response had no id or was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The note for programs: why the step ended so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<StepReason>,
}

/// What became of a plan: a line for every person, in the plan's order. As JSON
/// `{"formatVersion": 1, "complete", "stopped", "counts": {"done": 3, …}, "lines": […]}`.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// A line for each step of the plan.
    pub lines: Vec<ReportLine>,
    /// Whether the run was stopped from outside.
    pub stopped: bool,
}

impl Report {
    /// The version of its JSON, and of that of a roster and a plan.
    pub const FORMAT_VERSION: u64 = format_version::CURRENT;

    /// How many people there are with an outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.lines
            .iter()
            .filter(|line| line.outcome == outcome)
            .count()
    }

    /// Whether everybody is as the plan wants: each line is done or kept.
    pub fn is_complete(&self) -> bool {
        self.lines.iter().all(|line| line.outcome.is_as_wanted())
    }

    /// The JSON of a report with these lines, of which `outcome` reads the outcome: for a language that has reports of
    /// its own.
    pub fn serialize_lines<L: Serialize, S: Serializer>(
        lines: &[L],
        outcome: impl Fn(&L) -> Outcome,
        stopped: bool,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let outcomes: Vec<Outcome> = lines.iter().map(outcome).collect();
        let count = |wanted: &Outcome| outcomes.iter().filter(|outcome| *outcome == wanted).count();
        let counts: std::collections::BTreeMap<&str, usize> = Outcome::ALL
            .iter()
            .map(|outcome| (outcome.as_str(), count(outcome)))
            .collect();
        let complete = outcomes.iter().all(|outcome| outcome.is_as_wanted());
        let mut fields = serializer.serialize_struct("Report", 5)?;
        fields.serialize_field(format_version::NAME, &FormatVersion)?;
        fields.serialize_field("complete", &complete)?;
        fields.serialize_field("stopped", &stopped)?;
        fields.serialize_field("counts", &counts)?;
        fields.serialize_field("lines", lines)?;
        fields.end()
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize_lines(&self.lines, |line| line.outcome, self.stopped, serializer)
    }
}

/// A step has ended. As JSON `{"index", "done", "total", "leftMs", "line"}`.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// Which step of the plan, from 0.
    pub index: usize,
    /// How many steps have ended.
    pub done: usize,
    /// How many there are.
    pub total: usize,
    /// How long the rest takes under the service's limits.
    #[serde(rename = "leftMs", with = "crate::model::milliseconds")]
    pub left: Duration,
    /// What became of it. If the last look at the list changes that, the step is told once more.
    pub line: &'a ReportLine,
}
