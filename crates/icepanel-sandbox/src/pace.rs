//! How fast a response is sent.

use std::time::Duration;

/// How the body of a response is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    Whole,
    /// Half of it, then nothing.
    Stall,
    /// Half of it, then the end of the connection.
    Short,
    /// One byte at a time.
    Drip(Duration),
}
