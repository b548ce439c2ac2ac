//! A roster in a file: CSV, JSON or YAML. All that is wrong is told at once, by line.

mod csv;
mod json;
mod yaml;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use icepanel_invites::{Expiry, NewInvite, Permission, Plan, Roster};

use crate::errors::Failure;
use crate::time;

/// A roster of a million people takes no more.
const LONGEST_FILE: u64 = 256 * 1024 * 1024;

const FIELDS: &[&str] = &["email", "permission", "expires", "landscapes"];

/// What stands in a file.
pub(crate) enum Content {
    Roster(Roster),
    /// What `plan --output json` wrote.
    Plan(Box<Plan>),
}

/// A field of an entry.
enum Value {
    Text(String),
    /// Landscape ids, and yes or no.
    Map(Vec<(String, String)>),
}

/// An entry as the file says it.
struct Entry {
    line: usize,
    fields: Vec<(String, Value)>,
}

/// Something wrong at a line.
struct Problem {
    line: usize,
    text: String,
}

impl Problem {
    fn new(line: usize, text: impl Into<String>) -> Self {
        Self {
            line,
            text: text.into(),
        }
    }
}

/// The entries, and what is wrong with the form of the others.
type Entries = (Vec<Entry>, Vec<Problem>);

/// Reads a file; `-` is the input. An entry without an end has `expires`.
pub(crate) fn read(path: &Path, expires: Expiry) -> Result<Content, Failure> {
    parse(path, bytes(path)?, expires)
}

