//! Reads the reports of Surefire, which runs the tests for Maven.

use crate::counts::Counts;

/// Adds what a report says, and returns the number of its tests; nothing if it is no report.
pub(super) fn read(report: &str, counts: &mut Counts) -> Option<u64> {
    let Suite {
        tests,
        failed,
        skipped,
    } = Suite::read(report)?;
    counts.add(tests - failed - skipped, failed, skipped);
    for case in cases(report) {
        counts.took(case.seconds, case.name);
        if let Some(why) = case.failure {
            counts.failure(&format!("{}: {}", case.class, case.name), &why);
        }
    }
    Some(tests)
}

/// What a report of Surefire says on its second line.
#[derive(Debug, PartialEq)]
struct Suite {
    tests: u64,
    failed: u64,
    skipped: u64,
}

impl Suite {
    fn read(report: &str) -> Option<Self> {
        let suite = report.split("<testsuite ").nth(1)?.split('>').next()?;
        let number = |name: &str| attribute(suite, name)?.parse::<u64>().ok();
        Some(Self {
            tests: number("tests")?,
            failed: number("failures")? + number("errors")?,
            skipped: number("skipped")?,
        })
    }
}

/// A test of a report: `<testcase name="x" classname="y" time="0.5"…`, and in it, if it failed, `<failure message="z"…`.
#[derive(Debug, PartialEq)]
struct Case<'a> {
    name: &'a str,
    class: &'a str,
    seconds: f64,
    /// What it said, if it failed.
    failure: Option<String>,
}

fn cases(report: &str) -> impl Iterator<Item = Case<'_>> {
    let cases = report.split("<testcase ").skip(1);
    cases.filter_map(|case| {
        let failed = ["<failure", "<error"]
            .iter()
            .find_map(|tag| case.split_once(tag));
        Some(Case {
            name: attribute(case, "name")?,
            class: attribute(case, "classname")?,
            seconds: attribute(case, "time")?.parse().ok()?,
            failure: failed.map(|(_, tag)| {
                let tag = tag.split('>').next().unwrap_or(tag);
                unescaped(attribute(tag, "message").unwrap_or_default())
            }),
        })
    })
}

/// The value of the first attribute with this name.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let (before, after) = rest.split_once(&format!("{name}=\""))?;
        if before.is_empty() || before.ends_with(char::is_whitespace) {
            return after.split('"').next();
        }
        rest = after;
    }
}

/// The text of an attribute without the names that XML has for some characters.
fn unescaped(value: &str) -> String {
    let names = [
        ("&#10;", "\n"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        // The last: what it makes is not another name.
        ("&amp;", "&"),
    ];
    names
        .iter()
        .fold(value.to_owned(), |text, (name, character)| {
            text.replace(name, character)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read() {
        let report = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="…" name="icepanel.invites.CloseTest" time="0.5" tests="7" errors="1" skipped="2" failures="3">
  <testcase name="x" tests="9" classname="C" time="0.25"/>
  <testcase classname="D" name="y" time="1.0">
    <failure message="no &lt;1&gt;&#10;at D" type="E"><![CDATA[at D]]></failure>
  </testcase>
  <testcase name="z" classname="D" time="0.0"><error type="E"/></testcase>"#;
        let suite = Suite {
            tests: 7,
            failed: 4,
            skipped: 2,
        };
        assert_eq!(Suite::read(report), Some(suite));
        assert_eq!(Suite::read("<html>"), None);
        let case = |class, name, seconds, failure: Option<&str>| Case {
            name,
            class,
            seconds,
            failure: failure.map(str::to_owned),
        };
        let expected = [
            case("C", "x", 0.25, None),
            case("D", "y", 1.0, Some("no <1>\nat D")),
            case("D", "z", 0.0, Some("")),
        ];
        assert_eq!(cases(report).collect::<Vec<_>>(), expected);
    }
}
