//! The mutations, as cargo-mutants lists them.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// A mistake that can be made in a source file.
pub(crate) struct Mutation {
    /// Describes it, and has the file, the line and the column.
    pub(crate) name: String,
    pub(crate) package: String,
    pub(crate) file: String,
    /// `FnValue`, `BinaryOperator` and others.
    pub(crate) genre: String,
    /// Where the text begins that it replaces: the line and the column, both from 1.
    pub(crate) start: (usize, usize),
    pub(crate) replacement: String,
    /// The type that the function around it returns.
    pub(crate) returns: String,
}

impl Mutation {
    fn read(listed: &Value) -> Option<Self> {
        let text = |name: &str| Some(listed[name].as_str()?.to_owned());
        let start = |name: &str| usize::try_from(listed["span"]["start"][name].as_u64()?).ok();
        let returns = listed["function"]["return_type"].as_str();
        Some(Self {
            name: text("name")?,
            package: text("package")?,
            file: text("file")?,
            genre: text("genre")?,
            start: (start("line")?, start("column")?),
            replacement: text("replacement")?,
            returns: returns.unwrap_or_default().to_owned(),
        })
    }
}

/// The mutations of these files, or of all files that are configured. cargo-mutants itself would add one to the other.
pub(crate) fn list(
    program: &str,
    root: &Path,
    files: &[String],
    configured: &toml::Table,
) -> Result<Vec<Mutation>, String> {
    let failed = |why: &dyn std::fmt::Display| format!("{program}: {why}");
    let files = match files {
        [] => texts(configured, "examine_globs"),
        files => files.to_owned(),
    };
    let mut command = Command::new(program);
    let list = ["mutants", "--list", "--json", "--workspace", "--no-config"];
    command.current_dir(root).args(list);
    for (option, values) in [
        ("--file", files),
        ("--exclude", texts(configured, "exclude_globs")),
        ("--exclude-re", texts(configured, "exclude_re")),
    ] {
        for value in values {
            command.args([option, &value]);
        }
    }
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|why| failed(&why))?;
    if !output.status.success() {
        return Err(failed(&output.status));
    }
    let listed: Vec<Value> = serde_json::from_slice(&output.stdout).map_err(|why| failed(&why))?;
    let read = listed.iter().map(Mutation::read);
    read.collect::<Option<_>>()
        .ok_or_else(|| failed(&"the list has another format than expected"))
}

/// An array of texts in the configuration.
pub(crate) fn texts(configured: &toml::Table, name: &str) -> Vec<String> {
    let values = configured.get(name).and_then(toml::Value::as_array);
    let texts = values.into_iter().flatten().filter_map(|it| it.as_str());
    texts.map(str::to_owned).collect()
}
