//! Hands bytes to [`icepanel_cli::fuzzing::durations`].
#![cfg_attr(fuzzing, no_main)]

fuzz::target!(icepanel_cli::fuzzing::durations);
