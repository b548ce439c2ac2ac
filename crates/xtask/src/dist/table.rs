//! What was made: the table, and the sums.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::output;

/// One file that is given to others.
pub(super) struct Row {
    pub(super) file: PathBuf,
    pub(super) platform: String,
    /// `built, ran`, or why it did not run.
    pub(super) state: String,
}

/// Prints the rows, with each file's size.
pub(super) fn print(rows: &[Row], folder: &Path) {
    let mut lines = vec![["file", "platform", "bytes", "state"].map(str::to_owned)];
    for row in rows {
        let size = fs::metadata(&row.file).map_or(0, |file| file.len());
        let name = row.file.strip_prefix(folder).unwrap_or(&row.file);
        lines.push([
            name.display().to_string(),
            row.platform.clone(),
            grouped(size),
            row.state.clone(),
        ]);
    }
    let widths = [0, 1, 2].map(|column| {
        let cells = lines.iter().map(|line| line[column].chars().count());
        cells.max().unwrap_or(0)
    });
    for [file, platform, size, state] in &lines {
        println!(
            "{file:0$}  {platform:1$}  {size:>2$}  {state}",
            widths[0], widths[1], widths[2]
        );
    }
}

/// 1234567 as 1,234,567.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes SHA256SUMS of every file in the folder, in the form that `sha256sum --check` reads.
pub(super) fn sums(folder: &Path) -> Result<(), String> {
    let mut files = Vec::new();
    every_file(folder, &mut files)?;
    let names = files
        .iter()
        .filter_map(|file| file.strip_prefix(folder).ok());
    let mut names: Vec<_> = names
        .filter(|name| *name != Path::new("SHA256SUMS"))
        .collect();
    names.sort();
    let (program, arguments): (_, &[&str]) = match cfg!(target_os = "linux") {
        true => ("sha256sum", &["--"]),
        false => ("shasum", &["--algorithm", "256", "--"]),
    };
    let said = output(
        Command::new(program)
            .current_dir(folder)
            .args(arguments)
            .args(names),
    )?;
    let path = folder.join("SHA256SUMS");
    fs::write(&path, said).map_err(|why| format!("{}: {why}", path.display()))
}

pub(crate) fn every_file(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let failed = |why: std::io::Error| format!("{}: {why}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        match path.is_dir() && !path.is_symlink() {
            true => every_file(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn a_number_has_groups_of_three_digits() {
        assert_eq!(
            [0, 999, 1000, 1234567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
