//! What the targets share. Built by cargo-fuzz a target hands libFuzzer's inputs to its property; built otherwise
//! it replays the files that are named on its command line.

/// The program of a target, for a function that panics where a property does not hold.
#[macro_export]
macro_rules! target {
    ($property:path) => {
        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_target!(|data: &[u8]| $property(data));

        #[cfg(not(fuzzing))]
        fn main() -> std::io::Result<()> {
            $crate::replay($property)
        }
    };
}

/// Runs `property` on each file that is named on the command line.
pub fn replay(property: fn(&[u8])) -> std::io::Result<()> {
    for file in std::env::args_os().skip(1) {
        property(&std::fs::read(file)?);
    }
    Ok(())
}
