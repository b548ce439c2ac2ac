//! Hands bytes to [`icepanel_sandbox::fuzzing::requests`].
#![cfg_attr(fuzzing, no_main)]

fuzz::target!(icepanel_sandbox::fuzzing::requests);
