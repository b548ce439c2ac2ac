#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| icepanel_sandbox::fuzzing::requests(data));
