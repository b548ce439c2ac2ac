//! A roster, its plan, and the report. A plan carries its JSON, by which it comes back.

use std::sync::Arc;
use std::time::Duration;

use icepanel_invites::{
    Action, ApplyOptions, ApplyOptionsData, Held, Invite, InviteError, LandscapePermissions,
    NewInvite, Outcome, Permission, Plan as CorePlan, PlanExpiring, PlanOptionsData,
    PlanPruning as CorePruning, PlanRemoval as CoreRemoval, PlanSeats as CoreSeats,
    PlanSummary as CoreSummary, Progress as CoreProgress, Renewed, Report as CoreReport,
    ReportLine as CoreLine, Roster, Spelling, Step, StepReason,
};

use crate::error::{ErrorDetails, Failure};
use crate::event::ListenerFailure;
use crate::json::write;
use crate::limits::signed;
use crate::model::Timestamp;
use crate::outbox::Outbox;

/// Options for making a plan, as data. The compiler compares this declaration with the core's, which checks the values.
#[uniffi::remote(Record)]
pub struct PlanOptionsData {
    /// How much sooner than wanted an active invite may expire without being replaced.
    #[uniffi(default = None)]
    pub margin_ms: Option<i64>,
    /// Whether active invites for people who are not on the roster are to be revoked.
    #[uniffi(default = false)]
    pub prune: bool,
    /// Whether people whose last invite was revoked are not invited again.
    #[uniffi(default = false)]
    pub skip_revoked: bool,
    /// How often a person is invited at most, from 1.
    #[uniffi(default = None)]
    pub max_invites: Option<i64>,
    /// Whether pruning may be used with an empty roster.
    #[uniffi(default = false)]
    pub allow_empty: bool,
    /// Whether members are given the permission and the landscapes of the roster.
    #[uniffi(default = false)]
    pub manage_members: bool,
    /// Whether members who are not on the roster, or whose access has ended, are removed.
    #[uniffi(default = false)]
    pub prune_members: bool,
    /// The addresses of members who are neither removed nor demoted.
    #[uniffi(default = [])]
    pub protect: Vec<String>,
    /// How many admins the organization has at least, from 1.
    #[uniffi(default = None)]
    pub min_admins: Option<i64>,
    /// The domains to which invites may go.
    #[uniffi(default = None)]
    pub allow_domains: Option<Vec<String>>,
    /// Within how many milliseconds an access has to end to be listed.
    #[uniffi(default = None)]
    pub expiring_within_ms: Option<i64>,
    /// Whether no invite is made: nobody is invited, and no active invite is replaced.
    #[uniffi(default = false)]
    pub no_invites: bool,
}

/// Options for applying a plan, as data.
#[uniffi::remote(Record)]
pub struct ApplyOptionsData {
    /// Whether to invite as many people as possible if there are too few seats.
    #[uniffi(default = false)]
    pub partial: bool,
    /// How many people may lose their invites by pruning.
    #[uniffi(default = None)]
    pub prune_at_most: Option<i64>,
    /// The share of the people with an active invite who may lose their invites by pruning, from 0 to 1. One of the
    /// two.
    #[uniffi(default = None)]
    pub prune_share: Option<f64>,
    /// How many members may be removed.
    #[uniffi(default = None)]
    pub remove_at_most: Option<i64>,
    /// Which share of the members may, from 0 to 1. One of the two.
    #[uniffi(default = None)]
    pub remove_share: Option<f64>,
    /// How many people may be invited.
    #[uniffi(default = None)]
    pub invite_at_most: Option<i64>,
    /// How many people may be invited as admins or made admins.
    #[uniffi(default = None)]
    pub admins_at_most: Option<i64>,
}

uniffi::custom_type!(Action, String, {
    remote,
    lower: |action| action.as_str().to_owned(),
    try_lift: |text| named(Action::ALL, |action| action.as_str(), &text),
});

uniffi::custom_type!(Outcome, String, {
    remote,
    lower: |outcome| outcome.as_str().to_owned(),
    try_lift: |text| named(Outcome::ALL, |outcome| outcome.as_str(), &text),
});

/// The value of a name that this library has returned before.
fn named<T: Copy>(
    all: &[T],
    name: impl Fn(T) -> &'static str,
    text: &str,
) -> uniffi::deps::anyhow::Result<T> {
    let found = all.iter().find(|value| name(**value) == text).copied();
    found.ok_or_else(|| uniffi::deps::anyhow::anyhow!("there is no {text:?}"))
}

