//! Hands bytes to [`icepanel_invites::fuzzing::options`].
#![cfg_attr(fuzzing, no_main)]

fuzz::target!(icepanel_invites::fuzzing::options);
