//! Hands bytes to [`icepanel_invites::fuzzing::headers`].
#![cfg_attr(fuzzing, no_main)]

fuzz::target!(icepanel_invites::fuzzing::headers);
