//! Makes deliberate mistakes in the code, and runs the tests against each: tests/prove/MUTATIONS.md. All mistakes are
//! compiled at once, each behind a switch.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints"
)]

mod build;
mod copy;
mod list;
mod results;
mod run;
mod switch;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::ScopedJoinHandle;
use std::time::Instant;

use build::Fault;
use copy::Sources;
use list::Mutation;
use results::{Results, UNVIABLE, WITHOUT_SWITCH};
use run::Program;
use switch::Numbered;

const USAGE: &str = "mutants CARGO_MUTANTS FOLDER [--file GLOB]… [--sample N] [--seed S] [--jobs N] [--again] [--all-tests]";

/// The package that `.cargo/mutants.toml` names the tests of. The others run all of theirs, and this one with `--all-tests`.
const CORE: &str = "icepanel-invites";

struct Options {
    /// The program cargo-mutants.
    program: String,
    /// For the copy, the build and the results.
    work: PathBuf,
    files: Vec<String>,
    sample: Option<usize>,
    seed: u64,
    jobs: usize,
    again: bool,
    all_tests: bool,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut options = Self {
            program: arguments.next()?,
            work: arguments.next()?.into(),
            files: Vec::new(),
            sample: None,
            seed: fastrand::u64(..1_000_000),
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            again: false,
            all_tests: false,
        };
        while let Some(argument) = arguments.next() {
            match &*argument {
                "--file" => options.files.push(arguments.next()?),
                "--sample" => options.sample = Some(arguments.next()?.parse().ok()?),
                "--seed" => options.seed = arguments.next()?.parse().ok()?,
                "--jobs" => options.jobs = arguments.next()?.parse::<NonZero<_>>().ok()?.get(),
                "--again" => options.again = true,
                "--all-tests" => options.all_tests = true,
                _ => return None,
            }
        }
        Some(options)
    }
}

fn main() -> ExitCode {
    let Some(options) = Options::read(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match mutate(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn mutate(options: &Options) -> Result<(), String> {
    let started = Instant::now();
    let root = std::env::current_dir().map_err(|why| why.to_string())?;
    let sources = Sources::read(&root)?;
    let configured: toml::Table = toml::from_str(sources.text(".cargo/mutants.toml")?)
        .map_err(|why| format!("mutants.toml: {why}"))?;
    let mut mutations = list::list(&options.program, &root, &options.files, &configured)?;
    if let Some(sample) = options.sample {
        println!(
            "-- {sample} of {}, --seed {}",
            mutations.len(),
            options.seed
        );
        fastrand::Rng::with_seed(options.seed).shuffle(&mut mutations);
        mutations.truncate(sample);
    }
    mutations.sort_by(|one, other| (&one.file, one.start).cmp(&(&other.file, other.start)));
    fs::create_dir_all(&options.work).map_err(|why| why.to_string())?;
    let results = options.work.join("results");
    let mut results = Results::open(&results, &sources.hash(), options.again)?;
    let packages: BTreeSet<&str> = mutations.iter().map(|it| &*it.package).collect();
    let task = Task {
        options,
        sources: &sources,
        configured: &configured,
        mutations: &mutations,
    };
    packages
        .into_iter()
        .try_for_each(|it| task.run(it, &mut results))?;
    results.print(&mutations);
    println!("-- {} s", started.elapsed().as_secs());
    Ok(())
}

struct Task<'a> {
    options: &'a Options,
    sources: &'a Sources,
    configured: &'a toml::Table,
    mutations: &'a [Mutation],
}

impl Task<'_> {
    /// Runs the mutations of a package that have no result yet.
    fn run(&self, package: &str, results: &mut Results) -> Result<(), String> {
        let is_open = |results: &Results, number: &usize| {
            let mutation = &self.mutations[*number];
            mutation.package == package && results.of(mutation).is_none()
        };
        let all = 0..self.mutations.len();
        if !all.clone().any(|number| is_open(results, &number)) {
            return Ok(());
        }
        let mut programs = self.build(package, results)?;
        // What is fast may notice it first.
        programs.sort_by_key(Program::limit);
        let open: Vec<usize> = all.filter(|number| is_open(results, number)).collect();
        let next = Mutex::new(open.iter());
        let results = Mutex::new(results);
        let take = || lock(&next).next().copied();
        let work = || {
            while let Some(number) = take() {
                let mutation = &self.mutations[number];
                let tests = lock(&results).tests(&mutation.file);
                let (what, by) = run::outcome(&programs, number, &tests)?;
                lock(&results).add(mutation, what, &by)?;
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..self.options.jobs).map(|_| scope.spawn(work)).collect();
            let mut ended = workers.into_iter().map(ScopedJoinHandle::join);
            ended.try_for_each(|it| it.unwrap_or_else(|_| Err("a thread has panicked".to_owned())))
        })
    }

    /// Takes out what does not compile until the tests compile, and runs each program without a mutation.
    fn build(&self, package: &str, results: &mut Results) -> Result<Vec<Program>, String> {
        let tests = match package {
            CORE if !self.options.all_tests => {
                list::texts(self.configured, "additional_cargo_test_args")
            }
            _ => ["--lib", "--bins", "--tests"].map(Into::into).into(),
        };
        let built = loop {
            let copy = self.switch(results)?;
            println!("-- {package} is compiled");
            match build::build(&copy, package, &tests, self.options.jobs)? {
                Ok(built) => break built,
                Err(faults) => self.take_out(&faults, results)?,
            }
        };
        let multiplier = self.configured.get("timeout_multiplier");
        let multiplier = multiplier.and_then(toml::Value::as_float).unwrap_or(4.0);
        let measured = built
            .into_iter()
            .map(|it| Program::measure(it, &self.options.work, multiplier));
        measured.collect()
    }

    fn take_out(&self, faults: &[Fault], results: &mut Results) -> Result<(), String> {
        for fault in faults {
            let mutation = &self.mutations[fault.number];
            let what = match fault.of_switch {
                true => WITHOUT_SWITCH,
                false => UNVIABLE,
            };
            if results.of(mutation) != Some(what) {
                results.add(mutation, what, "")?;
            }
        }
        Ok(())
    }

    /// Writes the copy, with a switch for each mutation that can have one.
    fn switch(&self, results: &mut Results) -> Result<PathBuf, String> {
        let mut of_file: BTreeMap<&str, Vec<Numbered<'_>>> = BTreeMap::new();
        for (number, mutation) in self.mutations.iter().enumerate() {
            let numbered = of_file.entry(&mutation.file).or_default();
            if !matches!(results.of(mutation), Some(UNVIABLE | WITHOUT_SWITCH)) {
                numbered.push((number, mutation));
            }
        }
        let mut changed = HashMap::new();
        for (file, numbered) in of_file {
            let (text, left) = switch::switch(self.sources.text(file)?, &numbered)
                .map_err(|why| format!("{file}: {why}"))?;
            changed.insert(file.to_owned(), text);
            for mutation in left.into_iter().map(|number| &self.mutations[number]) {
                // An operator without a switch is beside a `let`, where `||` does not compile.
                let what = match mutation.genre == "BinaryOperator" {
                    true => UNVIABLE,
                    false => WITHOUT_SWITCH,
                };
                results.add(mutation, what, "")?;
            }
        }
        let copy = self.options.work.join("source");
        self.sources.copy(&copy, &changed)?;
        Ok(copy)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
