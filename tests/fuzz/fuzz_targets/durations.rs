//! Hands bytes to [`icepanel_invites_cli::fuzzing::durations`].
#![cfg_attr(fuzzing, no_main)]

fuzz::target!(icepanel_invites_cli::fuzzing::durations);
