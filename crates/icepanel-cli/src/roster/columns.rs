//! Which column of a CSV file is which field.

use super::options::Reading;
use super::{EMAIL, FIELDS, PERMISSION};

/// How programs name the column of the address, without case, blanks, hyphens and what is in brackets behind it: Excel
/// and Outlook, Google Workspace (`Email Address [Required]`), Entra ID ("mail"), Okta, BambooHR ("Work Email"), Workday
/// ("Email - Primary Work"). Only what certainly is an address: a user principal name looks like one.
const ADDRESS: &[&str] = &[
    "businessemail",
    "businessemailaddress",
    "companyemail",
    "email",
    "emailaddress",
    "emailadres",
    "emailadresse",
    "emailprimarywork",
    "emailwork",
    "mail",
    "primaryemail",
    "primaryemailaddress",
    "primaryworkemail",
    "useremail",
    "workemail",
    "workemailaddress",
];

/// More names than this are counted.
const SHOWN: usize = 12;

/// Where each field is; the others are unused.
pub(super) struct Columns(pub(super) Vec<(usize, &'static str)>);

/// Whether this row can be the one of the column names.
pub(super) fn names_columns(row: &[String], reading: &Reading) -> bool {
    match reading.column(EMAIL) {
        Some(name) => row.iter().any(|cell| same(cell, name)),
        None => row.iter().any(|cell| is_address(cell)),
    }
}

/// Finds the columns, or returns all problems with them.
pub(super) fn find(names: &[String], reading: &Reading) -> Result<Columns, Vec<String>> {
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    // If a name is not found, the message has all names.
    let mut are_told = false;
    for field in FIELDS.iter().copied() {
        match reading.column(field) {
            Some(name) => {
                let places = places(names, |cell| same(cell, name));
                match places.len() {
                    0 => {
                        are_told = true;
                        wrong.push(format!(
                            "there is no column {name:?}; the columns are {}",
                            list(names.iter())
                        ));
                    }
                    1 => {}
                    _ => wrong.push(format!("the column {name:?} occurs twice")),
                }
                found.extend(places.into_iter().map(|at| (at, field)));
            }
            None => {
                let places = known(names, field, reading, &mut wrong);
                are_told |= field == EMAIL && places.is_empty();
                found.extend(places.into_iter().map(|at| (at, field)));
            }
        }
    }
    let given = found.iter().any(|(_, field)| *field == PERMISSION);
    if given && reading.permission.is_some() {
        wrong.push("the file has a column with the permissions; leave out --permission".to_owned());
    }
    let unused: Vec<&String> = names
        .iter()
        .enumerate()
        .filter(|(at, name)| !name.is_empty() && !found.iter().any(|(used, _)| used == at))
        .map(|(_, name)| name)
        .collect();
    if !are_told && !unused.is_empty() && !reading.ignore_other_columns {
        let them = match unused[..] {
            [name] => format!("the column {name:?} is"),
            _ => format!("the columns {} are", list(unused.into_iter())),
        };
        wrong.push(format!(
            "{them} unknown: pass --ignore-other-columns to ignore unknown columns, or --columns FIELD=NAME to use a column"
        ));
    }
    match wrong.is_empty() {
        true => Ok(Columns(found)),
        false => Err(wrong),
    }
}

/// The places of the names that are known for a field.
fn known(
    names: &[String],
    field: &'static str,
    reading: &Reading,
    wrong: &mut Vec<String>,
) -> Vec<usize> {
    let places = match field {
        EMAIL => places(names, is_address),
        _ => places(names, |cell| same(cell, field)),
    };
    // A column that --columns gives to another field is that field's.
    let free = |at: &usize| {
        !FIELDS.iter().any(|other| {
            reading
                .column(other)
                .is_some_and(|name| same(&names[*at], name))
        })
    };
    let places: Vec<usize> = places.into_iter().filter(free).collect();
    match places[..] {
        [_] => {}
        [] if field == EMAIL => wrong.push(no_address(names)),
        [] if field == PERMISSION && reading.permission.is_none() => wrong.push(
            "the column permission is missing: add it, name the column that has IcePanel's permissions with --columns permission=NAME, or pass --permission read for everybody"
                .to_owned(),
        ),
        [] => {}
        [first, second, ..] if names[first].eq_ignore_ascii_case(&names[second]) => {
            wrong.push(format!("the column {} occurs twice", names[first]));
        }
        [first, second, ..] => wrong.push(format!(
            "both {:?} and {:?} can be the column with the addresses; choose one: --columns email={:?} or --columns email={:?}",
            names[first], names[second], names[first], names[second]
        )),
    }
    places
}

fn no_address(names: &[String]) -> String {
    if names.iter().any(|name| name.contains('@')) {
        return "the first line has an address where the names of the columns should be; add a line before it, for example email,permission"
            .to_owned();
    }
    let mut likely = names
        .iter()
        .filter(|name| name.to_lowercase().contains("mail"));
    // If there are two, the wrong one would invite other addresses.
    let likely = likely.next().filter(|_| likely.next().is_none());
    format!(
        "the column with the e-mail addresses is not recognized; the columns are {}; choose one: --columns email={}",
        list(names.iter()),
        likely.map_or("NAME".to_owned(), |name| format!("{name:?}"))
    )
}

fn places(names: &[String], is_it: impl Fn(&str) -> bool) -> Vec<usize> {
    let names = names.iter().enumerate();
    names
        .filter(|(_, name)| is_it(name))
        .map(|(at, _)| at)
        .collect()
}

fn same(cell: &str, name: &str) -> bool {
    cell.to_lowercase() == name.to_lowercase()
}

fn is_address(name: &str) -> bool {
    // "Email Address [Required]", "Email *".
    let name = match name.split_once('[') {
        Some((name, rest)) if rest.ends_with(']') => name,
        _ => name,
    };
    let letters: String = name
        .trim_end_matches([':', '*', ' '])
        .chars()
        .filter(|c| {
            !c.is_whitespace() && !matches!(c, '-' | '_' | '\u{2010}' | '\u{2011}' | '\u{2013}')
        })
        .flat_map(char::to_lowercase)
        .collect();
    ADDRESS.contains(&letters.as_str())
}

fn list<'a>(names: impl ExactSizeIterator<Item = &'a String>) -> String {
    let more = names.len().saturating_sub(SHOWN);
    let shown: Vec<String> = names.take(SHOWN).map(|name| format!("{name:?}")).collect();
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_the_names_that_are_known() {
        let page = include_str!("../../docs/roster-files.md");
        let names = page
            .split("by its usual names: ")
            .nth(1)
            .unwrap_or_default();
        let names = names
            .split(", in any")
            .next()
            .unwrap_or_default()
            .replace('\n', " ");
        let mut known = 0;
        for name in names.split(", ") {
            let name = name.trim().trim_matches('`').replace("  ", " ");
            assert!(is_address(&name), "{name:?}");
            known += 1;
        }
        assert_eq!(known, 13);
    }

    #[test]
    fn what_may_be_another_address_is_not_known() {
        for name in [
            "Home Email",
            "Personal Email",
            "Recovery Email",
            "secondEmail",
            "Work Secondary Email",
            "Manager Email",
            "Email - Home",
            "Email Usage [READ ONLY]",
            "Email Opt-In",
            "Email 2",
            "User principal name",
            "User name",
            "login",
            "Mailing address",
            "alternateEmailAddress",
            "",
        ] {
            assert!(!is_address(name), "{name:?}");
        }
    }
}
