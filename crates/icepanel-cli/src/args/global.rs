//! The options of every command.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, ValueHint};

use crate::format::{ColorChoice, Format};
use crate::time;

/// The options that every command takes. What a variable or a profile says too is not read by clap, so that
/// `status` can tell where a setting comes from.
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

    /// The organization's id [env: ICEPANEL_ORGANIZATION_ID]
    #[arg(long, global = true, value_name = "ID", value_hint = ValueHint::Other)]
    pub(crate) organization: Option<String>,

    /// A file with the API key alone, - is the input; takes precedence over ICEPANEL_API_KEY [env: ICEPANEL_API_KEY_FILE]
    #[arg(long, global = true, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) key_file: Option<PathBuf>,

    /// A profile of the configuration file, with an organization, a base URL and a key file [env: ICEPANEL_PROFILE]
    ///
    /// An option takes precedence over its variable, and that over the profile.
    #[arg(long, global = true, value_name = "NAME", value_hint = ValueHint::Other)]
    pub(crate) profile: Option<String>,

    /// The API's base URL if it is not https://api.icepanel.io/v1; https, or http on this machine [env: ICEPANEL_BASE_URL]
    #[arg(
        long,
        global = true,
        value_name = "URL",
        value_hint = ValueHint::Url,
        hide_short_help = true
    )]
    pub(crate) base_url: Option<String>,

    /// The time limit for a call, retries included (apply: for the step of one person): 500ms, 30s, 2m
    #[arg(
        long,
        global = true,
        value_name = "TIME",
        default_value = "120s",
        value_parser = time::timeout,
        value_hint = ValueHint::Other,
        hide_short_help = true
    )]
    pub(crate) timeout: Duration,

    /// The proxy, http://host:port or socks5h://host:port; otherwise HTTPS_PROXY, ALL_PROXY and NO_PROXY apply
    #[arg(
        long,
        global = true,
        value_name = "URL",
        value_hint = ValueHint::Url,
        hide_short_help = true
    )]
    pub(crate) proxy: Option<String>,

    /// A file with certificate authorities to trust beside the system's, in PEM
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        hide_short_help = true
    )]
    pub(crate) ca_certificate: Option<PathBuf>,

    /// A file with the certificate and key to show to a gateway that asks for them, in one PEM
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        hide_short_help = true
    )]
    pub(crate) client_certificate: Option<PathBuf>,

    /// When to use colour
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        hide_short_help = true
    )]
    pub(crate) color: ColorChoice,

    /// Report each request on the error output; -vv also the headers of its response
    ///
    /// Method and URL, the attempt, the status, the time it took, and what happens next. With -vv also the headers of the
    /// response: the values of those that are known to be harmless, and the names of the others. The key is in none of it.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Write results and errors, and nothing else
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
}