/// What a person has already: a membership or an active invite.
#[uniffi::remote(Record)]
pub struct Held {
    /// The person's permission, or the permission of the invite.
    pub permission: Permission,
    /// The active invite. If there are several: the one that remains active.
    #[uniffi(default = None)]
    pub invite_id: Option<String>,
    /// When that invite expires.
    #[uniffi(default = None)]
    pub expires_at: Option<Timestamp>,
    /// The member.
    #[uniffi(default = None)]
    pub user_id: Option<String>,
    /// Which landscapes the person may see, if that is limited.
    #[uniffi(default = None)]
    pub landscape_permissions: Option<LandscapePermissions>,
}

/// The planned action for one person, and the reason.
#[uniffi::remote(Record)]
pub struct Step {
    /// The person's address.
    pub email: String,
    /// The planned action.
    pub action: Action,
    /// The reason, as text.
    pub reason: String,
    /// The entry in the roster; none for somebody who is not on it.
    #[uniffi(default = None)]
    pub wanted: Option<NewInvite>,
    /// What the person has already.
    #[uniffi(default = None)]
    pub held: Option<Held>,
    /// The ids of the active invites that would be revoked.
    #[uniffi(default = [])]
    pub revoke: Vec<String>,
    /// The reason, for programs. None in a plan of a version that wrote none, or for a reason that this version does
    /// not know.
    #[uniffi(default = None)]
    pub reason_code: Option<StepReason>,
}

/// Paid seats, and how a plan changes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PlanSeats {
    /// Seats paid for.
    pub paid: i64,
    /// Members with `write` or `admin`.
    pub taken: i64,
    /// Active invites with `write` or `admin`.
    pub promised: i64,
    /// Free seats now.
    pub free: i64,
    /// Seats that the plan needs for people who have none yet.
    pub needed: i64,
    /// Seats that the plan frees: by revoking, by replacing a paid invite by a free one, and by removing or demoting a member.
    pub released: i64,
    /// Seats that are missing. Above zero `apply` rejects the plan, unless `partial` is set.
    pub missing: i64,
}

/// How many people lose their invites by a plan, and how many the default guard of `apply` allows. Above that, `apply`
/// rejects the plan unless another guard is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PlanPruning {
    /// People whose active invites the plan revokes.
    pub people: i64,
    /// People who have an active invite, on the roster or not.
    pub invited: i64,
    /// How many the default guard allows: at most ten, at most a quarter of `invited`, but at least one.
    pub allowed: i64,
}

/// How many members a plan removes, and how many the default guard of `apply` allows. Above that, `apply` rejects the plan
/// unless a guard is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PlanRemoval {
    /// Members whom the plan removes.
    pub people: i64,
    /// Members in all.
    pub members: i64,
    /// How many the default guard allows: at most ten, at most a quarter of `members`, and one in any case.
    pub allowed: i64,
}

/// What a plan does, in numbers: the e-mails and where they go, and the admins.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PlanSummary {
    /// How many invites the plan makes. The service sends an e-mail for each.
    pub invites: i64,
    /// The domains that they go to, those with the most first.
    pub domains: Vec<PlanDomain>,
    /// How many of them are for an admin.
    pub admins_invited: i64,
    /// How many members the plan makes admins.
    pub admins_made: i64,
    /// How many members are admins now.
    pub admins: i64,
    /// How many are when the plan has been applied, before anybody accepts an invite.
    pub admins_after: i64,
}

/// How many invites go to a domain.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PlanDomain {
    /// The domain, in lower case.
    pub domain: String,
    /// How many invites.
    pub invites: i64,
}

/// Somebody whose access ends soon.
#[uniffi::remote(Record)]
pub struct PlanExpiring {
    /// The person's address.
    pub email: String,
    /// When the access ends.
    pub until: Timestamp,
}

