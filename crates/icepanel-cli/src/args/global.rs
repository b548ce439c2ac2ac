//! The options of every command.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, ValueHint};

use crate::format::{ColorChoice, Format};
use crate::time;

/// The options of every command. clap does not read settings that a variable or a profile can also have, so that
/// `status` can show where a setting comes from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// The output format. With json, errors are JSON too
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

    /// A file that contains only the API key, or - for stdin. It overrides ICEPANEL_API_KEY [env: ICEPANEL_API_KEY_FILE]
    #[arg(long, global = true, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) key_file: Option<PathBuf>,

    /// A profile of the configuration file, with an organization, a base URL and a key file [env: ICEPANEL_PROFILE]
    ///
    /// Options override environment variables. Environment variables override the profile.
    #[arg(long, global = true, value_name = "NAME", value_hint = ValueHint::Other)]
    pub(crate) profile: Option<String>,

    /// The base URL of the API. It must use https; http is allowed only for this machine. Default: https://api.icepanel.io/v1 [env: ICEPANEL_BASE_URL]
    #[arg(
        long,
        global = true,
        value_name = "URL",
        value_hint = ValueHint::Url,
        hide_short_help = true
    )]
    pub(crate) base_url: Option<String>,

    /// The time limit for one call, retries included (apply: for each person): 500ms, 30s, 2m
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

    /// A PEM file with certificate authorities to trust, in addition to those of the system
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        hide_short_help = true
    )]
    pub(crate) ca_certificate: Option<PathBuf>,

    /// A PEM file with a client certificate and its key, for a gateway that asks for one
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

    /// Report each request on stderr; -vv also the headers of its response
    ///
    /// It shows method and URL, the attempt, the status, the time it took, and what happens next. -vv also shows the headers
    /// of the response: the values of safe headers, and only the names of the others. It never shows the API key.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,

    /// Print only results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
}
