//! Shows that the patterns and the judge can fail: ones that pass everything would make every scenario worthless.
//! `tests/scenarios/patterns.json` has the cases, for all languages.

use libtest_mimic::{Failed, Trial};
use scenario_judge::check;
use serde_json::Value;

use crate::judged;

pub(crate) fn trials(controls: &Value) -> Vec<Trial> {
    let patterns = cases(controls, "patterns").map(|(name, case)| {
        Trial::test(format!("patterns/{name}"), move || {
            let found = check(&case["pattern"], &case["actual"]).err();
            match (&found, case["mismatch"].as_str()) {
                (None, None) => Ok(()),
                (Some(mismatch), Some(path)) if mismatch.path == path => Ok(()),
                _ => Err(Failed::from(format!("{case}: {found:?}"))),
            }
        })
    });
    let failing = cases(controls, "failing").map(|(name, case)| {
        Trial::test(format!("failing/{name}"), move || {
            match judged(&name, &case["scenario"]) {
                // Not for a slip in the control itself.
                Err(why) if why.contains("\nexpected ") => Ok(()),
                Err(why) => Err(Failed::from(format!("fails otherwise: {why}"))),
                Ok(()) => Err(Failed::from(format!("passes: {case}"))),
            }
        })
    });
    patterns.chain(failing).collect()
}

fn cases<'a>(controls: &'a Value, kind: &str) -> impl Iterator<Item = (String, Value)> + 'a {
    let cases = controls[kind].as_array().into_iter().flatten();
    cases.map(|case| {
        let name = case["name"].as_str().unwrap_or_default().to_owned();
        (name, case.clone())
    })
}