/// What would have to change for a roster to be true.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Plan {
    /// The whole plan, in the form that all languages share.
    pub json: String,
    /// The organization that it is for.
    pub organization_id: String,
    /// When it was made, by the service's clock.
    pub planned_at: Timestamp,
    /// The margin in its options.
    pub margin_ms: Option<u64>,
    /// Whether it excludes people whose last invite was revoked.
    pub skip_revoked: bool,
    /// How often a person may be invited at most.
    pub max_invites: Option<u64>,
    /// One for each person.
    pub steps: Vec<Step>,
    /// Paid seats needed, held, free.
    pub seats: PlanSeats,
    /// The pruned people, if the plan prunes.
    pub pruning: Option<PlanPruning>,
    /// How many write requests it takes.
    pub writes: u64,
    /// How long applying it takes under the rate limits.
    pub estimate_ms: u64,
    /// Whether it gives members the permission and the landscapes of the roster.
    pub manage_members: bool,
    /// Whether it removes members.
    pub prune_members: bool,
    /// The addresses of members who are neither removed nor demoted.
    pub protect: Vec<String>,
    /// How many admins the organization has at least.
    pub min_admins: Option<u64>,
    /// Who is removed, if the plan removes members.
    pub removal: Option<PlanRemoval>,
    /// The e-mails and the admins.
    pub summary: Option<PlanSummary>,
    /// Whose access ends soon.
    pub expiring: Vec<PlanExpiring>,
    /// Whether it makes no invite.
    pub no_invites: bool,
}

/// The result of one person's step.
#[derive(Clone, Debug, uniffi::Record)]
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
    pub invite: Option<Invite>,
    /// Why it failed.
    pub error: Option<ErrorDetails>,
    /// The service's id of the request that decided the outcome.
    pub request_id: Option<String>,
    /// The note for programs.
    pub reason_code: Option<StepReason>,
}

/// The result of applying a plan.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Report {
    /// A line for each step of the plan.
    pub lines: Vec<ReportLine>,
    /// Whether the run was stopped from outside.
    pub stopped: bool,
    /// Whether everybody is as the plan wants.
    pub complete: bool,
}

/// A step has ended.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Progress {
    /// Which step of the plan, from 0.
    pub index: u64,
    /// How many steps have ended.
    pub done: u64,
    /// The total number.
    pub total: u64,
    /// How long the rest takes under the rate limits.
    pub left_ms: u64,
    /// The outcome.
    pub line: ReportLine,
}

/// The result of a renewal.
#[uniffi::remote(Record)]
pub struct Renewed {
    /// The invite that the person has now.
    pub invite: Invite,
    /// The invites that it replaced, as revoked. If there are none, the active one expires late enough.
    pub replaced: Vec<Invite>,
    /// The service's id of the request that made the new invite, for the service's support.
    #[uniffi(default = None)]
    pub request_id: Option<String>,
}

/// Receives each step of a run when it has ended, in order, on its own thread. The report follows the last step.
#[uniffi::export(callback_interface)]
pub trait ProgressListener: Send + Sync {
    /// A step has ended. Errors here do not affect the run and are ignored.
    fn on_progress(&self, progress: Progress) -> Result<(), ListenerFailure>;
}

/// A run's listener, and the messages for it. It ends with the run: after a cancelled run, no further step is reported.
pub(crate) struct RunListener {
    listener: Arc<dyn ProgressListener>,
    pub(crate) outbox: Outbox,
}

impl RunListener {
    pub(crate) fn start(listener: Box<dyn ProgressListener>) -> Result<Self, InviteError> {
        let run = Self {
            listener: Arc::from(listener),
            outbox: Outbox::default(),
        };
        run.outbox.start()?;
        Ok(run)
    }

    pub(crate) fn report(&self, progress: &CoreProgress<'_>) {
        let (listener, progress) = (Arc::downgrade(&self.listener), progress.into());
        self.outbox.put(move || {
            if let Some(listener) = listener.upgrade() {
                // An error of the listener does not affect the run.
                let _ = listener.on_progress(progress);
            }
        });
    }
}

/// Stops a run: running steps are finished, further steps do not begin, and the report is returned.
#[derive(Debug, uniffi::Object)]
pub struct Stop(pub(crate) icepanel_invites::Stop);

#[uniffi::export]
impl Stop {
    /// Nothing is stopped yet.
    #[uniffi::constructor]
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self(icepanel_invites::Stop::new()))
    }

    /// Stops the run. A second time has no effect.
    pub fn stop(&self) {
        self.0.stop();
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.0.is_stopped()
    }
}

/// Rejects invalid entries of a roster and reports all of them together.
#[uniffi::export]
pub fn check_roster(entries: Vec<NewInvite>) -> Result<(), Failure> {
    Roster::new(entries)?;
    Ok(())
}

/// A roster of these entries, as the JSON that all languages share.
#[uniffi::export]
pub fn write_roster(entries: Vec<NewInvite>) -> Result<String, Failure> {
    Ok(write(&Roster::unchecked(entries))?)
}

