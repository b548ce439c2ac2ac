//! The arguments of the commands on rosters.

use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use clap::Args;
use icepanel_invites::{ApplyOptions, Expiry, PlanOptions, PruneGuard};

use crate::roster::Reading;
use crate::time;

const MEMBERS: &str = "Members";

/// How long an invite lasts unless something else is given.
pub(crate) const SEVEN_DAYS: Expiry = Expiry::In(TimeDelta::days(7));

/// Which roster, how it is read, and what a plan of it has.
#[derive(Debug, Args)]
pub(crate) struct RosterArgs {
    /// The roster: CSV, JSON or YAML with email, permission, expires, landscapes and until; - for stdin
    ///
    /// email: the person's address.
    /// permission: read, write, admin or billing (or IcePanel's names: Viewer, Editor, Admin, Billing).
    /// expires: when the invite expires, a duration or a date: 12h, 7d, 2w, 2026-12-31.
    /// landscapes: for each landscape id, true if the person may see the landscape, false if not. In CSV: "x1=true;x2=false".
    /// until: the date on which the person's access ends. No invite expires later. If you run apply after that date, it revokes the invites that the person still has; with --prune-members it also removes the member.
    ///
    /// CSV files from Excel and other programs work. They may be separated by commas, semicolons or tabs.
    #[arg(verbatim_doc_comment, value_hint = clap::ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Revoke the active invites of people who are not on the roster
    #[arg(long)]
    pub(crate) prune: bool,
    /// Allow --prune and --prune-members with an empty roster. This revokes every active invite, or removes every member
    /// who is not protected
    #[arg(long)]
    pub(crate) allow_empty: bool,
    /// Invite nobody, and replace no invite. For offboarding: with --prune or --prune-members
    #[arg(long)]
    pub(crate) no_invites: bool,
    /// Skip people whose last invite was revoked
    #[arg(long)]
    pub(crate) skip_revoked: bool,
    /// Skip a person who already got N invites. Used, revoked and expired invites count too
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_invites: Option<u64>,
    /// Keep an existing invite if it expires up to DURATION earlier than wanted
    ///
    /// Default: 0 if "expires" is a date. If it is a duration: half of that duration.
    #[arg(long, verbatim_doc_comment, value_name = "DURATION", value_parser = time::margin)]
    pub(crate) margin: Option<Duration>,
    /// The expiry for entries that have none [default: 7d]
    #[arg(long, value_name = "WHEN", value_parser = time::expiry)]
    pub(crate) expires: Option<Expiry>,
    /// Give members the permission and the landscapes of the roster
    #[arg(long, help_heading = MEMBERS)]
    pub(crate) manage_members: bool,
    /// Remove members who are not on the roster, or whose access has ended (until). Needs --protect
    ///
    /// A member is on the roster if the roster has the member's own address, or the address of the invite that the member
    /// accepted.
    #[arg(long, requires = "protect", help_heading = MEMBERS)]
    pub(crate) prune_members: bool,
    /// Never remove or demote this member, for example the owner of the API key. Can be repeated
    #[arg(long, value_name = "EMAIL", help_heading = MEMBERS)]
    pub(crate) protect: Vec<String>,
    /// Keep at least N admins. A change that would leave fewer is deferred to a later run [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), help_heading = MEMBERS)]
    pub(crate) min_admins: Option<u64>,
    /// Add a list of the people whose access (until) ends within DURATION
    #[arg(long, value_name = "DURATION", value_parser = time::margin)]
    pub(crate) expiring_within: Option<Duration>,
    /// Also show people without changes
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

impl RosterArgs {
    /// The given options that decide the content of a plan.
    pub(crate) fn deciding(&self) -> Vec<&'static str> {
        [
            ("--prune", self.prune),
            ("--allow-empty", self.allow_empty),
            ("--no-invites", self.no_invites),
            ("--skip-revoked", self.skip_revoked),
            ("--max-invites", self.max_invites.is_some()),
            ("--margin", self.margin.is_some()),
            ("--expires", self.expires.is_some()),
            ("--columns", self.reading.columns.is_some()),
            ("--ignore-other-columns", self.reading.ignore_other_columns),
            ("--permission", self.reading.permission.is_some()),
            ("--allow-domain", !self.reading.allow_domain.is_empty()),
            ("--manage-members", self.manage_members),
            ("--prune-members", self.prune_members),
            ("--protect", !self.protect.is_empty()),
            ("--min-admins", self.min_admins.is_some()),
            ("--expiring-within", self.expiring_within.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .collect()
    }

    /// The expiry of an entry that has none.
    pub(crate) fn expires(&self) -> Expiry {
        self.expires.unwrap_or(SEVEN_DAYS)
    }

    pub(crate) fn options(&self) -> PlanOptions {
        let mut options = self
            .reading
            .allowed()
            .prune(self.prune)
            .skip_revoked(self.skip_revoked)
            .no_invites(self.no_invites)
            .allow_empty(self.allow_empty)
            .manage_members(self.manage_members)
            .prune_members(self.prune_members);
        options.margin = self.margin;
        options.max_invites = self.max_invites;
        options.protect.clone_from(&self.protect);
        options.min_admins = self.min_admins;
        options.expiring_within = self.expiring_within;
        options
    }
}

/// What a plan may do.
#[derive(Debug, Args)]
pub(crate) struct LimitArgs {
    /// If there are too few paid seats, invite as many people as possible (free permissions first)
    #[arg(long)]
    pub(crate) partial: bool,
    /// Change nothing if more than this number of people would be pruned
    ///
    /// Default: a quarter of the people who have an active invite, but at most 10 and at least 1.
    #[arg(
        long,
        verbatim_doc_comment,
        value_name = "PEOPLE",
        conflicts_with = "prune_share"
    )]
    pub(crate) prune_at_most: Option<u64>,
    /// Change nothing if more than this share of the people with an active invite would be pruned: 0 to 1
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(crate) prune_share: Option<f64>,
    /// Change nothing if more than this number of members would be removed
    ///
    /// Default: the smaller of 10 and a quarter of the members, but never less than 1.
    #[arg(
        long,
        verbatim_doc_comment,
        value_name = "PEOPLE",
        conflicts_with = "remove_share"
    )]
    pub(crate) remove_at_most: Option<u64>,
    /// Change nothing if more than this share of the members would be removed: 0 to 1
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(crate) remove_share: Option<f64>,
    /// Change nothing if more than this number of people would be invited
    #[arg(long, value_name = "PEOPLE")]
    pub(crate) invite_at_most: Option<u64>,
    /// Change nothing if more than this number of people would be invited as admins or made admins
    #[arg(long, value_name = "PEOPLE")]
    pub(crate) admins_at_most: Option<u64>,
}

