//! The Markdown pages: links lead somewhere, the README is short, the words are those of the field, and the pages on errors
//! and on the files of the client agree with the code.
#![allow(
    clippy::panic,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

#[path = "markdown/errors.rs"]
mod errors;
#[path = "markdown/files.rs"]
mod files;
#[path = "markdown/page.rs"]
mod page;
#[path = "markdown/sources.rs"]
mod sources;
#[path = "markdown/words.rs"]
mod words;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use page::Page;

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("a root").to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// Fails with all that is wrong.
#[track_caller]
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn each_link_between_files_leads_to_a_file_and_a_heading() {
    let pages = page::all(&root());
    assert!(pages.len() > 30, "{} pages", pages.len());
    let headings: BTreeMap<&Path, Vec<String>> = pages
        .iter()
        .map(|page| (page.path.as_path(), page.headings()))
        .collect();
    let mut wrong = Vec::new();
    let mut links = 0;
    for page in &pages {
        for (line, link) in page.links() {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            links += 1;
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => page.path.clone(),
                file => page.beside(file),
            };
            let found = root().join(&target).exists();
            let known = headings.get(target.as_path());
            let headed = |known: &Vec<String>| known.iter().any(|known| known == heading);
            if !found || !heading.is_empty() && !known.is_some_and(headed) {
                wrong.push(format!(
                    "{}:{line}: {link} leads nowhere",
                    page.path.display()
                ));
            }
        }
    }
    assert!(links > 80, "{links} links");
    none(&wrong);
}

/// The examples of the pages are run by the tests of their languages.
#[test]
fn each_call_in_the_readme_is_in_an_example_of_its_language() {
    // Line breaks do not count, nor does the comma that a call over several lines ends with.
    let bare = |text: &str| -> String {
        let text: String = text.chars().filter(|one| !one.is_whitespace()).collect();
        text.replace("//!", "").replace(",}", "}")
    };
    let readme = read("README.md");
    let (_, table) = readme.split_once("| language | call |").expect("a table");
    let mut wrong = Vec::new();
    let mut calls = 0;
    for row in table.lines().skip(2).take_while(|row| row.starts_with('|')) {
        let page = row.split(['(', ')']).nth(1).unwrap_or_default();
        let call = row.split('`').nth(1).unwrap_or_default();
        if call.starts_with("icepanel-invites ") {
            continue;
        }
        calls += 1;
        if call.is_empty() || !bare(&read(page)).contains(&bare(call)) {
            wrong.push(format!("{page} has no example with {call}"));
        }
    }
    assert_eq!(calls, 5);
    none(&wrong);
}

#[test]
fn links_and_headings_are_found() {
    let page = Page::new(
        "docs/a.md",
        "# Why `so`?\n[b](../b.md#c), `[no](no.md)`\n```md\n[no](no.md)\n```\n[up](../../x.md)",
    );
    let links = [(2, "../b.md#c".to_owned()), (6, "../../x.md".to_owned())];
    assert_eq!(page.links(), links);
    assert_eq!(page.headings(), ["why-so"]);
    assert_eq!(page.beside("../b.md"), Path::new("b.md"));
    assert_eq!(page.beside("../../x.md"), Path::new("../x.md"));
}

#[test]
fn the_readme_is_short_and_shows_how_to_test() {
    let readme = read("README.md");
    let lines = readme.lines().count();
    assert!(
        lines <= 120,
        "the README has {lines} lines; 120 are the most"
    );
    for command in ["$ cargo xtask setup", "$ cargo xtask test"] {
        assert!(readme.contains(command), "no {command}");
    }
}

/// The table with one call for each language has calls that its package's page or documentation has as well, where they
/// are compiled.
#[test]
fn the_calls_in_the_readme_are_those_of_the_packages() {
    let squeezed = |text: &str| {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        text.replace(",}", "}")
    };
    let readme = read("README.md");
    let (_, table) = readme.split_once("| language | call |").expect("the table");
    let rows = table.lines().skip(2).take_while(|row| row.starts_with('|'));
    let mut seen = 0;
    for row in rows.filter(|row| row.contains("client.ensure(")) {
        let (_, link) = row.split_once("](").expect("a link");
        let (link, _) = link.split_once(')').expect("a link");
        let (_, call) = row.split_once("client.ensure(").expect("a call");
        let (argument, _) = call.rsplit_once(')').expect("a call");
        let argument = squeezed(argument.trim_start_matches('&'));
        assert!(
            squeezed(&read(link)).contains(&argument),
            "{link} has no {argument}"
        );
        seen += 1;
    }
    assert_eq!(seen, 5);
}

