//! The page on errors, and what it is about in the code of each language.

use std::collections::{BTreeMap, BTreeSet};

use icepanel_invites::ErrorKind;

use crate::read;

/// For each kind its names in Rust, Python, Node, Kotlin and Swift, and its exit code.
pub(crate) type Spelled = BTreeMap<String, Vec<String>>;

/// The cells of the rows of the table under a header that begins so, without the marks of code.
fn table(page: &str, header: &str) -> Vec<Vec<String>> {
    let (_, table) = page
        .split_once(header)
        .unwrap_or_else(|| panic!("no table {header:?}"));
    let rows = table.lines().skip(2).take_while(|row| row.starts_with('|'));
    let cells = |row: &str| {
        let cells = row.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().replace('`', "")).collect()
    };
    rows.map(cells).collect()
}

pub(crate) fn spelled_on(page: &str) -> Spelled {
    let mut spelled = Spelled::new();
    for mut row in table(page, "| kind | Rust ") {
        let kind = row.remove(0);
        assert!(spelled.insert(kind.clone(), row).is_none(), "{kind} twice");
    }
    spelled
}

pub(crate) fn spelled_in_code() -> Spelled {
    let rust = read("crates/icepanel-invites/src/error.rs");
    let python = read("python/src/icepanel_invites/_errors.py");
    let node = read("node/lib/errors.js");
    let kotlin =
        read("bindings/kotlin/invites/src/main/kotlin/icepanel/invites/InviteException.kt");
    let swift = read("bindings/swift/Sources/IcePanelInvites/Error.swift");
    let codes = table(
        &read("crates/icepanel-cli/docs/exit-codes.md"),
        "| code | kind |",
    );
    let kinds = ErrorKind::ALL.iter().map(|kind| {
        let kind = kind.as_str();
        let names = [
            between(&rust, "Self::", &format!(" => \"{kind}\",")),
            between(&python, "class ", &format!("kind: KindWord = \"{kind}\"")),
            after(&node, &format!("\n  {kind}: ")),
            between(
                &kotlin,
                "public class ",
                &format!("InviteException(\"{kind}\""),
            ),
            format!(".{}", swift_case(&swift, kind)),
            codes
                .iter()
                .find(|row| row[1] == kind)
                .map(|row| row[0].clone())
                .unwrap_or_default(),
        ];
        (kind.to_owned(), names.to_vec())
    });
    kinds.collect()
}

/// The name behind the last `before` in front of `mark`.
fn between(text: &str, before: &str, mark: &str) -> String {
    let (text, _) = text
        .split_once(mark)
        .unwrap_or_else(|| panic!("no {mark:?}"));
    let (_, name) = text.rsplit_once(before).expect("a name");
    first_name(name)
}

fn after(text: &str, mark: &str) -> String {
    let (_, name) = text
        .split_once(mark)
        .unwrap_or_else(|| panic!("no {mark:?}"));
    first_name(name)
}

fn first_name(text: &str) -> String {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric());
    text[..end.unwrap_or(text.len())].to_owned()
}

/// `case notFound = "not_found"`, or the kind itself if it is one word.
fn swift_case(text: &str, kind: &str) -> String {
    let value = format!("= \"{kind}\"");
    if text.contains(&value) {
        return between(text, "case ", &value);
    }
    assert!(text.contains(&format!("case {kind}\n")), "no case {kind}");
    kind.to_owned()
}

/// Which kinds the page has as retryable, in any case or in some.
pub(crate) fn retryable_on(page: &str) -> BTreeSet<String> {
    let rows = table(page, "| kind | what happened |");
    let kinds: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    let all: Vec<&str> = ErrorKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(kinds, all, "the kinds of the first table");
    let retryable = rows.iter().filter(|row| row[3].starts_with("yes"));
    retryable.map(|row| row[0].clone()).collect()
}

/// Which kinds are retryable unless an error is marked otherwise: the arms of a function that is not public.
pub(crate) fn retryable_in_code() -> BTreeSet<String> {
    let code = read("crates/icepanel-invites/src/error.rs");
    let (_, body) = code
        .split_once("fn retryable(self) -> bool {")
        .expect("the function");
    let (body, _) = body.split_once("\n    }").expect("its end");
    let kinds = ErrorKind::ALL.iter().filter(|kind| {
        let arm = format!("Self::{kind:?}");
        body.split(|c: char| !(c.is_ascii_alphanumeric() || c == ':'))
            .any(|word| word == arm)
    });
    kinds.map(|kind| kind.as_str().to_owned()).collect()
}
