//! The results: a line for each mutation in a file, so that a run that was stopped goes on, and the table.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::list::Mutation;

/// The columns of the table. What has no switch is listed below it.
const COLUMNS: [&str; 4] = ["caught", "timed out", UNVIABLE, "survived"];
pub(crate) const UNVIABLE: &str = "unviable";
pub(crate) const WITHOUT_SWITCH: &str = "without a switch";

/// How many tests run alone, before the others: those that noticed the last mutations of the same file.
const LIKELY: usize = 6;

pub(crate) struct Results {
    file: File,
    found: HashMap<String, (String, String)>,
    /// The tests that noticed a mutation of a file, the last one at the end.
    tests: HashMap<String, Vec<String>>,
}

impl Results {
    /// Those of an earlier run are used if it had the same sources; with `again` without those that survived.
    pub(crate) fn open(path: &Path, sources: &str, again: bool) -> Result<Self, String> {
        let old = fs::read_to_string(path).unwrap_or_default();
        let is_same = old.lines().next() == Some(sources);
        let failed = |why: std::io::Error| format!("{}: {why}", path.display());
        if !is_same {
            fs::write(path, format!("{sources}\n")).map_err(failed)?;
        }
        let mut results = Self {
            file: File::options().append(true).open(path).map_err(failed)?,
            found: HashMap::new(),
            tests: HashMap::new(),
        };
        let lines = old.lines().skip(1).filter(|_| is_same);
        for line in lines.filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
            let text = |name: &str| line[name].as_str().unwrap_or_default();
            results.insert(text("mutation"), text("outcome"), text("by"));
        }
        results.found.retain(|_, it| !again || it.0 != "survived");
        Ok(results)
    }

    fn insert(&mut self, name: &str, what: &str, by: &str) {
        self.found
            .insert(name.to_owned(), (what.to_owned(), by.to_owned()));
        if what == "caught" {
            let file = name.split(':').next().unwrap_or_default();
            let tests = self.tests.entry(file.to_owned()).or_default();
            tests.retain(|test| test != by);
            tests.push(by.to_owned());
        }
    }

    /// The tests that are the most likely to notice a mutation of a file.
    pub(crate) fn tests(&self, file: &str) -> Vec<String> {
        let tests = self.tests.get(file).into_iter().flatten();
        tests.rev().take(LIKELY).cloned().collect()
    }

    pub(crate) fn of(&self, mutation: &Mutation) -> Option<&str> {
        Some(&self.found.get(&mutation.name)?.0)
    }

    pub(crate) fn add(&mut self, mutation: &Mutation, what: &str, by: &str) -> Result<(), String> {
        let name = &mutation.name;
        println!("{what}{}: {name}", detail(by));
        let line = json!({"mutation": name, "outcome": what, "by": by});
        writeln!(self.file, "{line}").map_err(|why| why.to_string())?;
        self.insert(name, what, by);
        Ok(())
    }

    /// Prints the table, and the mutations that survived or have no switch.
    pub(crate) fn print(&self, mutations: &[Mutation]) {
        let mut rows: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
        let mut all = [0; 4];
        for mutation in mutations {
            let outcome = self.of(mutation);
            let short = mutation.file.strip_prefix("crates/icepanel-invites/src/");
            let row = rows.entry(short.unwrap_or(&mutation.file)).or_default();
            if let Some(column) = COLUMNS.iter().position(|it| Some(*it) == outcome) {
                row[column] += 1;
                all[column] += 1;
            }
        }
        println!(
            "\n| file | {} |\n|---|---|---|---|---|",
            COLUMNS.join(" | ")
        );
        for (file, [caught, late, unviable, survived]) in rows {
            println!("| `{file}` | {caught} | {late} | {unviable} | {survived} |");
        }
        println!(
            "| **all** | {} |",
            all.map(|number| format!("**{number}**")).join(" | ")
        );
        for wanted in ["survived", WITHOUT_SWITCH] {
            for mutation in mutations.iter().filter(|it| self.of(it) == Some(wanted)) {
                let by = self.found.get(&mutation.name).map_or("", |it| &it.1);
                println!("{wanted}{}: {}", detail(by), mutation.name);
            }
        }
    }
}

fn detail(by: &str) -> String {
    match by {
        "" => String::new(),
        by => format!(" ({by})"),
    }
}
