//! The arguments.

use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use icepanel_invites::{Actor, Expiry, InviteStatus, Permission};

use crate::format::{ColorChoice, Format};
use crate::{exit, time};

/// Invites people to an IcePanel organization, one invite a person
///
/// The API key comes from the environment (ICEPANEL_API_KEY) or from a file (--key-file),
/// never from an argument, which other users of the machine could read.
/// `icepanel-invites demo` needs neither a key nor a network.
#[derive(Debug, Parser)]
#[command(
    name = "icepanel-invites",
    version,
    after_help = exit::help(),
    verbatim_doc_comment,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The options that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// How results are written; with json errors are JSON too
    #[arg(
        short,
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT"
    )]
    pub(crate) output: Format,

    /// The organization's id
    #[arg(
        long,
        global = true,
        value_name = "ID",
        env = "ICEPANEL_ORGANIZATION_ID",
        hide_env_values = true
    )]
    pub(crate) organization: Option<String>,

    /// A file with the API key alone; goes before ICEPANEL_API_KEY
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        env = "ICEPANEL_API_KEY_FILE",
        hide_env_values = true
    )]
    pub(crate) key_file: Option<PathBuf>,

    /// Where the API is, if not at https://api.icepanel.io/v1; https, or http on this machine
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "ICEPANEL_BASE_URL",
        hide_env_values = true
    )]
    pub(crate) base_url: Option<String>,

    /// The longest time for the whole call, retries included: 500ms, 30s, 2m
    #[arg(long, global = true, value_name = "TIME", default_value = "120s", value_parser = time::timeout)]
    pub(crate) timeout: Duration,

    /// The proxy, http://host:port or socks5h://host:port; else HTTPS_PROXY, ALL_PROXY and NO_PROXY count
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) proxy: Option<String>,

    /// A file with certificate authorities to trust beside the system's, in PEM
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) ca_certificate: Option<PathBuf>,

    /// A file with the certificate and key to show to a gateway that asks for them, in one PEM
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) client_certificate: Option<PathBuf>,

    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: ColorChoice,

    /// Tell of each request on the error output
    ///
    /// What was sent, which attempt it was, the status, the time it took, and what happens next.
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the invites, all that there ever were or those that the options let through
    List(ListArgs),
    /// Send one invite, whether or not the person is invited or a member already
    Create(NewArgs),
    /// See to it that the person is invited, by one invite and no more
    Ensure(NewArgs),
    /// Revoke one invite by its id, or all active ones of an address
    Revoke(RevokeArgs),
    /// Replace an active invite by one that lives longer
    Renew(RenewArgs),
    /// Say what would have to change for a roster to be true, and change nothing
    Plan(PlanArgs),
    /// Make a roster true: invite, replace, and with --prune revoke, at the speed the service allows
    ///
    /// Ctrl-C stops it: what is under way ends, and the report is written. The same command goes on.
    #[command(verbatim_doc_comment)]
    Apply(ApplyArgs),
    /// Write the organization as a roster: YAML, or what --output says
    Dump(DumpArgs),
    /// Show the paid seats: bought, taken by members, promised to active invites, free
    Seats,
    /// List the members
    Members,
    /// Run a local server that answers as the API does, until Ctrl-C
    Sandbox(SandboxArgs),
    /// Walk through it all against a sandbox inside this process: no account, no network
    Demo,
    /// Write the completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Which invites to list.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only invites that stand here, by the service's clock
    #[arg(long, value_parser = words::<InviteStatus>(), ignore_case = true)]
    pub(crate) status: Option<InviteStatus>,
    /// Only invites of this address; letter case does not count
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: Option<String>,
    /// Only invites with this permission
    #[arg(long, value_parser = words::<Permission>(), ignore_case = true)]
    pub(crate) permission: Option<Permission>,
    /// Only invites made by this kind of actor
    #[arg(long, value_name = "ACTOR", value_parser = words::<Actor>(), ignore_case = true)]
    pub(crate) created_by: Option<Actor>,
    /// Only active invites that end within so long: 12h, 7d, 2w
    #[arg(long, value_name = "SPAN", value_parser = time::from_now)]
    pub(crate) expiring_within: Option<TimeDelta>,
}

