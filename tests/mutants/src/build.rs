//! Compiles the tests of the copy, and finds the mutations that do not compile.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::switch::marks;

/// What the compiler reports about a mutation.
pub(crate) struct Fault {
    pub(crate) number: usize,
    /// Whether the switch is at fault, not the mutation.
    pub(crate) of_switch: bool,
}

/// A test program.
pub(crate) struct Built {
    pub(crate) name: String,
    pub(crate) file: PathBuf,
    /// The folder of its crate, in which it runs.
    pub(crate) folder: PathBuf,
}

/// The test programs of a package, or the mutations that have to be taken out first.
pub(crate) fn build(
    source: &Path,
    package: &str,
    targets: &[String],
    jobs: usize,
) -> Result<Result<Vec<Built>, Vec<Fault>>, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(source)
        .args(["test", "--quiet", "--no-run", "--message-format=json"])
        .args(["--jobs", &jobs.to_string(), "--package", package])
        .args(targets)
        .arg("--target-dir")
        .arg(source.with_file_name("build"));
    let output = command.output().map_err(|why| format!("cargo: {why}"))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let messages: Vec<Value> = printed
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    if output.status.success() {
        return Ok(Ok(messages.iter().filter_map(program).collect()));
    }
    let errors = messages.iter().map(|it| &it["message"]);
    let mut faults = Vec::new();
    let mut others = String::from_utf8_lossy(&output.stderr).into_owned();
    for error in errors.filter(|it| it["level"] == "error") {
        let found = faults_of(source, error);
        if found.is_empty() {
            others += error["rendered"].as_str().unwrap_or_default();
        }
        faults.extend(found);
    }
    match faults.is_empty() {
        true => Err(format!("the copy does not compile: {others}")),
        false => Ok(Err(faults)),
    }
}

/// Reads a message of cargo's.
fn program(message: &Value) -> Option<Built> {
    let file = message["executable"].as_str()?;
    let is_test = message["profile"]["test"] == true;
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?;
    is_test.then_some(Built {
        name: message["target"]["name"].as_str()?.to_owned(),
        file: file.into(),
        folder: folder.to_owned(),
    })
}

fn faults_of(source: &Path, error: &Value) -> Vec<Fault> {
    let mut spans: Vec<&Value> = error["spans"].as_array().into_iter().flatten().collect();
    spans.sort_by_key(|span| span["is_primary"] != true);
    for span in spans {
        let offset = |name: &str| span[name].as_u64().and_then(|at| usize::try_from(at).ok());
        let file = source.join(span["file_name"].as_str().unwrap_or_default());
        if let Ok(text) = std::fs::read_to_string(file)
            && let Some((start, end)) = offset("byte_start").zip(offset("byte_end"))
        {
            let (numbers, inside) = blamed(&text, start..end);
            let is_constant = error["code"]["code"] == "E0015";
            let fault = |number| Fault {
                number,
                of_switch: !inside || is_constant,
            };
            if !numbers.is_empty() {
                return numbers.into_iter().map(fault).collect();
            }
        }
    }
    Vec::new()
}

/// The mutations that an error may be about, and whether it is in the text of one of them: otherwise around it.
fn blamed(text: &str, error: Range<usize>) -> (Vec<usize>, bool) {
    let marks = marks(text);
    let around = marks.iter().filter(|(_, it)| it.contains(&error.start));
    if let Some((number, _)) = around.min_by_key(|(_, it)| it.len()) {
        return (vec![*number], true);
    }
    let inside = |it: &&(usize, Range<usize>)| error.contains(&it.1.start);
    let numbers = marks.iter().filter(inside).map(|(number, _)| *number);
    (numbers.collect(), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_about_the_innermost_mutation_around_it_or_those_inside() {
        let text = "a /*<1>*/b /*<2>*/c/*</2>*//*</1>*/ d";
        let at = |part: &str| text.find(part).unwrap_or_default();
        let error = |part: &str| at(part)..at(part) + part.len();
        assert_eq!(blamed(text, error("c")), (vec![2], true));
        assert_eq!(blamed(text, error("b")), (vec![1], true));
        assert_eq!(blamed(text, error("d")), (vec![], false));
        assert_eq!(blamed(text, 0..text.len()), (vec![2, 1], false));
    }
}
