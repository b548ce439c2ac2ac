//! The options of every command.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::format::{ColorChoice, Format};
use crate::time;

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

    /// Write results and errors, and nothing else
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
}
