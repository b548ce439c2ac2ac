//! Hands bytes to [`icepanel_invites_cli::fuzzing::configuration`].
#![cfg_attr(fuzzing, no_main)]

fuzz::target!(icepanel_invites_cli::fuzzing::configuration);