/// Which roster, and how it is read.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// The roster: CSV, JSON or YAML with email, permission, expires and landscapes; - is the input
    ///
    /// permission is read, write, admin or billing; expires is a span or a date (12h, 7d, 2w, 2026-12-31);
    /// landscapes says for each id whether it may be seen (in CSV: id=true;id=false).
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

/// Which invite to renew, and for how long.
#[derive(Debug, Args)]
pub(crate) struct RenewArgs {
    /// The id of an active invite, or an address (anything with an @)
    #[arg(value_name = "ID_OR_EMAIL")]
    pub(crate) target: String,
    /// When the new invite ends: 12h, 7d, 2026-12-31, 2026-12-31T18:00:00Z
    #[arg(long, value_name = "WHEN", value_parser = time::expiry)]
    pub(crate) expires: Expiry,
}

fn share(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "write a number from 0 to 1".to_owned())
}

/// Whom to invite, to what, for how long.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The person's address
    pub(crate) email: String,
    /// What the person may do; write and admin cost a paid seat
    #[arg(long, value_parser = words::<Permission>(), ignore_case = true)]
    pub(crate) permission: Permission,
    /// When the invite ends: 12h, 7d, 2026-12-31 (its end in UTC), 2026-12-31T18:00:00Z
    ///
    /// So long from now (90m, 12h, 7d, 2w), a time with its zone (2026-12-31T18:00:00Z), or a date
    /// (2026-12-31), which means the last second of that day in UTC.
    #[arg(long, verbatim_doc_comment, value_name = "WHEN", default_value = "7d", value_parser = time::expiry, allow_hyphen_values = true)]
    pub(crate) expires: Expiry,
    /// Whether the person may see a landscape; again for each
    #[arg(long = "landscape", value_name = "ID=true|false", value_parser = landscape)]
    pub(crate) landscapes: Vec<(String, bool)>,
}

/// What to revoke.
#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    /// The id of an invite, or an address (anything with an @): then all its active invites
    #[arg(value_name = "ID_OR_EMAIL")]
    pub(crate) target: String,
}

/// How to run the sandbox.
#[derive(Debug, Args)]
pub(crate) struct SandboxArgs {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// A JSON file with the state to start from: members, invites, seats, limits, faults
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
}

/// A set of words that the library knows.
trait Words: Sized + Clone + Send + Sync + 'static {
    fn known() -> Vec<&'static str>;
    fn of(word: &str) -> Self;
}

macro_rules! words {
    ($($name:ty),+) => { $(
        impl Words for $name {
            fn known() -> Vec<&'static str> {
                <$name>::KNOWN.iter().map(<$name>::as_str).collect()
            }
            fn of(word: &str) -> Self {
                Self::from(word)
            }
        }
    )+ };
}
words!(Actor, InviteStatus, Permission);

/// Takes the documented words. The library takes any, but a slip of the finger would list nothing and look like an
/// answer.
fn words<T: Words>() -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(T::known()).map(|word| T::of(&word))
}

fn landscape(text: &str) -> Result<(String, bool), String> {
    let (id, allowed) = text
        .rsplit_once('=')
        .ok_or("write it as ID=true or ID=false")?;
    match allowed {
        "true" => Ok((id.to_owned(), true)),
        "false" => Ok((id.to_owned(), false)),
        _ => Err("write it as ID=true or ID=false".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_fit_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_landscape_is_an_id_and_a_yes_or_no() {
        assert_eq!(landscape("abc=true").unwrap(), ("abc".to_owned(), true));
        assert_eq!(landscape("a=b=false").unwrap(), ("a=b".to_owned(), false));
        for wrong in ["abc", "abc=", "abc=yes", "=", ""] {
            assert!(landscape(wrong).is_err(), "{wrong:?}");
        }
    }
}
