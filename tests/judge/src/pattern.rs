//! The patterns of `tests/scenarios/README.md`, and the times in them.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde_json::{Map, Value};

/// The first place where a value is not as its pattern says.
#[derive(Debug)]
pub struct Mismatch {
    /// The way to it from the top, as in `[0].invite.email`.
    pub path: String,
    /// What was expected there and what was found.
    pub why: String,
}

type Matched = Result<(), Mismatch>;

/// Compares a value with a pattern. A missing key counts as null.
///
/// # Errors
/// The first mismatch.
pub fn check(pattern: &Value, actual: &Value) -> Matched {
    compare(pattern, actual, "")
}

fn compare(pattern: &Value, actual: &Value, path: &str) -> Matched {
    match (pattern, actual) {
        (Value::Object(operator), _) if operator.keys().any(|key| key.starts_with('$')) => {
            operate(operator, actual, path)
        }
        (Value::Object(keys), Value::Object(found)) => {
            keys.iter().try_for_each(|(key, pattern)| {
                compare(
                    pattern,
                    found.get(key).unwrap_or(&Value::Null),
                    &format!("{path}.{key}"),
                )
            })
        }
        (Value::Array(patterns), Value::Array(found)) => {
            length(patterns.len() as u64, found, actual, path)?;
            let mut pairs = patterns.iter().zip(found).enumerate();
            pairs.try_for_each(|(i, (pattern, value))| {
                compare(pattern, value, &format!("{path}[{i}]"))
            })
        }
        // 1 and 1.0 are one number in JSON.
        (Value::Number(one), Value::Number(other)) => {
            require(one.as_f64() == other.as_f64(), path, actual, || {
                one.to_string()
            })
        }
        _ => require(pattern == actual, path, actual, || pattern.to_string()),
    }
}

fn operate(operator: &Map<String, Value>, actual: &Value, path: &str) -> Matched {
    let argument = |name: &str| operator.get(name).unwrap_or(&Value::Null);
    let must = |holds: bool| {
        require(holds, path, actual, || {
            Value::from(operator.clone()).to_string()
        })
    };
    let mut names: Vec<&str> = operator.keys().map(String::as_str).collect();
    names.sort_unstable();
    match names.as_slice() {
        ["$absent"] => must(actual.is_null()),
        ["$any"] => must(!actual.is_null()),
        ["$not"] => must(compare(argument("$not"), actual, path).is_err()),
        ["$some"] => must(
            list(actual, path)?
                .iter()
                .any(|one| check(argument("$some"), one).is_ok()),
        ),
        ["$length"] => length(
            argument("$length").as_u64().unwrap_or(u64::MAX),
            list(actual, path)?,
            actual,
            path,
        ),
        ["$unordered"] => {
            let (patterns, found) = (list(argument("$unordered"), path)?, list(actual, path)?);
            length(patterns.len() as u64, found, actual, path)?;
            must(pair_up(patterns, &found.iter().collect::<Vec<_>>()))
        }
        [name @ ("$contains" | "$notContains")] => {
            let text = argument(name).as_str().unwrap_or_default().to_lowercase();
            let found = actual
                .as_str()
                .map(|found| found.to_lowercase().contains(&text));
            must(found == Some(*name == "$contains"))
        }
        ["$max"] | ["$min"] | ["$max", "$min"] => must(actual.as_f64().is_some_and(|number| {
            argument("$min").as_f64().is_none_or(|min| number >= min)
                && argument("$max").as_f64().is_none_or(|max| number <= max)
        })),
        ["$time", "toleranceMs"] => {
            let expected = argument("$time").as_str().and_then(time);
            let found = actual
                .as_str()
                .and_then(|text| text.parse::<DateTime<Utc>>().ok());
            let tolerance =
                TimeDelta::milliseconds(argument("toleranceMs").as_i64().unwrap_or_default());
            must(
                expected
                    .zip(found)
                    .is_some_and(|(expected, found)| (expected - found).abs() <= tolerance),
            )
        }
        unknown => Err(Mismatch {
            path: path.to_owned(),
            why: format!("the pattern {unknown:?} is unknown"),
        }),
    }
}

/// Whether each pattern can have a value of its own, whichever that takes.
fn pair_up(patterns: &[Value], found: &[&Value]) -> bool {
    let Some((first, rest)) = patterns.split_first() else {
        return true;
    };
    (0..found.len())
        .filter(|&i| check(first, found[i]).is_ok())
        .any(|i| {
            let mut left = found.to_vec();
            left.remove(i);
            pair_up(rest, &left)
        })
}

fn list<'a>(value: &'a Value, path: &str) -> Result<&'a [Value], Mismatch> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| Mismatch {
        path: path.to_owned(),
        why: format!("expected a list, found {value}"),
    })
}

fn length(expected: u64, found: &[Value], actual: &Value, path: &str) -> Matched {
    require(found.len() as u64 == expected, path, actual, || {
        format!("{expected} elements, not {}", found.len())
    })
}

fn require(holds: bool, path: &str, actual: &Value, expected: impl FnOnce() -> String) -> Matched {
    if holds {
        return Ok(());
    }
    Err(Mismatch {
        path: path.to_owned(),
        why: format!("expected {}, found {actual}", expected()),
    })
}

/// A time in a scenario: RFC 3339, or relative to now as in `+7d`. Relative ones have whole milliseconds, which every
/// language can express.
pub(crate) fn time(text: &str) -> Option<DateTime<Utc>> {
    if !text.starts_with(['+', '-']) {
        return text.parse().ok();
    }
    let unit = text.find(|c: char| c.is_ascii_lowercase())?;
    let number: i64 = text[..unit].parse().ok()?;
    let delta = match &text[unit..] {
        "ms" => TimeDelta::try_milliseconds(number),
        "s" => TimeDelta::try_seconds(number),
        "m" => TimeDelta::try_minutes(number),
        "h" => TimeDelta::try_hours(number),
        "d" => TimeDelta::try_days(number),
        _ => None,
    }?;
    Utc::now().trunc_subsecs(3).checked_add_signed(delta)
}
