//! The exit codes. `docs/exit-codes.md` has the same table.

use std::fmt::Write as _;

use icepanel_invites::ErrorKind;

/// All went well.
pub(crate) const OK: u8 = 0;
/// Something that none of the kinds names: a file, the output, the demo.
pub(crate) const OTHER: u8 = 1;
/// An argument or an option is invalid.
pub(crate) const USAGE: u8 = 2;
/// `apply` has ended, and some people do not match the roster.
pub(crate) const INCOMPLETE: u8 = 3;
/// `plan --exit-code` has found changes.
pub(crate) const CHANGES: u8 = 4;
/// `ensure` has found an invite that differs from the request.
pub(crate) const DIFFERS: u8 = 5;
/// The answer to a question was no.
pub(crate) const DECLINED: u8 = 6;

/// `apply` has ended, and all that is left is deferred until there is another admin.
pub(crate) const DEFERRED: u8 = 7;

/// The exit codes that belong to no kind of error.
const OWN: &[(u8, &str, &str)] = &[
    (OK, "", "done"),
    (
        OTHER,
        "`other`",
        "any other failure, for example: the output cannot be written",
    ),
    (
        INCOMPLETE,
        "",
        "apply finished, and some people do not match the roster: see its report",
    ),
    (CHANGES, "", "plan --exit-code found changes"),
    (
        DIFFERS,
        "",
        "ensure found an active invite with another permission, other landscapes or an earlier expiry",
    ),
    (DECLINED, "", "you answered no; nothing was changed"),
    (
        DEFERRED,
        "",
        "apply finished, but some admins were not yet demoted or removed, because too few admins would remain: run it again when there is another admin",
    ),
];

/// The exit code of each kind of error.
pub(crate) const CODES: &[(ErrorKind, u8, &str)] = &[
    (
        ErrorKind::InvalidInput,
        USAGE,
        "an argument, an option, a variable or a file is not valid; no change was sent",
    ),
    (
        ErrorKind::Unauthorized,
        10,
        "the service does not know the key",
    ),
    (
        ErrorKind::Forbidden,
        11,
        "the key is not allowed to do this, or this address cannot be invited",
    ),
    (
        ErrorKind::NotFound,
        12,
        "no such organization, invite or member",
    ),
    (
        ErrorKind::SeatsExhausted,
        13,
        "all paid seats are assigned; this invite was not made",
    ),
    (
        ErrorKind::Conflict,
        14,
        "a conflict that is not about seats: see the message",
    ),
    (
        ErrorKind::Rejected,
        15,
        "the service did not accept the request",
    ),
    (
        ErrorKind::RateLimited,
        16,
        "the wait for the rate limit is longer than the time left of --timeout",
    ),
    (ErrorKind::Server, 17, "the service failed"),
    (ErrorKind::Timeout, 18, "a time limit was reached"),
    (ErrorKind::Connection, 19, "the connection failed or broke"),
    (
        ErrorKind::UnexpectedAnswer,
        20,
        "the response does not match the API documentation",
    ),
    (
        ErrorKind::OutcomeUnknown,
        21,
        "it is unknown whether an invite was made",
    ),
    (ErrorKind::Closed, 22, "the client was closed"),
    (
        ErrorKind::Cancelled,
        130,
        "stopped by Ctrl-C or SIGTERM; an invite may have been made",
    ),
];

/// The exit code of a kind; a kind that this version does not know has `1`.
pub(crate) fn code(kind: ErrorKind) -> u8 {
    CODES
        .iter()
        .find(|(known, ..)| *known == kind)
        .map_or(OTHER, |(_, code, _)| *code)
}

/// The exit codes for the help.
pub(crate) fn help() -> String {
    let own = OWN.iter().map(|(code, _, meaning)| (*code, *meaning));
    let kinds = CODES.iter().map(|(_, code, meaning)| (*code, *meaning));
    let mut rows: Vec<(u8, &str)> = own.chain(kinds).collect();
    rows.sort_unstable();
    let mut help = String::from("Exit codes:\n");
    for (code, meaning) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(help, "  {code:>3}  {meaning}");
    }
    help.truncate(help.trim_end().len());
    help
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_kind_has_a_code_of_its_own() {
        let own = OWN.iter().map(|(code, ..)| *code);
        let codes: HashSet<u8> = CODES.iter().map(|(_, code, _)| *code).chain(own).collect();
        let kinds: HashSet<ErrorKind> = CODES.iter().map(|(kind, ..)| *kind).collect();
        assert_eq!(codes.len(), CODES.len() + OWN.len(), "no code occurs twice");
        assert_eq!(kinds, ErrorKind::ALL.iter().copied().collect());
        assert!(CODES.iter().all(|(kind, known, _)| code(*kind) == *known));
    }

    #[test]
    fn the_page_on_exit_codes_says_what_the_code_does() {
        let page = include_str!("../docs/exit-codes.md");
        let rows: Vec<&str> = page.lines().filter(|row| row.starts_with("| ")).collect();
        let own = OWN
            .iter()
            .map(|(code, kind, meaning)| (*code, (*kind).to_owned(), *meaning));
        let kinds = CODES
            .iter()
            .map(|(kind, code, meaning)| (*code, format!("`{kind}`"), *meaning));
        let mut wanted: Vec<(u8, String, &str)> = own.chain(kinds).collect();
        wanted.sort();
        let wanted: Vec<String> = wanted
            .into_iter()
            .map(|(code, kind, meaning)| {
                format!("| {code} | {kind} | {meaning} |").replace("|  |", "| |")
            })
            .collect();
        assert_eq!(rows[1..], wanted);
    }
}
