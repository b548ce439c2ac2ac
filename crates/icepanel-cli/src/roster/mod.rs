//! A roster in a file: CSV, JSON or YAML. All problems are reported together, by line.

pub(crate) mod address;
mod columns;
mod csv;
mod encoding;
mod json;
mod lines;
mod options;
mod person;
mod quotes;
#[cfg(test)]
mod tests;
mod write;
mod yaml;

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use icepanel_invites::{Expiry, Plan, Roster};

use crate::errors::Failure;
pub(crate) use options::{Reading, permission};
pub(crate) use write::{Written, check_expiry, document, written};

/// A roster of a million people takes no more.
const LONGEST_FILE: u64 = 256 * 1024 * 1024;

const EMAIL: &str = "email";
const PERMISSION: &str = "permission";
const EXPIRES: &str = "expires";
const LANDSCAPES: &str = "landscapes";
const UNTIL: &str = "until";
const FIELDS: &[&str] = &[EMAIL, PERMISSION, EXPIRES, LANDSCAPES, UNTIL];

/// The prefix of a permission that this version does not know. Without it a typing mistake would be a permission.
const OTHER_PERMISSION: &str = "other:";

/// What is in a file.
pub(crate) enum Content {
    Roster(Roster),
    /// What `plan --output json` wrote.
    Plan(Box<Plan>),
}

/// A field of an entry.
enum Value {
    Text(String),
    /// Landscape ids, and yes or no.
    Map(Vec<(String, String)>),
    /// No field is one.
    List,
}

/// An entry of the file.
struct Entry {
    line: usize,
    fields: Vec<(Cow<'static, str>, Value)>,
}

/// A problem in a line.
struct Problem {
    line: usize,
    text: String,
}

impl Problem {
    fn new(line: usize, text: impl Into<String>) -> Self {
        Self {
            line,
            text: text.into(),
        }
    }
}

/// The entries, and the problems with the form of the others.
type Entries = (Vec<Entry>, Vec<Problem>);

/// Reads a file; `-` is the input. An entry without an expiry has `expires`.
pub(crate) fn read(path: &Path, expires: Expiry, reading: &Reading) -> Result<Content, Failure> {
    parse(path, bytes(path)?, expires, reading)
}

/// Reads what the file `path` has in it.
pub(crate) fn parse(
    path: &Path,
    bytes: Vec<u8>,
    expires: Expiry,
    reading: &Reading,
) -> Result<Content, Failure> {
    content(path, bytes, expires, reading).map_err(|problems| refuse(path, &problems))
}

fn content(
    path: &Path,
    bytes: Vec<u8>,
    expires: Expiry,
    reading: &Reading,
) -> Result<Content, Vec<Problem>> {
    let one = |problem| vec![problem];
    let mut file = encoding::text(bytes).map_err(one)?;
    if file.text.starts_with('\u{feff}') {
        file.text.remove(0);
    }
    let form = form(path, &file.text);
    // What is left of `dump > FILE` if that failed.
    if file.text.trim().is_empty() {
        return Err(one(Problem::new(1, "the file is empty")));
    }
    if !matches!(form, Form::Csv) {
        check(&file, reading).map_err(one)?;
    }
    let (entries, problems) = match form {
        Form::Csv => csv::entries(&file, reading),
        Form::Yaml => yaml::entries(&file.text),
        Form::Json if json::is_plan(&file.text) => {
            return json::plan(&file.text).map(Content::Plan).map_err(one);
        }
        Form::Json => json::entries(&file.text),
    };
    person::roster(entries, problems, expires, reading).map(Content::Roster)
}

/// Checks for JSON and YAML: they have no other encoding, and no columns.
fn check(file: &encoding::Text, reading: &Reading) -> Result<(), Problem> {
    if let (false, Some(at)) = (file.is_certain, file.text.find('\u{fffd}')) {
        let line = lines::line_at(&file.text, at);
        return Err(Problem::new(
            line,
            "the file is not UTF-8; save it as UTF-8",
        ));
    }
    if reading.is_for_csv() {
        let text = "the file is JSON or YAML, and --columns and --ignore-other-columns are for CSV; leave them out";
        return Err(Problem::new(1, text));
    }
    Ok(())
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = match path.as_os_str() == "-" {
        true => whole(std::io::stdin().lock(), LONGEST_FILE),
        false => File::open(path).and_then(|file| whole(file, LONGEST_FILE)),
    };
    read.map_err(|error| {
        Failure::usage(
            format!("{} cannot be read: {error}", path.display()),
            "Check the path, that the file is a roster, and that you may read it.",
        )
    })
}

/// The whole file. A longer file is rejected, because a part of a roster is another roster.
fn whole(file: impl Read, longest: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(longest.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > longest {
        let text = format!("it is longer than {} MiB", longest / (1024 * 1024));
        return Err(std::io::Error::other(text));
    }
    Ok(bytes)
}

enum Form {
    Csv,
    Json,
    Yaml,
}

/// By the name, otherwise by the first character.
fn form(path: &Path, text: &str) -> Form {
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    match (extension.as_deref(), text.trim_start().chars().next()) {
        (Some("csv"), _) => Form::Csv,
        (Some("json"), _) => Form::Json,
        (Some("yaml" | "yml"), _) => Form::Yaml,
        (_, Some('[' | '{')) => Form::Json,
        (_, Some('-' | '#')) => Form::Yaml,
        _ => Form::Csv,
    }
}

fn refuse(path: &Path, problems: &[Problem]) -> Failure {
    let lines = problems
        .iter()
        .map(|problem| format!("line {}: {}", problem.line, problem.text))
        .collect();
    let things = match problems.len() {
        1 => "1 problem".to_owned(),
        many => format!("{many} problems"),
    };
    Failure::Problems(
        format!("{}: {things}; nothing was sent", path.display()),
        lines,
        "Correct the file, or pass the options for reading it: see icepanel-invites help plan.",
    )
}

/// The names that occur more than once.
fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    let mut twice: Vec<&str> = names.filter(|name| !seen.insert(*name)).collect();
    twice.dedup();
    twice
}
