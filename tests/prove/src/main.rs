//! Shows whether the promises hold, in every language, and writes the table of what was tried and what came out.
//!
//! Started by `cargo xtask prove`, which builds the drivers and says how each is started.

mod cells;
mod driver;
mod faults;
mod hosts;
mod launch;
mod limits;
mod matrix;
mod network;
mod own_tests;
mod page;
mod random;
mod resumed;
mod secrets;
mod secured;
mod servers;
mod soak;
mod spoil;
mod surroundings;
mod table;
mod told;
mod trial;
mod worlds;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use driver::Driver;
use launch::{Language, Launch, Surroundings};
use serde_json::{Value, json};
use spoil::Spoil;
use table::{Table, grouped, say};
use tokio::sync::Semaphore;

#[derive(Parser)]
struct Arguments {
    /// How the drivers are started, as JSON in a file.
    #[arg(long)]
    launch: PathBuf,
    /// The parts to run; all of them unless named.
    #[arg(long = "part")]
    parts: Vec<Part>,
    /// The subset that takes minutes.
    #[arg(long)]
    quick: bool,
    /// Where random choices come from.
    #[arg(long, env = "SEED")]
    seed: Option<u64>,
    /// How many operations meet random faults; 10,000, or 1,000 of a quick run.
    #[arg(long)]
    operations: Option<u64>,
    /// How many calls a soak has; 1,000,000, or 20,000 of a quick run.
    #[arg(long)]
    calls: Option<u64>,
    /// Spoil the drivers' answers, and succeed if every row that judges answers has noticed.
    #[arg(long, conflicts_with = "results")]
    spoil: Option<Spoil>,
    /// Where the page that summarises the run is written.
    #[arg(long)]
    results: Option<PathBuf>,
    /// Where the full table is written.
    #[arg(long)]
    table: Option<PathBuf>,
    /// The text above the table: the commit and the machine.
    #[arg(long, default_value = "")]
    about: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Every fault of the sandbox at every call.
    Faults,
    /// Random faults over many operations.
    Random,
    /// The service's limits.
    Limits,
    /// What networks do.
    Network,
    /// What hosts do: cancel, close, kill.
    Hosts,
    /// Many calls, and what is left of them.
    Soak,
    /// The key in nothing that is printed.
    Secrets,
}

/// The sizes of a run.
struct Sizes {
    seed: u64,
    operations: u64,
    calls: u64,
    quick: bool,
    /// Whether the languages but Rust try a part of the faults only.
    sampled: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(broken) => {
            say(&format!("failed: {broken} cells of the table"));
            ExitCode::FAILURE
        }
        Err(why) => {
            say(&format!("error: {why}"));
            ExitCode::FAILURE
        }
    }
}

/// Runs the parts in each language, and returns in how many cells of the table a promise was broken.
async fn run(arguments: Arguments) -> Result<u64, String> {
    let path = &arguments.launch;
    let text = std::fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()))?;
    let mut launch: Launch =
        serde_json::from_str(&text).map_err(|why| format!("{}: {why}", path.display()))?;
    let sizes = Sizes {
        seed: arguments
            .seed
            .unwrap_or_else(|| fastrand::u64(..1_000_000_000)),
        operations: arguments
            .operations
            .unwrap_or(if arguments.quick { 1_000 } else { 10_000 }),
        calls: arguments
            .calls
            .unwrap_or(if arguments.quick { 20_000 } else { 1_000_000 }),
        quick: arguments.quick,
        // A row notices a lie by the cells that it has.
        sampled: arguments.quick && arguments.spoil.is_none(),
    };
    let seed = sizes.seed;
    say(&format!("SEED={seed}"));
    for language in &mut launch.languages {
        language.spoil = arguments.spoil;
    }
    let table = languages(&launch.languages, &arguments.parts, &Arc::new(sizes)).await?;
    for (language, why) in &launch.untried {
        say(&format!("{language} was NOT tried: {why}"));
    }
    if let Some(spoil) = arguments.spoil {
        return Ok(spoil.unnoticed(&table));
    }
    let names: Vec<String> = launch
        .languages
        .iter()
        .map(|language| language.name.clone())
        .collect();
    let (tried, broken) = table.totals();
    let about = &format!("{}{}", arguments.about, load());
    if let Some(file) = &arguments.table {
        let title = format!("# What was tried\n\n{about}\n\nSeed {seed}.\n\n");
        written(file, &(title + &table.markdown(&names)))?;
    }
    if let Some(file) = &arguments.results {
        written(file, &page::page(&launch, about, seed, &table, &names))?;
    }
    say(&format!(
        "{} tries in {}; broken cells: {broken}",
        grouped(tried),
        names.join(", ")
    ));
    Ok(broken)
}