#[test]
fn the_prose_has_the_words_of_the_field() {
    let wrong: Vec<String> = page::all(&root()).iter().flat_map(words::misused).collect();
    none(&wrong);
}

#[test]
fn a_word_that_is_not_for_prose_is_found() {
    let page = Page::new(
        "a.md",
        "What became\nof it.\n```text\ntold\n```\nNot `told`, [x](told.md), retold; Told, *kept*.",
    );
    let found = words::misused(&page);
    assert_eq!(found.len(), 3, "{found:#?}");
    for (found, wanted) in found.iter().zip(["a.md:1", "a.md:6", "a.md:6"]) {
        assert!(found.starts_with(wanted), "{found}");
    }
}

/// Comments, documentation in every language, messages, names of tests, titles of scenarios.
#[test]
fn the_sources_have_the_words_of_the_field() {
    let prose = sources::prose(&root());
    assert!(prose.len() > 5_000, "{} texts", prose.len());
    none(&words::misused_in(&prose));
}

#[test]
fn a_word_that_is_not_for_the_sources_is_found() {
    let found = |path: &str, text: &str| {
        let found = words::misused_in(&sources::of_source(Path::new(path), text));
        let line = |found: &String| found.split(':').nth(1).map(str::to_owned);
        found.iter().filter_map(line).collect::<Vec<_>>().join(" ")
    };
    let rust = "// retold `told`\n/// What became\n/// of it.\nlet told = ['\"', '\\''];\nx(\"told\", \"as\\\" told\", r#\"\"told off\"#);\n";
    assert_eq!(found("a.rs", rust), "1 5 5");
    assert_eq!(
        found(
            "a.rs",
            "/// ```\n/// told()\n/// ```\n/// as told\nfn as_told() {}"
        ),
        "1 5"
    );
    assert_eq!(
        found(
            "a.rs",
            "/// told\nfn a() { \"a rival's b\" }\n// kept\nlet a = \"it is kept\";"
        ),
        "1 3"
    );
    let python =
        "\"\"\"Sentence.\n\n    It is told.\n\"\"\"\nx = 'it is told' # it is told\ny = '#'\n";
    assert_eq!(found("a.py", python), "1 5 5");
    assert_eq!(
        found("a.ts", "/** told */ it('is told', `it ${told}`)\n"),
        "1 1 1"
    );
    assert_eq!(
        found(
            "A.kt",
            "fun `it is told`() {}\nfun isTold() {}\nval a = \"\"\"he\nis told\"\"\""
        ),
        "1 2 3"
    );
    assert_eq!(found("A.swift", "/// Is told.\nfunc isTold() {}\n"), "1 2");
    assert_eq!(found("a.toml", "a = \"told x\" # told\n"), "1");
}

/// What is in `code` and looks like a file: `engine/call.rs`.
#[test]
fn the_files_that_newcomers_are_sent_to_are_there() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for name in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let page = Page::new(name, &read(name));
        for (line, code) in page.code() {
            let is_file = code.ends_with(".rs") || code.ends_with(".md") || code.ends_with('/');
            let plain = code
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
            if !is_file || !plain || !code.contains('/') {
                continue;
            }
            seen += 1;
            let places = ["", "crates/icepanel-invites/src"];
            if !places
                .iter()
                .any(|place| root().join(place).join(&code).exists())
            {
                wrong.push(format!("{name}:{line}: there is no {code}"));
            }
        }
    }
    assert!(seen > 20, "{seen} files");
    none(&wrong);
}

#[test]
fn the_page_on_errors_has_every_kind_as_each_language_spells_it() {
    let page = read("crates/icepanel-invites/docs/errors.md");
    assert_eq!(errors::spelled_on(&page), errors::spelled_in_code());
}

#[test]
fn the_page_on_errors_says_which_kinds_are_retryable() {
    let page = read("crates/icepanel-invites/docs/errors.md");
    assert_eq!(errors::retryable_on(&page), errors::retryable_in_code());
}
