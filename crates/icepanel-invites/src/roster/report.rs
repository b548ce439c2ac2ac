//! The result of applying a plan, person by person.

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
/// "pruneShare"?, "removeAtMost"? | "removeShare"?, "inviteAtMost"?, "adminsAtMost"?}`; what stops it from outside has none.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ApplyOptions {
    /// Whether to invite as many people as possible if there are too few seats, instead of an error before
    /// anything is sent.
    pub partial: bool,
    /// How many people may lose their invites by pruning. Above it nothing is done at all.
    pub prune_guard: PruneGuard,
    /// How many members may be removed. Past it nothing is done at all.
    pub remove_guard: PruneGuard,
    /// How many people may be invited. Past it nothing is done at all.
    pub invite_at_most: Option<u64>,
    /// How many people may be invited as admins or made admins. Past it nothing is done at all.
    pub admins_at_most: Option<u64>,
    /// Stops the run from outside.
    pub stop: Stop,
}

impl ApplyOptions {
    /// Sets whether to invite as many people as possible if there are too few seats.
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

    /// Sets how many members may be removed.
    #[must_use]
    pub fn remove_guard(mut self, guard: PruneGuard) -> Self {
        self.remove_guard = guard;
        self
    }

    /// Sets how many people may be invited.
    #[must_use]
    pub fn invite_at_most(mut self, most: u64) -> Self {
        self.invite_at_most = Some(most);
        self
    }

    /// Sets how many people may be invited as admins or made admins.
    #[must_use]
    pub fn admins_at_most(mut self, most: u64) -> Self {
        self.admins_at_most = Some(most);
        self
    }

    /// Sets what stops the run.
    #[must_use]
    pub fn stop(mut self, stop: &Stop) -> Self {
        self.stop = stop.clone();
        self
    }
}

/// How much pruning, or removing of members, is no mistake: a roster that was cut off half way must not empty an
/// organization.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum PruneGuard {
    /// At most ten people, and at most a quarter of the people who have an active invite, or of the members, but one in
    /// any case.
    #[default]
    Default,
    /// At most this number of people.
    AtMost(u64),
    /// At most this share, from 0 to 1, of the people who have an active invite, or of the members.
    Share(f64),
}

/// The outcome of a person's step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// It was carried out.
    Done,
    /// There was nothing to do: the invite is as wanted, the person is a member, an option excludes the person, or the invite is no longer active.
    Kept,
    /// It was not begun: no seat was left, or the run ended before it.
    Skipped,
    /// It failed, or was carried out only in part: the note says whether an invite was made.
    Failed,
    /// An invite may have been made, or a member changed. The same plan, applied again, finds out.
    Unknown,
    /// Somebody else changed something since the plan was made; the step was not carried out.
    Changed,
    /// It would leave too few admins until somebody accepts an invite. A later run does it.
    Deferred,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: &[Self] = &[
        Self::Done,
        Self::Kept,
        Self::Skipped,
        Self::Failed,
        Self::Unknown,
        Self::Changed,
        Self::Deferred,
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
            Self::Deferred => "deferred",
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

/// The result of one person's step. As JSON `{"email", "action", "outcome", "note", "invite"?,
/// "error"?, "requestId"?, "reasonCode"}`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportLine {
    /// The person's address.
    pub email: String,
    /// What was planned.
    pub action: Action,
    /// The outcome.
    pub outcome: Outcome,
    /// The outcome, as text.
    pub note: String,
    /// The invite that was made, or the one that the person already has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invite: Option<Invite>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<InviteError>,
    /// The service's id of the request that decided the outcome, for the service's support: the request that failed,
    /// that made the invite, or, if none was made, the last revocation. None if nothing was sent, or if the service's
    /// response had no id or was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The note for programs: why the step ended as it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<StepReason>,
}

/// The result of applying a plan: a line for every person, in the plan's order. As JSON
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
    /// The version of its JSON.
    pub const FORMAT_VERSION: u64 = format_version::FIRST;

    /// The number of people with an outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.lines
            .iter()
            .filter(|line| line.outcome == outcome)
            .count()
    }

    /// Whether everybody is as the plan wants: each line is `done` or `kept`.
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
        fields.serialize_field(format_version::NAME, &FormatVersion::default())?;
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
    /// The total number.
    pub total: usize,
    /// How long the rest takes under the rate limits.
    #[serde(rename = "leftMs", with = "crate::model::milliseconds")]
    pub left: Duration,
    /// The result. If the last reading of the list changes it, the step is reported again.
    pub line: &'a ReportLine,
}
