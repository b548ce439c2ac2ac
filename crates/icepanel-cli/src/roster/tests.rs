//! Reading CSV, JSON and YAML. `tests/files` has whole files as other programs write them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use chrono::{DateTime, TimeDelta};
use icepanel_invites::{NewInvite, Permission};
use proptest::prelude::*;

use super::*;
use crate::time;

fn read(name: &str, bytes: &[u8], reading: &Reading) -> Result<Roster, Vec<String>> {
    let week = Expiry::In(TimeDelta::days(7));
    match content(Path::new(name), bytes.to_vec(), week, reading) {
        Ok(Content::Roster(roster)) => Ok(roster),
        Ok(Content::Plan(_)) => panic!("{name} is a plan"),
        Err(problems) => {
            let lines = problems.into_iter();
            Err(lines
                .map(|problem| format!("{}: {}", problem.line, problem.text))
                .collect())
        }
    }
}

fn parse(form: &str, text: &str) -> Result<Roster, Vec<String>> {
    read(
        &format!("roster.{form}"),
        text.as_bytes(),
        &Reading::default(),
    )
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
fn all_problems_are_reported_together_by_line() {
    for (form, text) in BAD {
        let problems = parse(form, text).unwrap_err();
        let starts = [
            "2: the permission \"raed\"",
            "3: the address \"nobody\"",
            "4: expires \"soon\"",
            "6: OK@example.com is listed twice, see line 5",
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
            let problems = read(name, text.as_bytes(), &Reading::default()).unwrap_err();
            assert_eq!(problems, ["1: the file is empty"], "{name}");
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
    assert_eq!(
        problems[2],
        "3: ADA@example.com is listed twice, see line 2"
    );
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
            "1: the column \"emial\" is unknown",
        ),
        (
            "csv",
            "email,permission,email\n",
            "1: the column email occurs twice",
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
            "2: email occurs twice",
        ),
        ("yaml", "- ada@example.com\n", "1: not a person"),
        ("yaml", "", "1: the file is empty"),
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

#[test]
fn a_list_where_a_field_has_a_text_is_one_problem() {
    let ada = ("email", "ada@example.com");
    let read = ("permission", "read");
    for (other, field) in [
        (read, "email"),
        (ada, "permission"),
        (ada, "expires"),
        (ada, "until"),
    ] {
        let more = match field {
            "email" | "permission" => "",
            _ => r#""permission": "read", "#,
        };
        let (known, value) = other;
        let json = format!(r#"[{{{more}"{known}": "{value}", "{field}": ["a", "b"]}}]"#);
        let problem = format!("1: {field} is a list, and should be a text");
        for form in ["json", "yaml"] {
            let problems = parse(form, &json).unwrap_err();
            assert_eq!(problems, [problem.as_str()], "{form} {json}");
        }
    }
    let landscapes = "- {email: ada@example.com, permission: read, landscapes: [one]}\n";
    let problems = parse("yaml", landscapes).unwrap_err();
    assert_eq!(
        problems,
        ["1: landscapes is a list; write each landscape's id with true or false"]
    );
}

fn anybody() -> impl Strategy<Value = NewInvite> {
    let email = prop_oneof![
        "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,9}@[a-z0-9]{1,6}(\\.[a-z]{2,5}){1,2}",
        "[a-zà-ÿ李\u{10400}.]{1,9}@[a-zà-ÿ]{1,6}\\.[a-z]{2,5}",
        "\"[ -~]{0,6}\"@example\\.com",
        "(?s).{0,12}",
    ];
    let permission = prop_oneof![
        prop::sample::select(Permission::KNOWN),
        "[a-z:]{1,8}".prop_map(|text| Permission::from(text.as_str())),
        "(?s).{0,4}".prop_map(|text| Permission::from(text.as_str())),
    ];
    let expiry = prop_oneof![
        (1..400_000_000_i64).prop_map(|seconds| Expiry::In(TimeDelta::seconds(seconds))),
        (0..200_000_000_000_i64, 0..1_000_000_000_u32).prop_map(|(seconds, nanos)| Expiry::At(
            DateTime::from_timestamp(seconds, nanos).unwrap()
        )),
    ];
    let landscapes = prop::option::of(prop::collection::btree_map(
        "(?s).{1,5}",
        any::<bool>(),
        0..4,
    ));
    (email, permission, expiry, landscapes).prop_map(|(email, permission, expiry, landscapes)| {
        let mut person = NewInvite::new(email, permission, expiry);
        person.landscape_permissions = landscapes;
        person
    })
}

#[test]
fn what_no_roster_can_have_is_not_written() {
    let person =
        |email: &str, permission: &str| NewInvite::new(email, permission, TimeDelta::days(1));
    assert!(written(&[person("ada@example.com", "owner")]).is_ok());
    for (email, permission) in [
        ("ada@localhost", "read"),
        ("ada@example.com ", "read"),
        ("ada@example.com", "owner "),
        ("ada@example.com", "a\u{1b}b"),
        ("ada@example.com", ""),
    ] {
        let people = [person("bob@example.com", "read"), person(email, permission)];
        let Err(Failure::Own(message, ..)) = written(&people) else {
            panic!("{email} {permission}");
        };
        assert!(
            message.contains(&format!("nothing was written: {email:?}")),
            "{message}"
        );
    }
    assert!(check_expiry("--member-expires", Expiry::In(TimeDelta::zero())).is_err());
    assert!(check_expiry("--member-expires", Expiry::In(TimeDelta::days(7))).is_ok());
}

proptest! {
    #[test]
    fn no_text_panics(text in "[-\\[\\]{}:,\"'&*!#%|>a-c@.\n\t 0é]{0,60}") {
        for form in ["csv", "json", "yaml"] {
            let _ = parse(form, &text);
        }
    }

    #[test]
    fn what_is_written_is_read_again(people in prop::collection::vec(anybody(), 0..5)) {
        let mut people: Vec<NewInvite> = people.into_iter().filter(|one| written(std::slice::from_ref(one)).is_ok()).collect();
        while let Some(twice) = Roster::problems(&people).first() {
            people.remove(twice.index);
        }
        crate::fuzzing::is_read_as_it_is_written(&Roster::new(people).unwrap());
    }

    #[test]
    fn any_table_is_read_and_its_lines_are_those_of_an_editor(
        notes in prop::collection::vec("[a-c ,;|\t\r\n\"'é]{0,8}", 1..6),
        separator in prop::sample::select(b",;\t|".as_slice()),
        ends in prop::sample::select(["\r\n", "\n", "\r"].as_slice()),
        always in any::<bool>(),
    ) {
        let row = |cells: [&str; 3]| {
            let style = if always { ::csv::QuoteStyle::Always } else { ::csv::QuoteStyle::Necessary };
            let mut writer = ::csv::WriterBuilder::new()
                .delimiter(separator)
                .quote_style(style)
                .terminator(::csv::Terminator::CRLF)
                .from_writer(Vec::new());
            writer.write_record(cells).unwrap();
            let row = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            row.strip_suffix("\r\n").unwrap().to_owned() + ends
        };
        let mut text = row(["Note", "E-mail", "permission"]);
        for (at, note) in notes.iter().enumerate() {
            text.push_str(&row([note, &format!("a{at}@example.com"), "viewer"]));
        }
        let reading = Reading { permission: None, ..Reading::of_an_export() };
        let roster = read("a.csv", text.as_bytes(), &reading).unwrap();
        prop_assert_eq!(roster.entries().len(), notes.len());
        let breaks = text.replace("\r\n", "\n").replace('\r', "\n");
        let line = 1 + breaks.matches('\n').count();
        text.push_str(&row([&notes[0], "a@example.com", "owner"]));
        let problems = read("a.csv", text.as_bytes(), &reading).unwrap_err();
        prop_assert_eq!(problems.len(), 1);
        prop_assert!(problems[0].starts_with(&format!("{line}: the permission")), "{:?} {}", text, problems[0]);
    }
}

#[test]
fn a_first_line_that_only_resembles_a_separator_is_the_header() {
    for header in ["sep=x", "email", "sep;;", "sep="] {
        let problems = parse("csv", &format!("{header}\nada@example.com\n")).unwrap_err();
        assert!(problems[0].starts_with("1: "), "{header}: {problems:?}");
    }
    let roster = parse("csv", "sep=;\nemail;permission\nada@example.com;read\n").unwrap();
    assert_eq!(roster.entries().len(), 1);
}

#[test]
fn after_a_nested_list_the_next_entries_are_read() {
    let problems = parse(
        "yaml",
        "- [a, [b, {c: d}]]\n- email: [e, [f]]\n  permission: read\n- email: nobody\n  permission: read\n",
    )
    .unwrap_err();
    let lines: Vec<_> = problems.iter().map(|problem| &problem[..2]).collect();
    assert_eq!(lines, ["1:", "2:", "4:"], "{problems:?}");
}

#[test]
fn a_table_has_the_column_until_only_if_somebody_needs_it() {
    assert_eq!(
        Written::fields(&[]),
        [EMAIL, PERMISSION, EXPIRES, LANDSCAPES]
    );
}
