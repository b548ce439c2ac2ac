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
    /// The roster: CSV, JSON or YAML with email, permission, expires and landscapes; - is the input
    ///
    /// permission is read, write, admin or billing, or IcePanel's Viewer, Editor, Admin or Billing; expires is a duration or
    /// a date (12h, 7d, 2w, 2026-12-31); landscapes says for each id whether it may be seen (in CSV: id=true;id=false).
    /// A CSV file is one that Excel and others save or export, with , ; or tabs between its cells.
    #[arg(value_hint = clap::ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Revoke the active invites of people who are not on the roster
    #[arg(long)]
    pub(crate) prune: bool,
    /// Allow --prune with a roster of nobody, which revokes every active invite
    #[arg(long)]
    pub(crate) allow_empty: bool,
    /// Leave people alone whose last invite was revoked
    #[arg(long)]
    pub(crate) skip_revoked: bool,
    /// Leave people alone who were invited this often already; every invite ever sent counts
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_invites: Option<u64>,
    /// Keep an existing invite if it expires up to DURATION earlier than wanted
    ///
    /// Default: 0 for a date, half of the duration for a duration from now.
    #[arg(long, verbatim_doc_comment, value_name = "DURATION", value_parser = time::margin)]
    pub(crate) margin: Option<Duration>,
    /// When invites expire whose entry does not say it [default: 7d]
    #[arg(long, value_name = "WHEN", value_parser = time::expiry)]
    pub(crate) expires: Option<Expiry>,
    /// Show the people for whom nothing changes too
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

impl RosterArgs {
    /// The options that decide what a plan has, of those that are given.
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

    /// When an invite expires whose entry does not say it.
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
    /// Refuse to prune more people than this
    ///
    /// Default: at most 10 people, and at most a quarter of those who have an active invite, but one in any case.
    #[arg(
        long,
        verbatim_doc_comment,
        value_name = "PEOPLE",
        conflicts_with = "prune_share"
    )]
    pub(crate) prune_at_most: Option<u64>,
    /// Refuse to prune more than this share, 0 to 1, of those who have an active invite
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
    /// Exit with 4 if there are changes, and as apply would if it would refuse them; otherwise 0
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
    /// The members too, before those who are invited
    #[arg(long)]
    pub(crate) members: bool,
    /// When a member's invite would expire, should one be needed again [default: 7d]
    #[arg(long, value_name = "WHEN", value_parser = time::expiry, requires = "members")]
    pub(crate) member_expires: Option<Expiry>,
}

fn share(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "write a number from 0 to 1".to_owned())
}
