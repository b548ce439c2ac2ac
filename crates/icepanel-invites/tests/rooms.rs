//! The files of each crate import each other in one direction, and the rooms of the client as the table
//! in ARCHITECTURE.md says.

#![allow(clippy::expect_used, reason = "a file that is not there ends the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A crate's modules by path (`roster::plan`; empty for the root), and what each of them names.
struct Modules {
    files: BTreeMap<String, PathBuf>,
    imports: BTreeMap<String, BTreeSet<String>>,
}

impl Modules {
    fn of(folder: &Path) -> Self {
        let mut files = BTreeMap::new();
        collect(folder, "", &mut files);
        let read = |file: &PathBuf| code(&fs::read_to_string(file).expect("a source file"));
        let named = files
            .iter()
            .map(|(module, file)| (module, paths(&read(file))));
        let named: BTreeMap<&String, Paths> = named.collect();
        let resolve = |module: &str, path: &str| {
            let (target, item) = resolve(&files, module, path)?;
            // What a module only hands on is imported from where it is.
            let handed_on = named[&target].handed_on.iter().find_map(|path| {
                let (stem, last) = path.rsplit_once("::")?;
                (Some(last) == item.as_deref()).then(|| resolve(&files, &target, stem))?
            });
            Some(handed_on.map_or(target, |(target, _)| target))
        };
        let imports = named.iter().map(|(module, paths)| {
            let targets = paths.used.iter().filter_map(|path| resolve(module, path));
            let others = targets.filter(|target| target != *module);
            ((*module).clone(), others.collect())
        });
        let imports = imports.collect();
        Self { files, imports }
    }

    /// A way from a module back to itself.
    fn circle(&self) -> Option<Vec<&str>> {
        let mut done = BTreeSet::new();
        self.files
            .keys()
            .find_map(|module| self.circle_from(module, &mut Vec::new(), &mut done))
    }

    fn circle_from<'a>(
        &'a self,
        module: &'a str,
        way: &mut Vec<&'a str>,
        done: &mut BTreeSet<&'a str>,
    ) -> Option<Vec<&'a str>> {
        if let Some(at) = way.iter().position(|before| *before == module) {
            let mut circle = way[at..].to_vec();
            circle.push(module);
            return Some(circle);
        }
        if !done.contains(module) {
            way.push(module);
            for next in &self.imports[module] {
                if let Some(circle) = self.circle_from(next, way, done) {
                    return Some(circle);
                }
            }
            way.pop();
            done.insert(module);
        }
        None
    }
}

fn collect(folder: &Path, module: &str, files: &mut BTreeMap<String, PathBuf>) {
    for entry in fs::read_dir(folder).expect("a source folder").flatten() {
        let path = entry.path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let inside = match module {
            "" => name.clone(),
            module => format!("{module}::{name}"),
        };
        if path.is_dir() {
            collect(&path, &inside, files);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            match name.as_str() {
                "lib" | "mod" => files.insert(module.to_owned(), path),
                // The program is outside: it uses the library.
                "main" => None,
                _ => files.insert(inside, path),
            };
        }
    }
}

/// The code of a file without comments, texts and tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let line = |line: &str| {
        let line = line.split("//").next().unwrap_or_default();
        let outside = line.split('"').step_by(2);
        outside.collect::<Vec<_>>().join("\"\"")
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The paths in a file.
#[derive(Default)]
struct Paths {
    /// Those of `use` with their braces resolved, and those in the code.
    used: BTreeSet<String>,
    /// Those of `pub use`.
    handed_on: BTreeSet<String>,
}

fn paths(text: &str) -> Paths {
    let mut found = Paths::default();
    let (mut code, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("use ") {
        let before = &rest[..at];
        code.push_str(before);
        let Some(length) = rest[at..].find(';') else {
            break;
        };
        let public = before.ends_with("pub ") || before.ends_with("pub(crate) ");
        if public {
            expand("", &rest[at + 4..at + length], &mut found.handed_on);
        } else if before.is_empty() || before.ends_with(['\n', ' ']) {
            expand("", &rest[at + 4..at + length], &mut found.used);
        }
        rest = &rest[at + length..];
    }
    code.push_str(rest);
    let name = |sign: char| sign.is_alphanumeric() || sign == '_' || sign == ':';
    for word in code.split(|sign| !name(sign)) {
        if word.contains("::") {
            found.used.insert(word.trim_matches(':').to_owned());
        }
    }
    found
}

fn expand(before: &str, tree: &str, found: &mut BTreeSet<String>) {
    let tree = tree.trim();
    match tree.split_once('{') {
        Some((stem, inside)) => {
            let inside = inside.rsplit_once('}').map_or(inside, |(inside, _)| inside);
            let (mut depth, mut start) = (0, 0);
            for (at, sign) in inside.char_indices().chain([(inside.len(), ',')]) {
                match sign {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        let part = inside.get(start..at).unwrap_or_default();
                        expand(&format!("{before}{}", stem.trim()), part, found);
                        start = at + 1;
                    }
                    _ => {}
                }
            }
        }
        None if tree.is_empty() => {}
        None => {
            let name = tree.split_whitespace().next().unwrap_or_default();
            let path = format!("{before}{name}");
            found.insert(path.trim_end_matches("::self").to_owned());
        }
    }
}

