//! The faults that change the JSON of a response.

use serde_json::Value;

use crate::{Fault, FaultName};

/// The body with the fault in it.
pub(crate) fn spoil(body: &[u8], fault: &Fault) -> Vec<u8> {
    if fault.fault == FaultName::TruncatedJson {
        return half(body);
    }
    let Ok(mut value) = serde_json::from_slice(body) else {
        return body.to_vec();
    };
    let fields = fault.fields.as_deref().unwrap_or_default();
    match fault.fault {
        FaultName::MissingFields => each_object(&mut value, &mut |object| {
            object.retain(|name, _| !fields.contains(name));
        }),
        FaultName::NullFields => each_object(&mut value, &mut |object| {
            for (_, value) in object.iter_mut().filter(|(name, _)| fields.contains(name)) {
                *value = Value::Null;
            }
        }),
        FaultName::UnknownValues => each_object(&mut value, &mut |object| {
            for (name, unknown) in [("permission", "observer"), ("createdBy", "robot")] {
                if let Some(value) = object.get_mut(name) {
                    *value = Value::from(unknown);
                }
            }
        }),
        FaultName::DuplicateEntries => {
            if let Some(Value::Array(entries)) = value.get_mut("organizationUserInvites") {
                *entries = entries
                    .drain(..)
                    .flat_map(|entry| [entry.clone(), entry])
                    .collect();
            }
        }
        FaultName::NextPage => next_page(&mut value),
        _ => {}
    }
    serde_json::to_vec(&value).unwrap_or_default()
}

/// Leaves the first half of the entries of a list, and a cursor.
fn next_page(value: &mut Value) {
    match value.get_mut("organizationUserInvites") {
        Some(Value::Array(entries)) => entries.truncate(entries.len() / 2),
        _ => match value.get_mut("organizationUsers") {
            Some(Value::Object(members)) => {
                let first = members.len() / 2;
                *members = std::mem::take(members).into_iter().take(first).collect();
            }
            _ => return,
        },
    }
    value["nextCursor"] = "page-2".into();
}

fn half(body: &[u8]) -> Vec<u8> {
    let mut end = body.len() / 2;
    // Not inside a character: the JSON is to be broken, not the text.
    while end > 0 && body[end] & 0xC0 == 0x80 {
        end -= 1;
    }
    body[..end].to_vec()
}

fn each_object(value: &mut Value, change: &mut impl FnMut(&mut serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            change(object);
            object
                .values_mut()
                .for_each(|value| each_object(value, change));
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| each_object(value, change)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    fn spoilt(fault: &Fault) -> Value {
        let body = json!({"organizationUserInvites": [{"id": "a", "permission": "read", "createdBy": "api-key"}]});
        serde_json::from_slice(&spoil(body.to_string().as_bytes(), fault)).unwrap()
    }

    #[test]
    fn fields_are_changed_at_any_depth() {
        let fields = Some(vec!["id".to_owned()]);
        let missing = spoilt(&Fault {
            fields: fields.clone(),
            ..Fault::new(FaultName::MissingFields)
        });
        assert_eq!(
            missing,
            json!({"organizationUserInvites": [{"permission": "read", "createdBy": "api-key"}]})
        );
        let nulls = spoilt(&Fault {
            fields,
            ..Fault::new(FaultName::NullFields)
        });
        assert_eq!(nulls["organizationUserInvites"][0]["id"], Value::Null);
        let unknown = spoilt(&Fault::new(FaultName::UnknownValues));
        assert_eq!(
            unknown["organizationUserInvites"][0]["permission"],
            "observer"
        );
        assert_eq!(unknown["organizationUserInvites"][0]["createdBy"], "robot");
        let twice = spoilt(&Fault::new(FaultName::DuplicateEntries));
        assert_eq!(
            twice["organizationUserInvites"].as_array().unwrap().len(),
            2
        );
    }

    #[test]
    fn a_list_is_halved_and_another_response_is_not() {
        let page = |body: &Value| {
            let body = body.to_string();
            let body = spoil(body.as_bytes(), &Fault::new(FaultName::NextPage));
            serde_json::from_slice::<Value>(&body).unwrap()
        };
        assert_eq!(
            page(&json!({"organizationUserInvites": [1, 2, 3]})),
            json!({"organizationUserInvites": [1], "nextCursor": "page-2"})
        );
        assert_eq!(
            page(&json!({"organizationUsers": {"u-1": 1, "u-2": 2}})),
            json!({"organizationUsers": {"u-1": 1}, "nextCursor": "page-2"})
        );
        let other = json!({"organization": {"users": {"u-1": 1}}});
        assert_eq!(page(&other), other);
    }

    #[test]
    fn json_is_cut_between_characters() {
        assert_eq!(half("\"ééé\"".as_bytes()), "\"é".as_bytes());
        assert_eq!(half(b""), b"");
    }
}
