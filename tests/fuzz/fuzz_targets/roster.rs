#![no_main]
#![allow(dead_code, reason = "the command's files hold more than a target needs")]

#[path = "../../../crates/icepanel-cli/src/fuzzing.rs"]
mod fuzzing;
#[path = "../../../crates/icepanel-cli/src/roster/mod.rs"]
mod roster;
#[path = "../../../crates/icepanel-cli/src/time.rs"]
mod time;

/// The command's, without how it is shown.
mod errors {
    pub(crate) enum Failure {
        Own(String, String),
        Problems(String, Vec<String>, &'static str),
    }

    impl Failure {
        pub(crate) fn usage(message: impl Into<String>, advice: impl Into<String>) -> Self {
            Self::Own(message.into(), advice.into())
        }
    }
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzzing::roster(data));