/// Reads what stands in the file `path`.
pub(crate) fn parse(path: &Path, bytes: Vec<u8>, expires: Expiry) -> Result<Content, Failure> {
    let name = path.display();
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = 1 + memchr_lines(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
        Failure::usage(
            format!("{name}, line {line}: not UTF-8"),
            "Save the file as UTF-8.",
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (entries, problems) = match form(path, text) {
        // What is left of `dump > FILE` if that failed.
        _ if text.trim().is_empty() => (Vec::new(), vec![Problem::new(1, "the file is empty")]),
        Form::Csv => csv::entries(text),
        Form::Yaml => yaml::entries(text),
        Form::Json => match json::plan(text) {
            Some(plan) => return plan.map(Content::Plan),
            None => json::entries(text),
        },
    };
    roster(entries, problems, expires)
        .map(Content::Roster)
        .map_err(|problems| refuse(path, &problems))
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = match path.as_os_str() == "-" {
        true => whole(std::io::stdin().lock(), LONGEST_FILE),
        false => File::open(path).and_then(|file| whole(file, LONGEST_FILE)),
    };
    read.map_err(|error| {
        Failure::usage(
            format!("{} cannot be read: {error}", path.display()),
            "Check the path, that the file is a roster, and that you may read it.",
        )
    })
}

/// All that there is. What is longer is refused: a part of a roster is another roster.
fn whole(file: impl Read, longest: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(longest.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > longest {
        let text = format!("it is longer than {} MiB", longest / (1024 * 1024));
        return Err(std::io::Error::other(text));
    }
    Ok(bytes)
}

enum Form {
    Csv,
    Json,
    Yaml,
}

/// By the name, else by the first character.
fn form(path: &Path, text: &str) -> Form {
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    match (extension.as_deref(), text.trim_start().chars().next()) {
        (Some("csv"), _) => Form::Csv,
        (Some("json"), _) => Form::Json,
        (Some("yaml" | "yml"), _) => Form::Yaml,
        (_, Some('[' | '{')) => Form::Json,
        (_, Some('-' | '#')) => Form::Yaml,
        _ => Form::Csv,
    }
}

/// The roster, or everything that is wrong.
fn roster(
    entries: Vec<Entry>,
    mut problems: Vec<Problem>,
    expires: Expiry,
) -> Result<Roster, Vec<Problem>> {
    let mut lines = Vec::with_capacity(entries.len());
    let mut people = Vec::with_capacity(entries.len());
    for entry in entries {
        let line = entry.line;
        // Somebody with a slip elsewhere in the line may be there twice all the same.
        if let Some(person) = person(entry, expires, &mut problems) {
            lines.push(line);
            people.push(person);
        }
    }
    problems.extend(Roster::problems(&people).into_iter().map(|problem| {
        let text = match problem.same_as {
            Some(first) => format!("{} in line {}", problem.message, lines[first]),
            None => problem.message,
        };
        Problem::new(lines[problem.index], text)
    }));
    if problems.is_empty() {
        return Roster::new(people).map_err(|error| vec![Problem::new(1, error.message())]);
    }
    problems.sort_by_key(|problem| problem.line);
    Err(problems)
}

/// One person, and what is wrong with the entry; where that is a permission, `read` stands for it.
fn person(entry: Entry, expires: Expiry, problems: &mut Vec<Problem>) -> Option<NewInvite> {
    let line = entry.line;
    let mut wrong = Vec::new();
    let (mut email, mut permission, mut ends, mut landscapes) = (None, None, expires, Vec::new());
    for (field, value) in entry.fields {
        match (field.as_str(), value) {
            ("email", Value::Text(text)) => email = Some(text),
            ("permission", Value::Text(text)) => match Permission::from(text.as_str()) {
                Permission::Other(text) => wrong.push(Problem::new(
                    line,
                    format!("the permission {text:?} is none of read, write, admin, billing"),
                )),
                known => permission = Some(known),
            },
            ("expires", Value::Text(text)) => match time::expiry(&text) {
                Ok(expiry) => ends = expiry,
                Err(why) => {
                    wrong.push(Problem::new(line, format!("expires {text:?}: {why}")));
                }
            },
            ("landscapes", Value::Text(text)) => match pairs(&text) {
                Some(pairs) => landscapes = pairs,
                None => wrong.push(Problem::new(
                    line,
                    format!("landscapes {text:?}: write ID=true;ID=false"),
                )),
            },
            ("landscapes", Value::Map(pairs)) => landscapes = pairs,
            (known, _) if FIELDS.contains(&known) => {
                wrong.push(Problem::new(line, format!("{known} is not a text")));
            }
            (other, _) => wrong.push(Problem::new(
                line,
                format!(
                    "there is no field {other:?}; the fields are {}",
                    FIELDS.join(", ")
                ),
            )),
        }
    }
    for (field, missing) in [
        ("email", email.is_none()),
        ("permission", permission.is_none() && wrong.is_empty()),
    ] {
        if missing {
            wrong.push(Problem::new(line, format!("{field} is missing")));
        }
    }
    let mut person =
        email.map(|email| NewInvite::new(email, permission.unwrap_or(Permission::Read), ends));
    for (id, allowed) in landscapes {
        match allowed.as_str() {
            "true" | "false" => {
                person = person.map(|person| person.landscape_permission(id, allowed == "true"));
            }
            other => wrong.push(Problem::new(
                line,
                format!("the landscape {id} is {other:?}, and not true or false"),
            )),
        }
    }
    problems.append(&mut wrong);
    person
}

/// `ID=true;ID=false`.
fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    text.split(';')
        .map(|pair| {
            let (id, allowed) = pair.rsplit_once('=')?;
            Some((id.trim().to_owned(), allowed.trim().to_lowercase()))
        })
        .collect()
}

fn refuse(path: &Path, problems: &[Problem]) -> Failure {
    let lines = problems
        .iter()
        .map(|problem| format!("line {}: {}", problem.line, problem.text))
        .collect();
    let things = match problems.len() {
        1 => "one thing is wrong".to_owned(),
        many => format!("{many} things are wrong"),
    };
    Failure::Problems(
        format!("{}: {things}; nothing was sent", path.display()),
        lines,
        "Correct the file. `icepanel-invites help plan` says what may stand in it.",
    )
}

fn memchr_lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::panic,
        reason = "a test fails by panicking"
    )]
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn parse(form: &str, text: &str) -> Result<Roster, Vec<String>> {
        let (entries, problems) = match form {
            "csv" => csv::entries(text),
            "json" => json::entries(text),
            _ => yaml::entries(text),
        };
        roster(entries, problems, Expiry::In(TimeDelta::days(7))).map_err(|problems| {
            let lines = problems.into_iter();
            lines
                .map(|problem| format!("{}: {}", problem.line, problem.text))
                .collect()
        })
    }

    const GOOD: &[(&str, &str)] = &[
        (
            "csv",
            "Email, permission ,expires,landscapes\n\
             ada@example.com,write,2027-01-31,\n\n\
             bob@example.com,read,14d,\"x=true; y=false\"\n",
        ),
        (
            "json",
            r#"[{"email": "ada@example.com", "permission": "write", "expires": "2027-01-31", "landscapes": null},
                {"email": "bob@example.com", "permission": "read", "expires": "14d", "landscapes": {"x": true, "y": false}}]"#,
        ),
        (
            "yaml",
            "# the people\n- email: ada@example.com\n  permission: write\n  expires: 2027-01-31\n- {email: bob@example.com, permission: read, expires: 14d, landscapes: {x: true, y: false}}\n",
        ),
    ];

    #[test]
    fn each_form_says_the_same() {
        let wanted = Roster::new([
            NewInvite::new(
                "ada@example.com",
                "write",
                time::expiry("2027-01-31").unwrap(),
            ),
            NewInvite::new("bob@example.com", "read", TimeDelta::days(14))
                .landscape_permission("x", true)
                .landscape_permission("y", false),
        ])
        .unwrap();
        for (form, text) in GOOD {
            assert_eq!(parse(form, text).as_ref(), Ok(&wanted), "{form}");
        }
    }

    const BAD: &[(&str, &str)] = &[
        (
            "csv",
            "email,permission,expires\nada@example.com,raed,7d\nnobody,read,7d\nbob@example.com,read,soon\nok@example.com,read,7d\nOK@example.com,read,7d\n",
        ),
        (
            "json",
            "[\n{\"email\":\"ada@example.com\",\"permission\":\"raed\"},\n{\"email\":\"nobody\",\"permission\":\"read\"},\n{\"email\":\"bob@example.com\",\"permission\":\"read\",\"expires\":\"soon\"},\n{\"email\":\"ok@example.com\",\"permission\":\"read\"},\n{\"email\":\"OK@example.com\",\"permission\":\"read\"}]",
        ),
        (
            "yaml",
            "---\n- {email: ada@example.com, permission: raed}\n- {email: nobody, permission: read}\n- {email: bob@example.com, permission: read, expires: soon}\n- {email: ok@example.com, permission: read}\n- {email: OK@example.com, permission: read}\n",
        ),
    ];

    #[test]
    fn all_that_is_wrong_is_told_at_once_by_line() {
        for (form, text) in BAD {
            let problems = parse(form, text).unwrap_err();
            let starts = [
                "2: the permission \"raed\"",
                "3: the address \"nobody\"",
                "4: expires \"soon\"",
                "6: OK@example.com is there already in line 5",
            ];
            assert_eq!(problems.len(), starts.len(), "{form}: {problems:?}");
            for (problem, start) in problems.iter().zip(starts) {
                assert!(problem.starts_with(start), "{form}: {problem}");
            }
        }
    }

    #[test]
    fn a_file_that_is_too_long_is_refused_and_not_cut() {
        let text = b"- ada\n- bob\n".as_slice();
        assert_eq!(whole(text, text.len() as u64).unwrap(), text);
        let error = whole(text, text.len() as u64 - 1).unwrap_err();
        assert!(error.to_string().contains("longer than"), "{error}");
    }

    #[test]
    fn an_empty_file_is_no_roster_in_any_form_and_a_list_of_nobody_is_one() {
        for name in ["people.yaml", "people.csv", "people.json", "people", "-"] {
            for text in ["", "\n \n", "\u{feff}\r\n"] {
                let read =
                    super::parse(Path::new(name), text.into(), Expiry::In(TimeDelta::days(7)));
                let Err(Failure::Problems(_, lines, _)) = read else {
                    panic!("{name} {text:?} is a roster");
                };
                assert_eq!(lines, ["line 1: the file is empty"], "{name}");
            }
        }
        for (form, text) in [
            ("csv", "email,permission\n"),
            ("json", "[]"),
            ("yaml", "[]\n"),
            ("yaml", "# nobody\n--- []\n"),
        ] {
            assert_eq!(parse(form, text), Ok(Roster::default()), "{form}");
        }
    }

    #[test]
    fn a_person_with_another_slip_is_found_twice_all_the_same() {
        let text = "email,permission,expires\nada@example.com,raed,7d\nADA@example.com,read,soon\n";
        let problems = parse("csv", text).unwrap_err();
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert_eq!(problems[2], "3: ADA@example.com is there already in line 2");
    }

    #[test]
    fn a_broken_form_names_its_line() {
        for (form, text, place) in [
            (
                "csv",
                "email\nada@example.com,read\n",
                "1: the column permission is missing",
            ),
            (
                "csv",
                "email,permission,emial\n",
                "1: there is no column \"emial\"",
            ),
            (
                "csv",
                "email,permission,email\n",
                "1: the column email is there twice",
            ),
            ("csv", "email,permission\nada@example.com\n", "2: "),
            ("csv", "", "1: "),
            ("json", "[\n{\"email\": 1,\n}]", "3: "),
            ("json", "[\n3]", "2: not an object"),
            (
                "json",
                "[{\"email\": \"ada@example.com\", \"permission\": \"read\", \"expire\": \"7d\"}]",
                "1: there is no field \"expire\"",
            ),
            ("yaml", "- email: [\n", "1: "),
            ("yaml", "- {email: a\r\n# b\r\n\r\n", "2: "),
            ("yaml", "email: ada@example.com\n", "1: not a list"),
            (
                "yaml",
                "- &a {email: ada@example.com}\n- *a\n",
                "2: an alias",
            ),
            (
                "yaml",
                "- email: ada@example.com\n  email: bob@example.com\n",
                "2: email is there twice",
            ),
            ("yaml", "- ada@example.com\n", "1: not a person"),
            ("yaml", "", "1: not a list"),
            ("yaml", "# moved to people.yaml\n", "1: not a list"),
            ("yaml", "---\n...\n", "2: not a list"),
            ("yaml", "---\n# nobody\n", "2: not a list"),
            ("yaml", "null\n", "1: not a list"),
            ("json", "", "1: "),
            ("json", "null", "1: "),
        ] {
            let problems = parse(form, text).unwrap_err();
            assert!(
                problems.iter().any(|problem| problem.starts_with(place)),
                "{form} {text:?}: {problems:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[-\\[\\]{}:,\"'&*!#%|>a-c@.\n\t 0é]{0,60}") {
            for form in ["csv", "json", "yaml"] {
                let _ = parse(form, &text);
            }
        }
    }
}
