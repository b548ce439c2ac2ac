//! The arguments of the commands on rosters.

use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use clap::Args;
use icepanel_invites::{ApplyOptions, Expiry, PlanOptions, PruneGuard};

use crate::roster::Reading;
use crate::time;

/// How long an invite lasts unless something else is given.
pub(crate) const SEVEN_DAYS: Expiry = Expiry::In(TimeDelta::days(7));

/// Which roster, how it is read, and what a plan of it has.
#[derive(Debug, Args)]
pub(crate) struct RosterArgs {
    /// The roster: CSV, JSON or YAML with email, permission, expires and landscapes; - for stdin
    ///
    /// permission is read, write, admin or billing, or IcePanel's Viewer, Editor, Admin or Billing; expires is a duration or
    /// a date (12h, 7d, 2w, 2026-12-31); landscapes allows or denies each landscape id (in CSV: id=true;id=false).
    /// CSV files from Excel and other programs work. The separator is a comma, a semicolon or a tab.
    #[arg(value_hint = clap::ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Revoke the active invites of people who are not on the roster
    #[arg(long)]
    pub(crate) prune: bool,
    /// Allow --prune with an empty roster. This revokes every active invite
    #[arg(long)]
    pub(crate) allow_empty: bool,
    /// Skip people whose last invite was revoked
    #[arg(long)]
    pub(crate) skip_revoked: bool,
    /// Skip a person who got N invites already. All count: used, revoked and expired ones too
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_invites: Option<u64>,
    /// Keep an existing invite if it expires up to DURATION earlier than wanted
    ///
    /// Default: 0 if the entry has a date. If it has a duration: half of that duration.
    #[arg(long, verbatim_doc_comment, value_name = "DURATION", value_parser = time::margin)]
    pub(crate) margin: Option<Duration>,
    /// The expiry for entries that have none [default: 7d]
    #[arg(long, value_name = "WHEN", value_parser = time::expiry)]
    pub(crate) expires: Option<Expiry>,
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
            ("--skip-revoked", self.skip_revoked),
            ("--max-invites", self.max_invites.is_some()),
            ("--margin", self.margin.is_some()),
            ("--expires", self.expires.is_some()),
            ("--columns", self.reading.columns.is_some()),
            ("--ignore-other-columns", self.reading.ignore_other_columns),
            ("--permission", self.reading.permission.is_some()),
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
        let mut options = PlanOptions::default()
            .prune(self.prune)
            .skip_revoked(self.skip_revoked)
            .allow_empty(self.allow_empty);
        options.margin = self.margin;
        options.max_invites = self.max_invites;
        options
    }
}

/// What a plan may do.
#[derive(Debug, Args)]
pub(crate) struct LimitArgs {
    /// If there are too few paid seats, invite as many people as possible (free permissions first)
    #[arg(long)]
    pub(crate) partial: bool,
    /// Stop before anything is sent if more than this number of people would be pruned
    ///
    /// Default: the smaller of 10 and a quarter of the people who have an active invite, but never less than 1.
    #[arg(
        long,
        verbatim_doc_comment,
        value_name = "PEOPLE",
        conflicts_with = "prune_share"
    )]
    pub(crate) prune_at_most: Option<u64>,
    /// Stop before anything is sent if more than this share of the people with an active invite would be pruned: 0 to 1
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(crate) prune_share: Option<f64>,
}

impl LimitArgs {
    pub(crate) fn options(&self) -> ApplyOptions {
        ApplyOptions::default().partial(self.partial).prune_guard(
            match (self.prune_at_most, self.prune_share) {
                (Some(most), _) => PruneGuard::AtMost(most),
                (None, Some(share)) => PruneGuard::Share(share),
                (None, None) => PruneGuard::Default,
            },
        )
    }
}

/// What to show of the difference.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) roster: RosterArgs,
    /// Exit code 4 if there are changes; the code of apply if apply would refuse them; otherwise 0
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
    /// The expiry for a member, if the member must be invited again [default: 7d]
    #[arg(long, value_name = "WHEN", value_parser = time::expiry, requires = "members")]
    pub(crate) member_expires: Option<Expiry>,
}

fn share(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "write a number from 0 to 1".to_owned())
}
