//! `schema.json`: a slip in a name is an error, not a check that never runs.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

/// The schema of a scenario.
pub fn schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        let text = include_str!("../../scenarios/schema.json");
        serde_json::from_str(text).expect("schema.json is JSON")
    });
    &SCHEMA
}

/// Checks that a scenario is as the schema says.
///
/// # Errors
/// All places where it is not.
pub fn valid(scenario: &Value) -> Result<(), String> {
    static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
        jsonschema::draft202012::new(schema()).expect("schema.json is a JSON schema")
    });
    let errors: Vec<String> = VALIDATOR
        .iter_errors(scenario)
        .map(|error| {
            let place = error.instance_path();
            format!("not as schema.json says at {place}: {error}")
        })
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors.join("\n"))
    }
}
