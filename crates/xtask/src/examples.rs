//! The examples of a README as they are printed: each becomes a file, which the tests of the language compile and run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A block of code.
#[derive(Debug, PartialEq)]
pub(crate) struct Example {
    pub(crate) language: String,
    pub(crate) code: String,
}

/// The blocks in these languages, in their order.
pub(crate) fn read(page: &Path, languages: &[&str]) -> Result<Vec<Example>, String> {
    let text = fs::read_to_string(page).map_err(|why| format!("{}: {why}", page.display()))?;
    Ok(examples(&text, languages))
}

fn examples(page: &str, languages: &[&str]) -> Vec<Example> {
    let mut found = Vec::new();
    let mut lines = page.split_inclusive('\n');
    while let Some(line) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            continue;
        };
        let code = lines.by_ref().take_while(|line| line.trim_end() != "```");
        let example = Example {
            code: code.collect(),
            language: language.trim_end().to_owned(),
        };
        if languages.contains(&&*example.language) {
            found.push(example);
        }
    }
    found
}

/// Writes files below a folder of their own, each only if it has changed, and removes all others.
pub(crate) fn write(folder: &Path, files: &BTreeMap<String, String>) -> Result<(), String> {
    remove_others(folder, folder, files)?;
    for (name, code) in files {
        let file = folder.join(name);
        if fs::read_to_string(&file).is_ok_and(|old| old == *code) {
            continue;
        }
        let failed = |why: std::io::Error| format!("{}: {why}", file.display());
        fs::create_dir_all(file.parent().unwrap_or(folder)).map_err(failed)?;
        fs::write(&file, code).map_err(failed)?;
    }
    Ok(())
}

fn remove_others(
    root: &Path,
    folder: &Path,
    files: &BTreeMap<String, String>,
) -> Result<(), String> {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy();
        if path.is_dir() {
            remove_others(root, &path, files)?;
        } else if !files.contains_key(&*name) {
            fs::remove_file(&path).map_err(|why| format!("{}: {why}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_the_wanted_languages_are_taken_word_for_word() {
        let page = "# A\n```swift\nlet a = 1\n\n  a\n```\ntext\n```console\n$ b\n```\n```kotlin\nval c\n```\n";
        let example = |language: &str, code: &str| Example {
            language: language.to_owned(),
            code: code.to_owned(),
        };
        assert_eq!(
            examples(page, &["swift", "kotlin"]),
            [
                example("swift", "let a = 1\n\n  a\n"),
                example("kotlin", "val c\n")
            ]
        );
    }
}
