//! What must hold for any bytes. `tests/fuzz` looks for bytes for which it does not; here, what it has
//! found is replayed.

use std::path::Path;

use chrono::TimeDelta;
use icepanel_invites::{Expiry, Roster};

use crate::errors::Failure;
use crate::roster::{self, Content, Reading};
use crate::time;

/// A roster's file, after a line with its form: each thing that is wrong has a line of the file, and
/// what is right is a roster.
pub fn roster(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n');
    let (form, rest) = data.split_at(end.unwrap_or(data.len()));
    let path = Path::new(match form {
        b"csv" => "roster.csv",
        b"json" => "roster.json",
        b"yaml" => "roster.yaml",
        _ => "roster",
    });
    let file = rest.get(1..).unwrap_or_default();
    let ends = file.iter().filter(|byte| matches!(byte, b'\n' | b'\r'));
    let lines = 1 + ends.count();
    match roster::parse(
        path,
        file.to_vec(),
        Expiry::In(TimeDelta::days(7)),
        &Reading::default(),
    ) {
        Ok(Content::Roster(roster)) => {
            assert!(Roster::problems(roster.entries()).is_empty());
        }
        Err(Failure::Problems(_, problems, _)) => {
            assert!(!problems.is_empty());
            let mut last = 1;
            for problem in problems {
                let number = problem.strip_prefix("line ").and_then(|text| {
                    let (number, _) = text.split_once(':')?;
                    number.parse().ok()
                });
                assert!(
                    number.is_some_and(|number| (last..=lines).contains(&number)),
                    "{problem:?} of {lines} lines, after line {last}"
                );
                last = number.unwrap_or(last);
            }
        }
        _ => {}
    }
}

/// An expiry, a time-out, a margin: what is read of an expiry is what is written of it.
pub fn durations(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(expiry) = time::expiry(text) {
        let written = time::written(expiry);
        assert_eq!(time::expiry(&written), Ok(expiry), "{written}");
        if let Expiry::At(time) = expiry {
            let _ = time::short(time);
        }
    }
    if let Ok(limit) = time::timeout(text) {
        let _ = time::about(limit);
    }
    if let Ok(margin) = time::margin(text) {
        let span = time::from_now(text).map(|span| span.to_std().ok());
        assert_eq!(span, Ok(Some(margin)));
    }
}

#[cfg(test)]
#[path = "../../../tests/fuzz/replay.rs"]
mod replay;

#[cfg(test)]
mod tests {
    use super::replay::corpus;

    #[test]
    fn the_corpus_of_roster_files() {
        corpus("roster", super::roster);
    }

    #[test]
    fn the_corpus_of_durations() {
        corpus("durations", super::durations);
    }
}
