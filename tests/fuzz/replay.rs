//! Hands every file of a corpus to what fuzzing hands its inputs to: included by the crates that own
//! a property, so that an ordinary `cargo test` runs all that fuzzing has found.

#![allow(clippy::print_stdout, reason = "a test that fails shows at which file")]

use std::path::Path;

/// Runs `property` on every file of `corpus/NAME`.
pub(crate) fn corpus(name: &str, property: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus");
    let mut files = 0;
    for entry in std::fs::read_dir(folder.join(name)).expect("the corpus is there") {
        let file = entry.expect("a folder can be read to its end").path();
        println!("{}", file.display());
        property(&std::fs::read(&file).expect("a file of the corpus"));
        files += 1;
    }
    assert!(files > 0, "the corpus {name} is empty");
}
