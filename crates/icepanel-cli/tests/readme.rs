//! The README shows what the demo prints.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{bare, end};

const README: &str = include_str!("../../../README.md");

/// A line without what differs from run to run: ids, times.
fn lasting(line: &str) -> String {
    let mut words = String::new();
    for word in line.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let (word, end) = match word.char_indices().next_back() {
            Some((at, last)) if !last.is_ascii_alphanumeric() => word.split_at(at),
            _ => (word, ""),
        };
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let is_id = word.len() == 20;
        let is_time = digits * 2 >= word.len() && digits >= 2;
        words.push_str(if is_id || is_time { "~" } else { word });
        words.push_str(end);
    }
    // A time has parts of a second, or none.
    words.replace("~.~", "~")
}

#[test]
fn the_readme_shows_what_the_demo_prints() {
    let demo = end(bare(&["demo"])).ok().stdout;
    let printed: Vec<String> = demo.lines().map(lasting).collect();
    let block = README.split("```text\n").nth(1).unwrap();
    let block = block.split("\n```").next().unwrap();

    let mut rest = printed.iter();
    let mut left_out = true;
    for line in block.lines() {
        if line == "   […]" {
            left_out = true;
            continue;
        }
        let wanted = lasting(line);
        let found = match left_out {
            true => rest.any(|line| *line == wanted),
            false => rest.next() == Some(&wanted),
        };
        assert!(
            found,
            "the README shows a line that the demo does not print there:\n{line}\n\n{demo}"
        );
        left_out = false;
    }
    assert!(block.lines().count() > 40);
}