/// The module that a path names, as it is written in another module: the longest part of it that is one. And what it
/// names in there.
fn resolve(
    files: &BTreeMap<String, PathBuf>,
    from: &str,
    path: &str,
) -> Option<(String, Option<String>)> {
    let mut segments: Vec<&str> = path.split("::").collect();
    let mut base: Vec<&str> = from.split("::").filter(|name| !name.is_empty()).collect();
    match segments[0] {
        "crate" => {
            base.clear();
            segments.remove(0);
        }
        "self" => {
            segments.remove(0);
        }
        "super" => {
            while segments.first() == Some(&"super") {
                base.pop();
                segments.remove(0);
            }
        }
        // A module below this one, or another crate, a type, a function.
        first => {
            let child = [base.as_slice(), &[first]].concat().join("::");
            if !files.contains_key(&child) {
                return None;
            }
        }
    }
    let whole = [base, segments].concat();
    let length = (0..=whole.len())
        .rev()
        .find(|length| files.contains_key(&whole[..*length].join("::")))?;
    let item = whole.get(length).map(|item| (*item).to_owned());
    Some((whole[..length].join("::"), item))
}

fn source(of: &str) -> PathBuf {
    Path::new(ROOT).join(of).join("src")
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut circles = Vec::new();
    for package in [
        "crates/icepanel-invites",
        "crates/icepanel-sandbox",
        "crates/icepanel-cli",
        "bindings/pyo3",
        "bindings/napi",
        "bindings/uniffi",
    ] {
        let mut modules = Modules::of(&source(package));
        assert!(modules.files.len() > 4, "{package} has few files");
        let arrows: usize = modules.imports.values().map(BTreeSet::len).sum();
        assert!(
            arrows >= modules.files.len() / 2,
            "{package}: {arrows} arrows"
        );

        while let Some(circle) = modules.circle() {
            let circle: Vec<String> = circle.into_iter().map(str::to_owned).collect();
            circles.push(format!("{package}: {}", circle.join(" -> ")));
            // Further ones are found without the last arrow.
            let [.., from, to] = circle.as_slice() else {
                break;
            };
            if let Some(imports) = modules.imports.get_mut(from) {
                imports.remove(to);
            }
        }
    }
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

/// The rooms of the table, each with those that it may import.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md")).expect("the page");
    let (_, table) = text
        .split_once("| room | holds | may import |")
        .expect("the table");
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let room = |cell: &str| {
        cell.trim()
            .trim_matches('`')
            .trim_end_matches('/')
            .to_owned()
    };
    let cells = |row: &str| {
        row.trim_matches('|')
            .split('|')
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let mut rooms = BTreeMap::new();
    for row in rows {
        let cells = cells(row);
        let may = cells[2]
            .split(',')
            .map(room)
            .filter(|room| room != "nothing");
        rooms.insert(
            room(cells[0].split(':').next().unwrap_or_default()),
            may.collect(),
        );
    }
    rooms
}

#[test]
fn the_rooms_import_what_the_table_allows() {
    let modules = Modules::of(&source("crates/icepanel-invites"));
    let table = table();
    let room = |module: &str| {
        let first = module.split("::").next().unwrap_or_default();
        match table.contains_key(first) {
            true => first.to_owned(),
            false => "base".to_owned(),
        }
    };
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (module, imports) in modules
        .imports
        .iter()
        .filter(|(module, _)| !module.is_empty())
    {
        let from = room(module);
        for import in imports {
            let to = room(import);
            if from != to && !table[&from].contains(&to) {
                wrong.push(format!("{module} imports {import}"));
            }
            // Within a room the file is named, so that a circle of files is seen.
            if from == to && table.contains_key(import) {
                wrong.push(format!("{module} imports {import} and not the file in it"));
            }
            seen.insert((from.clone(), to));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (room, may) in table {
        for other in may {
            let unused = !seen.contains(&(room.clone(), other.clone()));
            assert!(
                !unused,
                "{room} does not import {other}, which the table allows"
            );
        }
    }
}

#[test]
fn beside_the_library_there_are_ten_entries_at_most() {
    let entries = fs::read_dir(source("crates/icepanel-invites")).expect("the folder");
    let entries = entries
        .flatten()
        .filter(|entry| entry.file_name() != "lib.rs")
        .count();
    assert!(entries <= 10, "{entries}");
}

#[test]
fn what_is_found_in_a_file() {
    let text = code(
        "use crate::a::{self, b::{C, d}};\nuse super::e::F; // use crate::no;\nfn x() { crate::g::h(\"crate::text\") }\n#[cfg(test)]\nuse crate::test;",
    );
    let found = paths(&text).used;
    let expected = [
        "crate::a",
        "crate::a::b::C",
        "crate::a::b::d",
        "crate::g::h",
        "super::e::F",
    ];
    for path in expected {
        assert!(found.iter().any(|found| found == path), "{path}: {found:?}");
    }
    assert!(
        !found
            .iter()
            .any(|path| path.contains("crate::no") || path.contains("crate::te")),
        "{found:?}"
    );
}