/// Reads a stored roster.
#[uniffi::export]
pub fn read_roster(json: &str) -> Result<Vec<NewInvite>, Failure> {
    Ok(Roster::from_json(json)?.into())
}

/// The version of the JSON of a report.
#[uniffi::export]
#[must_use]
pub fn format_version() -> i64 {
    signed(CoreReport::FORMAT_VERSION)
}

/// Reads a stored plan.
#[uniffi::export]
pub fn read_plan(json: &str) -> Result<Plan, Failure> {
    Ok(Plan::of(CorePlan::from_json(json)?)?)
}

/// Rejects a plan, given as JSON, that `apply` would reject with these options, by the figures in the plan.
#[uniffi::export]
pub fn check_plan(plan: &str, options: ApplyOptionsData) -> Result<(), Failure> {
    let options = ApplyOptions::of(options, Spelling::Typed)?;
    Ok(CorePlan::from_json(plan)?.check(&options)?)
}

impl Plan {
    pub(crate) fn of(plan: CorePlan) -> Result<Self, InviteError> {
        Ok(Self {
            json: write(&plan)?,
            organization_id: plan.organization_id,
            planned_at: plan.planned_at,
            margin_ms: plan.margin.map(milliseconds),
            skip_revoked: plan.skip_revoked,
            max_invites: plan.max_invites,
            steps: plan.steps,
            seats: plan.seats.into(),
            pruning: plan.pruning.map(Into::into),
            writes: plan.writes,
            estimate_ms: milliseconds(plan.estimate),
            manage_members: plan.manage_members,
            prune_members: plan.prune_members,
            protect: plan.protect,
            min_admins: plan.min_admins,
            removal: plan.removal.map(Into::into),
            summary: plan.summary.map(Into::into),
            expiring: plan.expiring,
            no_invites: plan.no_invites,
        })
    }
}

impl From<CoreSeats> for PlanSeats {
    fn from(seats: CoreSeats) -> Self {
        let CoreSeats {
            paid,
            taken,
            promised,
            free,
            needed,
            released,
            missing,
        } = seats;
        Self {
            paid: signed(paid),
            taken: signed(taken),
            promised: signed(promised),
            free: signed(free),
            needed: signed(needed),
            released: signed(released),
            missing: signed(missing),
        }
    }
}

impl From<CorePruning> for PlanPruning {
    fn from(pruning: CorePruning) -> Self {
        let CorePruning {
            people,
            invited,
            allowed,
        } = pruning;
        Self {
            people: signed(people),
            invited: signed(invited),
            allowed: signed(allowed),
        }
    }
}

impl From<CoreRemoval> for PlanRemoval {
    fn from(removal: CoreRemoval) -> Self {
        let CoreRemoval {
            people,
            members,
            allowed,
        } = removal;
        Self {
            people: signed(people),
            members: signed(members),
            allowed: signed(allowed),
        }
    }
}

impl From<CoreSummary> for PlanSummary {
    fn from(summary: CoreSummary) -> Self {
        let CoreSummary {
            invites,
            domains,
            admins_invited,
            admins_made,
            admins,
            admins_after,
        } = summary;
        let domains = domains.into_iter().map(|domain| PlanDomain {
            domain: domain.domain,
            invites: signed(domain.invites),
        });
        Self {
            invites: signed(invites),
            domains: domains.collect(),
            admins_invited: signed(admins_invited),
            admins_made: signed(admins_made),
            admins: signed(admins),
            admins_after: signed(admins_after),
        }
    }
}

impl From<&CoreLine> for ReportLine {
    fn from(line: &CoreLine) -> Self {
        Self {
            email: line.email.clone(),
            action: line.action,
            outcome: line.outcome,
            note: line.note.clone(),
            invite: line.invite.clone(),
            error: line.error.as_ref().map(Into::into),
            request_id: line.request_id.clone(),
            reason_code: line.reason_code,
        }
    }
}

impl From<CoreReport> for Report {
    fn from(report: CoreReport) -> Self {
        Self {
            complete: report.is_complete(),
            stopped: report.stopped,
            lines: report.lines.iter().map(Into::into).collect(),
        }
    }
}

impl From<&CoreProgress<'_>> for Progress {
    fn from(progress: &CoreProgress<'_>) -> Self {
        Self {
            index: progress.index as u64,
            done: progress.done as u64,
            total: progress.total as u64,
            left_ms: milliseconds(progress.left),
            line: progress.line.into(),
        }
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