/// How busy the machine was: a sentence, on Linux.
fn load() -> String {
    let averages = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let last = averages.split_whitespace().nth(2);
    last.map_or_else(String::new, |load| {
        format!(" Load average of the last 15 minutes of the run: {load}.")
    })
}

fn written(file: &Path, text: &str) -> Result<(), String> {
    let failed = |why: std::io::Error| format!("{}: {why}", file.display());
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(file, text).map_err(failed)?;
    say(&format!("written: {}", file.display()));
    Ok(())
}

/// How many languages are tried at the same time: most of their time is waiting.
const AT_ONCE: usize = 2;

/// Runs the parts in each language.
async fn languages(
    languages: &[Language],
    parts: &[Part],
    sizes: &Arc<Sizes>,
) -> Result<Table, String> {
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = Vec::new();
    for language in languages {
        let (language, parts) = (language.clone(), parts.to_owned());
        let (sizes, permits) = (sizes.clone(), permits.clone());
        running.push(tokio::spawn(async move {
            let _permit = permits.acquire_owned().await;
            one_language(&language, &parts, &sizes).await
        }));
    }
    let mut table = Table::default();
    for running in running {
        table.merge(running.await.map_err(|why| why.to_string())??);
    }
    Ok(table)
}

async fn one_language(language: &Language, parts: &[Part], sizes: &Sizes) -> Result<Table, String> {
    let mut table = Table::default();
    for part in Part::value_variants() {
        if !parts.is_empty() && !parts.contains(part) {
            continue;
        }
        let began = Instant::now();
        let (tried, broken) = table.totals();
        part.run(language, sizes, &mut table).await?;
        let (tried, broken) = (table.totals().0 - tried, table.totals().1 - broken);
        let seconds = began.elapsed().as_secs_f64();
        say(&format!(
            "{}: {part:?}: {} tries, broken cells: {broken}, {seconds:.0} s",
            language.name,
            grouped(tried)
        ));
    }
    Ok(table)
}

/// Somebody who is invited to read, for a day.
fn guest(email: &str) -> Value {
    json!({"email": email, "permission": "read", "expiresInMs": 86_400_000})
}

/// An object with the fields of another, which go before its own.
fn with(mut object: Value, more: Value) -> Value {
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
    object
}

impl Part {
    async fn run(
        self,
        language: &Language,
        sizes: &Sizes,
        table: &mut Table,
    ) -> Result<(), String> {
        match self {
            Self::Network => return surroundings::run(language, table).await,
            Self::Secrets => return secrets::run(language, table).await,
            Self::Hosts => return hosts::run(language, sizes, table).await,
            Self::Faults | Self::Random | Self::Limits | Self::Soak => {}
        }
        let driver = Driver::start(language, &Surroundings::default()).await?;
        match self {
            Self::Faults => {
                matrix::run(&driver, sizes, table).await;
            }
            Self::Random => random::run(&driver, sizes, table).await,
            Self::Limits => limits::run(&driver, table).await,
            _ => soak::run(&driver, sizes, table).await,
        }
        hosts::orderly_end(&driver, table).await;
        Ok(())
    }
}
