//! Files as other programs write them: what `plan` reads in each, or the one sentence that says what to change.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
mod encodings;
mod exports;
mod others;
mod rosters;
mod spreadsheets;

use common::{TempFile, run, sandbox};
use serde_json::{Value, json};

/// A file, and the expected result.
pub(crate) struct Try {
    /// The program that writes such a file.
    by: &'static str,
    /// The name of the file; its extension selects the format.
    name: &'static str,
    file: Bytes,
    options: &'static [&'static str],
    out: Out,
}

pub(crate) enum Bytes {
    Utf8(&'static str),
    /// UTF-8 behind a byte order mark.
    Utf8Bom(&'static str),
    /// UTF-16 behind its byte order mark.
    Utf16Le(&'static str),
    Utf16Be(&'static str),
    /// Windows-1252, or Latin-1: a byte a character.
    Windows(&'static str),
    Raw(&'static [u8]),
}

pub(crate) enum Out {
    /// Each person: the address, the permission, and the expiry if it is not the default.
    People(&'static [&'static str]),
    /// Each problem, with its line.
    Refused(&'static [&'static str]),
}

impl Bytes {
    fn bytes(&self) -> Vec<u8> {
        let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units.flat_map(bytes).collect()
        };
        match self {
            Self::Utf8(text) => text.as_bytes().to_vec(),
            Self::Utf8Bom(text) => format!("\u{feff}{text}").into_bytes(),
            Self::Utf16Le(text) => utf16(text, u16::to_le_bytes),
            Self::Utf16Be(text) => utf16(text, u16::to_be_bytes),
            Self::Windows(text) => text.chars().map(|c| u8::try_from(c).unwrap()).collect(),
            Self::Raw(bytes) => bytes.to_vec(),
        }
    }
}

/// A person of a plan as [`Out::People`] writes one.
fn person(step: &Value) -> String {
    let wanted = &step["wanted"];
    let expiry = match wanted["expiresInMs"].as_i64() {
        Some(604_800_000) => String::new(),
        Some(ms) => format!(" {}h", ms / 3_600_000),
        None => format!(" {}", wanted["expiresAt"].as_str().unwrap()),
    };
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    format!(
        "{} {}{expiry}",
        word(&step["email"]),
        word(&wanted["permission"])
    )
}

#[test]
fn files_of_other_programs_are_read_or_refused_with_a_reason() {
    let sandbox = sandbox(json!({}));
    let tables = [
        spreadsheets::TRIES,
        encodings::TRIES,
        exports::TRIES,
        others::TRIES,
    ];
    let tries: Vec<&Try> = tables.into_iter().flatten().collect();
    assert!(tries.len() >= 40);
    let mut wrong = Vec::new();
    for (at, one) in tries.iter().enumerate() {
        let file = TempFile::new(&format!("{at}-{}", one.name), one.file.bytes());
        let args = [&["plan", file.path(), "-o", "json"], one.options].concat();
        let ended = run(&sandbox, &args);
        let came: Vec<String> = match ended.code {
            Some(0) => {
                let plan = ended.json();
                let steps = plan["steps"].as_array().unwrap();
                steps.iter().map(person).collect()
            }
            _ => {
                let error = ended.error();
                let errors = error["error"]["errors"].as_array().unwrap();
                errors
                    .iter()
                    .map(|line| line.as_str().unwrap().to_owned())
                    .collect()
            }
        };
        let (code, wanted) = match one.out {
            Out::People(people) => (0, people),
            Out::Refused(lines) => (2, lines),
        };
        if ended.code != Some(code) || came != wanted {
            wrong.push(format!(
                "{} {:?}: {came:#?}\n  and not {wanted:#?}",
                one.by, one.options
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(sandbox.report().requests.create, 0);
}
