//! `sandbox`.

use std::net::SocketAddr;
use std::path::Path;

use icepanel_sandbox::{Sandbox, Served, State};
use serde::Serialize;
use serde_json::json;

use crate::args::SandboxArgs;
use crate::errors::Failure;
use crate::format::Format;
use crate::interrupt::Interrupt;
use crate::output::Output;
use crate::text::{printable, shell_word};

/// What a client needs to know of a sandbox.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Running {
    base_url: String,
    api_key: String,
    organization_id: String,
    control_url: String,
}

/// Runs a sandbox until Ctrl-C.
pub(crate) async fn sandbox(args: &SandboxArgs, output: &Output) -> Result<(), Failure> {
    let state = match &args.state {
        Some(path) => read(path)?,
        None => State::default(),
    };
    let (api_key, organization_id) = (state.api_key.clone(), state.organization_id.clone());
    let address = SocketAddr::from((args.host, args.port));
    let log = output.clone();
    let watch = move |served: &Served| log.say(&line(served, log.format));
    let sandbox = Sandbox::start_watched(address, state, watch).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidInput => Failure::usage(
            format!("the state is invalid: {error}"),
            "Correct the file given with --state.",
        ),
        _ => Failure::other(
            format!("the sandbox cannot listen on {address}: {error}"),
            "Pass another --port (0 for a free one), or a --host that is an address of this machine.",
        ),
    })?;
    if !args.host.is_loopback() {
        output.warn(&format!(
            "everyone who can reach {} can use and control the sandbox",
            sandbox.address()
        ));
    }
    let running = Running {
        base_url: sandbox.base_url(),
        api_key,
        organization_id,
        control_url: sandbox.control_url(),
    };
    let mut interrupt = Interrupt::new()?;
    tokio::select! {
        // In this order, so that a Ctrl-C right after the first output is noticed.
        biased;
        () = interrupt.heard() => Ok(()),
        failure = tell_and_stay(&running, output) => Err(failure),
    }
}

/// The line for a request.
fn line(served: &Served, format: Format) -> String {
    match format {
        Format::Json => json!({ "request": served }).to_string(),
        _ => printable(&served.to_string()),
    }
}

/// Prints the sandbox's URL. Returns only if the output cannot be written.
async fn tell_and_stay(running: &Running, output: &Output) -> Failure {
    let written = match output.format {
        Format::Json => output.json(running),
        Format::Csv => {
            let fields = &["baseUrl", "apiKey", "organizationId", "controlUrl"];
            output.write(|out| crate::csv::write(out, fields, &[running]))
        }
        Format::Table | Format::Markdown => {
            output.write(|out| out.write_all(words(running).as_bytes()))
        }
    };
    match written {
        Ok(()) => std::future::pending().await,
        Err(failure) => failure,
    }
}

fn words(running: &Running) -> String {
    let Running {
        base_url,
        api_key,
        organization_id,
        control_url,
    } = running;
    format!(
        "A sandbox responds as the API does. It sends nothing to other machines, and loses its data when it ends.\n\
         \n\
         base URL      {base_url}\n\
         key           {api_key}\n\
         organization  {organization_id}\n\
         control       {control_url}\n\
         \n\
         In another terminal:\n\
         \n\
         export ICEPANEL_BASE_URL={}\n\
         export ICEPANEL_API_KEY={}\n\
         export ICEPANEL_ORGANIZATION_ID={}\n\
         icepanel-invites list\n\
         \n\
         Ctrl-C ends it.\n",
        shell_word(base_url),
        shell_word(api_key),
        shell_word(organization_id)
    )
}

fn read(path: &Path) -> Result<State, Failure> {
    let wrong = |why: String| {
        Failure::usage(
            format!("the state {} cannot be read: {why}", path.display()),
            "Correct the file given with --state. It is a JSON object with seats, members, invites, generate, rateLimit, behaviour and faults; {} is a valid one.",
        )
    };
    let text = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))
}