impl LimitArgs {
    pub(crate) fn options(&self) -> ApplyOptions {
        let guard = |most: Option<u64>, share: Option<f64>| match (most, share) {
            (Some(most), _) => PruneGuard::AtMost(most),
            (None, Some(share)) => PruneGuard::Share(share),
            (None, None) => PruneGuard::Default,
        };
        let mut options = ApplyOptions::default()
            .partial(self.partial)
            .prune_guard(guard(self.prune_at_most, self.prune_share))
            .remove_guard(guard(self.remove_at_most, self.remove_share));
        options.invite_at_most = self.invite_at_most;
        options.admins_at_most = self.admins_at_most;
        options
    }
}

/// What to show of the difference.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) roster: RosterArgs,
    /// If there are changes, exit with 4. If apply would refuse the changes, exit with the code of apply. Otherwise exit with 0
    #[arg(long)]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

/// How to make the organization match.
#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    /// What `plan` takes; the file may also be a plan that `plan --output json` wrote
    #[command(flatten)]
    pub(crate) roster: RosterArgs,
    /// Skip the confirmation prompt
    #[arg(short, long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

/// What to write of the organization.
#[derive(Debug, Args)]
pub(crate) struct DumpArgs {
    /// Also write the members. They come first
    #[arg(long)]
    pub(crate) members: bool,
    /// The expiry to write for each member. It counts only if the member must be invited again [default: 7d]
    #[arg(long, value_name = "WHEN", value_parser = time::expiry, requires = "members")]
    pub(crate) member_expires: Option<Expiry>,
}

fn share(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "write a number from 0 to 1".to_owned())
}
