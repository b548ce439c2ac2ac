//! Requests and responses, short enough to read quickly.

use icepanel_sandbox::{FaultName, LogEntry};
use serde_json::{Map, Value};

use crate::output::Output;
use crate::text::printable;

/// The fields of an invite, a member or an organization that are shown, in this order; `…` replaces the others.
const SHOWN: &[&str] = &["id", "email", "permission", "revokedAt", "seats", "users"];

/// A request and its response, indented.
pub(super) fn exchange(entry: &LogEntry, output: &Output) -> String {
    let request = format!("{} {}", entry.method, printable(&entry.path));
    let mut text = format!("   {}", output.style("36", &request));
    if !entry.body.is_null() {
        text.push_str(&format!("\n     {}", printable(&entry.body.to_string())));
    }
    let answer = match entry.status {
        Some(status) => {
            let color = if status < 400 { "32" } else { "33" };
            format!(
                "{} {}",
                output.style(color, &format!("→ {status}")),
                short(&entry.answer)
            )
        }
        None => output.style("33", nothing(entry.fault)),
    };
    text.push_str(&format!("\n     {answer}"));
    text
}

/// Why there was no response.
fn nothing(fault: Option<FaultName>) -> &'static str {
    match fault {
        Some(FaultName::ActThenCut) => {
            "→ no response: the sandbox made the invite, then cut the connection"
        }
        _ => "→ no response",
    }
}

/// JSON on one line, without what does not matter here.
fn short(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value);
    printable(&text)
}

fn write(text: &mut String, value: &Value) {
    match value {
        Value::Array(values) => {
            text.push('[');
            // The newest is the last.
            if let [before @ .., last] = values.as_slice() {
                if !before.is_empty() {
                    text.push_str(&format!("… {} more, ", before.len()));
                }
                write(text, last);
            }
            text.push(']');
        }
        Value::Object(fields) if is_thing(fields) => {
            let shown = SHOWN
                .iter()
                .filter_map(|name| fields.get_key_value(*name))
                .collect::<Vec<_>>();
            write_fields(text, &shown, shown.len() < fields.len());
        }
        Value::Object(fields) => write_fields(text, &fields.iter().collect::<Vec<_>>(), false),
        other => text.push_str(&other.to_string()),
    }
}

fn write_fields(text: &mut String, fields: &[(&String, &Value)], more: bool) {
    text.push('{');
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&format!("{}:", Value::from(name.as_str())));
        write(text, value);
    }
    text.push_str(if more { ",…}" } else { "}" });
}

/// Whether these are the fields of an invite, a member or an organization, rather than a wrapping around one.
fn is_thing(fields: &Map<String, Value>) -> bool {
    fields.contains_key("permission") || fields.contains_key("seats")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_response_is_shortened() {
        let answer = json!({"organizationUserInvites": [
            {"id": "a", "email": "ada@example.com", "permission": "read", "createdBy": "api-key"},
            {"id": "b", "email": "bea@example.com", "permission": "write", "createdBy": "api-key"},
        ]});
        assert_eq!(
            short(&answer),
            r#"{"organizationUserInvites":[… 1 more, {"id":"b","email":"bea@example.com","permission":"write",…}]}"#
        );
        assert_eq!(
            short(&json!({"organizationUserInvites": []})),
            r#"{"organizationUserInvites":[]}"#
        );
        assert_eq!(
            short(&json!({"message": "no\u{1b}"})),
            r#"{"message":"no\u001b"}"#
        );
    }
}
