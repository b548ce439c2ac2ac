//! Limits on the time and the size of one exchange.

use std::time::Duration;

/// The longest limit on time: a year.
pub(crate) const LONGEST: Duration = Duration::from_secs(365 * 86_400);

/// Bounds of a single exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connect: Duration,
    pub(crate) read: Duration,
    pub(crate) body: u64,
}

/// How much of a call's time making a connection may take. The client must distinguish a failed connection from a
/// missing response. So the connection's limit ends first: before the half of the remaining time that a create has
/// after a quarter of the call was spent on asking for the time.
pub(crate) fn share_for_connecting(timeout: Duration) -> Duration {
    timeout.min(LONGEST).mul_f64(0.3)
}
