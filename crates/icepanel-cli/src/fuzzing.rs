//! Properties that hold for any bytes. `tests/fuzz` looks for bytes that violate them; its findings are replayed here.

use std::path::Path;

use chrono::TimeDelta;
use icepanel_invites::{Expiry, Roster};

use crate::errors::Failure;
use crate::roster::{self, Content, Reading, Written};
use crate::{csv, profile, time};

/// A roster's file, after a line with its form: each problem has a line of the file, and a valid file is a roster. No
/// address of CSV is put together from pieces.
pub fn roster(data: &[u8]) {
    let (form, file) = line(data);
    let (name, reading) = match form {
        b"csv" => ("roster.csv", Reading::default()),
        b"export" => ("roster.csv", Reading::of_an_export()),
        b"json" => ("roster.json", Reading::default()),
        b"yaml" => ("roster.yaml", Reading::default()),
        _ => ("roster", Reading::default()),
    };
    let path = Path::new(name);
    let ends = file.iter().filter(|byte| matches!(byte, b'\n' | b'\r'));
    let lines = 1 + ends.count();
    match roster::parse(
        path,
        file.to_vec(),
        Expiry::In(TimeDelta::days(7)),
        &reading,
    ) {
        Ok(Content::Roster(roster)) => {
            assert!(Roster::problems(roster.entries()).is_empty());
            is_read_as_it_is_written(&roster);
            let text = String::from_utf8_lossy(file);
            let is_utf16 = file.starts_with(&[0xff, 0xfe]) || file.starts_with(&[0xfe, 0xff]);
            for person in roster.entries() {
                let is_there = text.contains(&person.email) || person.email.contains('"');
                assert!(is_there || is_utf16 || !name.ends_with("csv"), "{person:?}");
            }
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

/// What `dump` writes of a roster is read as the same roster, in each form.
pub(crate) fn is_read_as_it_is_written(roster: &Roster) {
    let Ok(entries) = roster::written(roster.entries()) else {
        return;
    };
    let yaml = entries.iter().map(Written::yaml).collect::<String>();
    let json = serde_json::to_vec_pretty(&entries).unwrap_or_default();
    let document = roster::document(roster.entries());
    let document = document.map_or_else(|_| String::new(), |document| document.to_string());
    let mut csv = Vec::new();
    let is_written = csv::write(&mut csv, Written::fields(&entries), &entries);
    assert!(is_written.is_ok());
    let yaml = if entries.is_empty() {
        "[]".to_owned()
    } else {
        yaml
    };
    for (name, bytes) in [
        ("a.yaml", yaml.into_bytes()),
        ("a.json", json),
        ("b.json", document.into_bytes()),
        ("a.csv", csv),
    ] {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let week = Expiry::In(TimeDelta::days(7));
        let read = roster::parse(Path::new(name), bytes, week, &Reading::default());
        let same = matches!(&read, Ok(Content::Roster(read)) if read == roster);
        assert!(same, "{name}: {:?} of {text}", read.err());
    }
}

/// An expiry, a time-out, a margin: a written expiry is read as the same expiry.
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

/// A configuration file, after a line with the name of a profile, or an empty one: the profile has this name, or the one
/// that the file says is the default; an error names the file, and has no value of it.
pub fn configuration(data: &[u8]) {
    let (name, text) = line(data);
    let (Ok(name), Ok(text)) = (std::str::from_utf8(name), std::str::from_utf8(text)) else {
        return;
    };
    let wanted = Some(name).filter(|name| !name.is_empty());
    match profile::of(Path::new("config.toml"), text, wanted) {
        Ok(Some((found, _))) => match wanted {
            Some(wanted) => assert_eq!(found, wanted),
            None => assert!(text.contains("default-profile"), "{found}"),
        },
        Ok(None) => assert!(wanted.is_none()),
        Err(failure) => {
            let shown = format!("{failure:?}");
            assert!(shown.contains("config.toml"));
            let mut texts = Vec::new();
            if let Ok(mut table) = text.parse::<toml::Table>() {
                // A name, and names are shown.
                table.remove("default-profile");
                collect_texts(&toml::Value::Table(table), &mut texts);
            }
            // No text of this program has this sign: it comes from the file.
            let is_a_value =
                |it: &String| it.len() >= 8 && it.contains('#') && text.matches(&**it).count() == 1;
            texts.retain(is_a_value);
            let leaked = texts.iter().find(|it| shown.contains(*it));
            assert!(leaked.is_none(), "{shown} has {leaked:?}");
        }
    }
}

/// The first line, and what follows it.
fn line(data: &[u8]) -> (&[u8], &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n');
    let (first, rest) = data.split_at(end.unwrap_or(data.len()));
    (first, rest.get(1..).unwrap_or_default())
}

fn collect_texts(value: &toml::Value, texts: &mut Vec<String>) {
    match value {
        toml::Value::String(text) => texts.push(text.clone()),
        toml::Value::Array(values) => values.iter().for_each(|it| collect_texts(it, texts)),
        toml::Value::Table(fields) => fields.values().for_each(|it| collect_texts(it, texts)),
        _ => {}
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
    fn the_corpus_of_configurations() {
        corpus("configuration", super::configuration);
    }

    #[test]
    fn the_corpus_of_durations() {
        corpus("durations", super::durations);
    }
}
