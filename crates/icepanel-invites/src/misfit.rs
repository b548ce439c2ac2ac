//! Where in a JSON document something did not fit.

use std::ops::Range;

/// What is open where the reading stopped.
enum Open {
    /// An object, and the last key in it, as it is written.
    Object { key: Range<usize>, in_key: bool },
    /// An array, and the number of the last element.
    Array(usize),
}

/// The path of what serde_json read last before it told this error of this document: `invite.members[2].email`, or
/// nothing for the document itself. A key stands there as in the document, escapes included.
pub(crate) fn place(json: &[u8], error: &serde_json::Error) -> String {
    let read = &json[..offset(json, error)];
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(byte) = read.get(at) {
        let next = at + 1;
        at = next;
        match byte {
            b'{' => open.push(Open::Object {
                key: 0..0,
                in_key: true,
            }),
            b'[' => open.push(Open::Array(0)),
            b'}' | b']' => drop(open.pop()),
            b'"' => {
                at = end_of_string(read, next);
                if let Some(Open::Object { key, in_key: true }) = open.last_mut() {
                    *key = next..(at - 1).max(next);
                }
            }
            b':' => {
                if let Some(Open::Object { in_key, .. }) = open.last_mut() {
                    *in_key = false;
                }
            }
            b',' => match open.last_mut() {
                Some(Open::Object { in_key, .. }) => *in_key = true,
                Some(Open::Array(index)) => *index += 1,
                None => {}
            },
            _ => {}
        }
    }
    let mut path = String::new();
    for open in open {
        match open {
            Open::Object { key, .. } if key.is_empty() => {}
            Open::Object { key, .. } => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&String::from_utf8_lossy(&read[key]));
            }
            Open::Array(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

/// How many bytes had been read. Of a byte that may not stand where it does, serde_json tells the place behind it.
fn offset(json: &[u8], error: &serde_json::Error) -> usize {
    let mut ends = memchr::memchr_iter(b'\n', json);
    let line = match error.line() {
        0 | 1 => 0,
        line => ends.nth(line - 2).map_or(0, |end| end + 1),
    };
    let offending = usize::from(error.is_syntax());
    (line + error.column().saturating_sub(offending)).min(json.len())
}

/// Behind the quote that ends a string, or the end of what was read.
fn end_of_string(read: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(byte) = read.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    read.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[expect(dead_code, reason = "only whether it can be read matters")]
    struct Document {
        id: String,
        count: Option<u32>,
        flag: bool,
        inner: Inner,
        list: Vec<Inner>,
        numbers: Vec<Vec<i64>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[expect(dead_code, reason = "only whether it can be read matters")]
    struct Inner {
        name: String,
        created_at: chrono::DateTime<chrono::Utc>,
        pair: Vec<u8>,
    }

    fn good() -> Value {
        let inner = json!({"name": "a \"{[, b", "createdAt": "2026-01-15T12:00:00Z", "pair": [1, 2], "more": {"x": [{}, []]}});
        json!({
            "id": "\\", "count": 3, "flag": true, "inner": inner, "list": [inner, inner],
            "numbers": [[], [1, 2], [3]], "unknown": {"id": [1, {"a": "}"}]},
        })
    }

    /// What serde_path_to_error says, which reads the document once more for it.
    fn expected(text: &str) -> String {
        let mut json = serde_json::Deserializer::from_str(text);
        let error = serde_path_to_error::deserialize::<_, Document>(&mut json);
        let path = error.expect_err("it cannot be read").path().to_string();
        if path == "." { String::new() } else { path }
    }

    fn said(text: &str) -> Option<String> {
        let error = serde_json::from_str::<Document>(text).err()?;
        Some(place(text.as_bytes(), &error))
    }

    /// Each value of the document and below, by its pointer.
    fn pointers(value: &Value, at: &str, into: &mut Vec<String>) {
        into.push(at.to_owned());
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    pointers(value, &format!("{at}/{key}"), into);
                }
            }
            Value::Array(elements) => {
                for (index, value) in elements.iter().enumerate() {
                    pointers(value, &format!("{at}/{index}"), into);
                }
            }
            _ => {}
        }
    }

    #[test]
    fn the_good_document_is_good() {
        assert_eq!(said(&good().to_string()), None);
    }

    proptest! {
        /// Any value replaced by another, or left out: the place is the one that serde_path_to_error names.
        #[test]
        fn the_place_is_that_of_the_misfit(
            which in any::<prop::sample::Index>(),
            other in prop::sample::select(vec![
                json!(null), json!(true), json!(-7), json!(1e300), json!("x"), json!("a\n\"]}"), json!([]), json!([1]),
                json!([1, 2, 3]), json!({}), json!({"name": 1}), json!({"a": {"b": []}}),
            ]),
            remove in any::<bool>(),
            pretty in any::<bool>(),
        ) {
            let mut document = good();
            let mut all = Vec::new();
            pointers(&document, "", &mut all);
            let pointer = which.get(&all);
            let (parent, key) = pointer.rsplit_once('/').unwrap_or(("", ""));
            match document.pointer_mut(parent) {
                Some(Value::Object(fields)) if remove => {
                    fields.remove(key);
                }
                _ => {
                    if let Some(value) = document.pointer_mut(pointer) {
                        *value = other;
                    }
                }
            }
            let text = if pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) };
            let text = text.expect("JSON");
            if let Some(said) = said(&text) {
                prop_assert_eq!(said, expected(&text), "{}", text);
            }
        }

        /// A document that is cut, or no JSON: some place, and no panic.
        #[test]
        fn what_is_no_json_has_a_place_too(cut in any::<prop::sample::Index>(), byte in any::<u8>(), swap in any::<bool>()) {
            let mut text = good().to_string().into_bytes();
            let at = cut.index(text.len());
            if swap { text[at] = byte } else { text.truncate(at) }
            if let Err(error) = serde_json::from_slice::<Document>(&text) {
                place(&text, &error);
            }
        }
    }
}
