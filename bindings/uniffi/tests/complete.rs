//! Every method and option of the core is here, and in Kotlin.

#![allow(
    clippy::expect_used,
    reason = "a test that cannot read its files has nothing better to do"
)]

use std::fs;
use std::path::Path;

use icepanel_invites::{Action, Outcome};

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|why| format!("{}: {why}", path.display()))
}

/// The names after `before` in a source, as in `pub async fn NAME(`.
fn names(source: &str, before: &str) -> Vec<String> {
    let letters = |c: char| c.is_ascii_lowercase() || c == '_';
    source
        .split(before)
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| letters(*c)).collect())
        .collect()
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        let (head, tail) = word.split_at(1);
        text + &head.to_uppercase() + tail
    })
}

const KOTLIN: &str = "../kotlin/invites/src/main/kotlin/icepanel/invites";

#[test]
fn no_method_of_the_client_is_left_out() {
    let core = read("../../crates/icepanel-invites/src/client/handle.rs")
        + &read("../../crates/icepanel-invites/src/client/construct.rs")
        + &read("../../crates/icepanel-invites/src/client/roster.rs");
    let here = read("src/client.rs");
    let kotlin = read(&format!("{KOTLIN}/InviteClient.kt"));
    let futures = read(&format!("{KOTLIN}/InviteFutures.kt"));
    let calls = names(&core, "pub async fn ");
    assert!(calls.len() >= 12, "{calls:?}");
    for call in &calls {
        assert!(here.contains(&format!("async fn {call}(")), "{call}");
        let function = format!("fun {}(", camel_case(call));
        assert!(kotlin.contains(&function), "{function} of InviteClient");
        assert!(futures.contains(&function), "{function} of InviteFutures");
    }
    for method in names(&core, "    pub fn ") {
        // Two are the constructors; a listener is an option here, and belongs to its client.
        if method.starts_with("builder") || method == "with_on_event" {
            continue;
        }
        // Kotlin's functions of these names hand over one change each.
        let method_here = match method.as_str() {
            "with_timeout" | "with_retry" => "with_options",
            other => other,
        };
        assert!(here.contains(&format!("fn {method_here}(")), "{method}");
        assert!(
            kotlin.contains(&format!(" {}", camel_case(&method))),
            "{method}"
        );
    }
}

#[test]
fn no_option_is_left_out() {
    let core = read("../../crates/icepanel-invites/src/client/builder.rs");
    // What crosses is the core's own record, which the compiler compares.
    let kotlin = read(&format!("{KOTLIN}/ClientOptions.kt"));
    let options = names(&core, "    pub fn ");
    assert!(options.len() >= 11, "{options:?}");
    // Neither language's users set a variable of their own for authorities.
    let elsewhere = ["build", "ca_variable"];
    for option in options
        .iter()
        .filter(|name| !elsewhere.contains(&name.as_str()))
    {
        let name = match option.as_str() {
            "clock" => "skipWaits".to_owned(),
            other => camel_case(other),
        };
        assert!(kotlin.contains(&format!("var {name}:")), "{name}");
    }
}

#[test]
fn no_action_or_outcome_is_left_out() {
    let plan = read(&format!("{KOTLIN}/Plan.kt"));
    for action in Action::ALL {
        assert!(plan.contains(&format!("(\"{action}\"),")), "{action}");
    }
    let report = read(&format!("{KOTLIN}/Report.kt"));
    for outcome in Outcome::ALL {
        assert!(report.contains(&format!("(\"{outcome}\"),")), "{outcome}");
    }
}
