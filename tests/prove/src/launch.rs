//! How each language's driver and its tests are started: set by `cargo xtask prove`, which has built them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde::Deserialize;
use tokio::process::Command;

use crate::spoil::Spoil;

/// What is to be tried.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Launch {
    pub(crate) languages: Vec<Language>,
    /// Languages that cannot be tried here, and why.
    #[serde(default)]
    pub(crate) untried: BTreeMap<String, String>,
}

/// A language with a driver.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Language {
    /// As in the table: `Python, asyncio`.
    pub(crate) name: String,
    pub(crate) driver: Program,
    /// The language's own tests of what its hosts do to a call.
    #[serde(default)]
    pub(crate) hosts: Vec<HostTests>,
    /// How the driver's answers are spoiled, if they are: an option of the harness.
    #[serde(skip)]
    pub(crate) spoil: Option<Spoil>,
}

/// Tests that a language's own runner runs.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct HostTests {
    pub(crate) program: Program,
    pub(crate) runner: Runner,
    /// What is to be there: the words of the table, and a part of the name of each test that shows it.
    pub(crate) shows: BTreeMap<String, Vec<String>>,
}

/// How a runner says what passed.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Runner {
    /// `PASSED tests/…::test_name[…]`
    Pytest,
    /// `ok 1 - name`, also nested
    Tap,
    /// `<testcase name="…" …>` in the files of `target/surefire-reports`
    Surefire,
    /// `✔ Test name() passed after …`
    Swift,
    /// `test name ... ok`
    Cargo,
}

/// A program, where it runs and with what.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Program {
    pub(crate) program: String,
    #[serde(default)]
    pub(crate) arguments: Vec<String>,
    pub(crate) folder: PathBuf,
    /// What is set in the environment, and with null what is taken out of it.
    #[serde(default)]
    pub(crate) environment: BTreeMap<String, Option<String>>,
}

/// What a driver is started in, beside what it always gets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    pub(crate) environment: Vec<(String, String)>,
    /// A file that takes the place of `/etc/resolv.conf`, in a mount namespace of the driver's own.
    pub(crate) resolv_conf: Option<PathBuf>,
    pub(crate) verbose: bool,
}

impl Program {
    /// The command, with no variable in its environment that would lead the client elsewhere.
    pub(crate) fn command(&self, surroundings: &Surroundings) -> Command {
        let mut command = match &surroundings.resolv_conf {
            None => Command::new(&self.program),
            Some(file) => inside_a_namespace(&self.program, file),
        };
        command.args(&self.arguments).current_dir(&self.folder);
        for name in [
            "HTTPS_PROXY",
            "https_proxy",
            "HTTP_PROXY",
            "http_proxy",
            "ALL_PROXY",
            "all_proxy",
            "NO_PROXY",
            "no_proxy",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "NODE_EXTRA_CA_CERTS",
            "REQUESTS_CA_BUNDLE",
            "ICEPANEL_API_KEY",
            "ICEPANEL_ORGANIZATION_ID",
            "ICEPANEL_BASE_URL",
        ] {
            command.env_remove(name);
        }
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if surroundings.verbose {
            command.env("PROVE_VERBOSE", "1");
        }
        command.envs(
            surroundings
                .environment
                .iter()
                .map(|(name, value)| (name, value)),
        );
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

/// A program whose `/etc/resolv.conf` is another file. Takes the rights of root.
fn inside_a_namespace(program: &str, resolv_conf: &Path) -> Command {
    let mut command = Command::new("unshare");
    command
        .args(["--mount", "--propagation", "private", "sh", "-c"])
        .arg("mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"")
        .arg(resolv_conf)
        .arg(program);
    command
}
