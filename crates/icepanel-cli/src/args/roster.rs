//! The arguments of the commands on rosters.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use icepanel_invites::Expiry;

use crate::roster::Reading;
use crate::time;

/// Which roster, and how it is read.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// The roster: CSV, JSON or YAML with email, permission, expires and landscapes; - is the input
    ///
    /// permission is read, write, admin or billing, or IcePanel's Viewer, Editor, Admin or Billing; expires is a span or
    /// a date (12h, 7d, 2w, 2026-12-31); landscapes says for each id whether it may be seen (in CSV: id=true;id=false).
    /// A CSV file is one that Excel and others save or export, with , ; or tabs between its cells.
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
    /// How much sooner than wanted an active invite may end and still be kept
    ///
    /// Unless given: not at all for a date, half of the span for a span from now.
    #[arg(long, verbatim_doc_comment, value_name = "SPAN", value_parser = time::margin)]
    pub(crate) margin: Option<Duration>,
    /// When invites end whose entry does not say it
    #[arg(long, value_name = "WHEN", default_value = "7d", value_parser = time::expiry)]
    pub(crate) expires: Expiry,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

impl PlanArgs {
    /// Whether something is given that decides what a plan has.
    pub(crate) fn decides(&self) -> bool {
        self.prune
            || self.allow_empty
            || self.skip_revoked
            || self.max_invites.is_some()
            || self.margin.is_some()
    }
}

/// How to make a roster true.
#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    /// What `plan` takes; the file may also be a plan that `plan --output json` wrote
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Do what the seats suffice for, free permissions first
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

/// What to write of the organization.
#[derive(Debug, Args)]
pub(crate) struct DumpArgs {
    /// The members too, before those who are invited
    #[arg(long)]
    pub(crate) members: bool,
    /// When a member's invite would end, should one be needed again
    #[arg(long, value_name = "WHEN", default_value = "7d", value_parser = time::expiry)]
    pub(crate) member_expires: Expiry,
}

fn share(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "write a number from 0 to 1".to_owned())
}
