//! Proves that the patterns can fail: a matcher that passes everything would make every scenario worthless.

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::pattern::check;

/// What each check compares, and the path of the mismatch that must be found, if one must.
fn table() -> Vec<(&'static str, Value, Value, Option<&'static str>)> {
    let unordered = json!({"$unordered": [{"$any": true}, 1]});
    vec![
        (
            "equal",
            json!([{"a": 1, "b": [true, null, "x"]}]),
            json!([{"a": 1.0, "b": [true, null, "x"], "c": 2}]),
            None,
        ),
        (
            "wrong-value",
            json!({"a": {"b": "x"}}),
            json!({"a": {"b": "y"}}),
            Some(".a.b"),
        ),
        ("wrong-number", json!({"a": 1}), json!({"a": 2}), Some(".a")),
        ("wrong-type", json!({"a": 1}), json!({"a": "1"}), Some(".a")),
        ("object-for-list", json!([]), json!({}), Some("")),
        ("list-for-object", json!({}), json!([]), Some("")),
        ("null-for-object", json!({}), Value::Null, Some("")),
        ("value-for-null", Value::Null, json!({}), Some("")),
        ("missing-key", json!({"a": "x"}), json!({}), Some(".a")),
        ("too-long", json!([1]), json!([1, 2]), Some("")),
        (
            "too-short",
            json!([{"a": [1, 2]}]),
            json!([{"a": [1]}]),
            Some("[0].a"),
        ),
        ("wrong-order", json!([1, 2]), json!([2, 1]), Some("[0]")),
        (
            "absent",
            json!({"a": {"$absent": true}, "b": {"$absent": true}}),
            json!({"a": null}),
            None,
        ),
        (
            "not-absent",
            json!({"a": {"$absent": true}}),
            json!({"a": false}),
            Some(".a"),
        ),
        (
            "any",
            json!({"a": {"$any": true}}),
            json!({"a": false}),
            None,
        ),
        (
            "any-of-nothing",
            json!({"a": {"$any": true}}),
            json!({}),
            Some(".a"),
        ),
        ("not", json!({"$not": {"a": 1}}), json!({"a": 2}), None),
        (
            "not-but-is",
            json!({"a": {"$not": 1}}),
            json!({"a": 1}),
            Some(".a"),
        ),
        (
            "some",
            json!({"$some": {"a": 2}}),
            json!([{"a": 1}, {"a": 2, "b": 3}]),
            None,
        ),
        (
            "none-of-some",
            json!({"$some": {"a": 2}}),
            json!([{"a": 1}, 2]),
            Some(""),
        ),
        ("length", json!({"$length": 2}), json!([1, 2]), None),
        (
            "wrong-length",
            json!({"a": {"$length": 2}}),
            json!({"a": [1]}),
            Some(".a"),
        ),
        ("unordered", unordered.clone(), json!([1, 2]), None),
        (
            "unordered-wrong",
            unordered.clone(),
            json!([2, 3]),
            Some(""),
        ),
        ("unordered-too-long", unordered, json!([1, 2, 3]), Some("")),
        (
            "contains",
            json!({"$contains": "Seats HAVE"}),
            json!("All seats have been"),
            None,
        ),
        (
            "contains-not",
            json!({"$contains": "seats"}),
            json!("Something else"),
            Some(""),
        ),
        (
            "contains-no-text",
            json!({"$contains": "1"}),
            json!(1),
            Some(""),
        ),
        (
            "not-contains",
            json!({"$notContains": "key"}),
            json!("text"),
            None,
        ),
        (
            "not-contains-but-does",
            json!({"$notContains": "KEY"}),
            json!("the key"),
            Some(""),
        ),
        (
            "not-contains-no-text",
            json!({"$notContains": "key"}),
            Value::Null,
            Some(""),
        ),
        ("range", json!({"$min": 2, "$max": 2.5}), json!(2), None),
        (
            "below-range",
            json!({"$min": 2, "$max": 3}),
            json!(1),
            Some(""),
        ),
        ("above-range", json!({"$max": 3}), json!(4), Some("")),
        ("range-no-number", json!({"$min": 2}), json!("3"), Some("")),
        (
            "time",
            json!({"$time": "2030-01-01T12:00:00Z", "toleranceMs": 10}),
            json!("2030-01-01T13:00:00.009+01:00"),
            None,
        ),
        (
            "wrong-time",
            json!({"$time": "2030-01-01T12:00:00Z", "toleranceMs": 10}),
            json!("2030-01-01T12:00:00.011Z"),
            Some(""),
        ),
        (
            "relative-time-wrong",
            json!({"$time": "+1h", "toleranceMs": 5000}),
            json!("2001-01-01T00:00:00Z"),
            Some(""),
        ),
        (
            "time-no-time",
            json!({"$time": "+1h", "toleranceMs": 5000}),
            json!("soon"),
            Some(""),
        ),
        (
            "unknown-operator",
            json!({"a": {"$almost": 1}}),
            json!({"a": 1}),
            Some(".a"),
        ),
    ]
}

pub(crate) fn trials() -> impl Iterator<Item = Trial> {
    table()
        .into_iter()
        .map(|(name, pattern, actual, expected)| {
            Trial::test(format!("patterns/{name}"), move || {
                let found = check(&pattern, &actual).err();
                match (found, expected) {
                    (None, None) => Ok(()),
                    (Some(mismatch), Some(path)) if mismatch.path == path => Ok(()),
                    (found, _) => Err(Failed::from(format!(
                        "{pattern} against {actual}: {found:?}, expected a mismatch at {expected:?}"
                    ))),
                }
            })
        })
}
