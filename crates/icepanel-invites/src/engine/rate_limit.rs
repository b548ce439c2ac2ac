//! The rate at which a client sends.

use std::time::Duration;

use crate::error::InviteError;
use crate::http::limits::LONGEST;

/// How many requests the service accepts in a window of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The number of requests.
    pub requests: u32,
    /// The length of the window.
    pub window: Duration,
}

impl RateLimit {
    /// At most this number of requests in a window of this length.
    pub const fn new(requests: u32, window: Duration) -> Self {
        Self { requests, window }
    }
}

/// The rate at which a client sends: separate limits for reads and writes, as the service counts them. The default is
/// [`documented`](Self::documented).
///
/// Without a limit only the responses of the service slow a class down: if one call has to wait,
/// all calls wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pacing {
    /// The limit of `GET`.
    pub reads: Option<RateLimit>,
    /// The limit of `POST`.
    pub writes: Option<RateLimit>,
}

/// The documented limit of `GET`.
const READS: RateLimit = RateLimit::new(2400, Duration::from_secs(60));

/// The documented limit of `POST`.
pub(crate) const WRITES: RateLimit = RateLimit::new(60, Duration::from_secs(60));

impl Pacing {
    /// The limits of the service's rate-limits page: 2,400 reads and 60 writes a minute.
    pub fn documented() -> Self {
        Self {
            reads: Some(READS),
            writes: Some(WRITES),
        }
    }

    /// No limit of the client itself, for a service that has none, such as a server in a test.
    pub fn none() -> Self {
        Self {
            reads: None,
            writes: None,
        }
    }

    /// Sets the limit of `POST`.
    #[must_use]
    pub fn writes(mut self, requests: u32, window: Duration) -> Self {
        self.writes = Some(RateLimit { requests, window });
        self
    }

    /// Sets the limit of `GET`.
    #[must_use]
    pub fn reads(mut self, requests: u32, window: Duration) -> Self {
        self.reads = Some(RateLimit { requests, window });
        self
    }
}

impl Pacing {
    /// Rejects a limit of 0 requests, and a window that never ends.
    pub(crate) fn check(&self) -> Result<(), InviteError> {
        for (name, limit) in [("reads", self.reads), ("writes", self.writes)] {
            let Some(limit) = limit else { continue };
            let why = if limit.requests == 0 {
                "0 requests"
            } else if limit.window.is_zero() {
                "a window of length 0"
            } else if limit.window > LONGEST {
                "a window of more than a year"
            } else {
                continue;
            };
            return Err(InviteError::invalid_input(format!(
                "the pacing of {name} has {why}; for no limit at all, set it to none"
            )));
        }
        Ok(())
    }
}

impl Default for Pacing {
    fn default() -> Self {
        Self::documented()
    }
}

impl RateLimit {
    /// The limit as a number of permits, at least one.
    pub(crate) fn most(self) -> usize {
        usize::try_from(self.requests).unwrap_or(usize::MAX).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn each_class_has_the_limit_that_was_set() {
        let limit = |requests| RateLimit {
            requests,
            window: HOUR,
        };
        let pacing = Pacing::none().reads(7, HOUR).writes(3, HOUR);
        let both = (pacing.reads, pacing.writes);
        assert_eq!(both, (Some(limit(7)), Some(limit(3))));
    }

    #[test]
    fn a_limit_that_is_none_and_a_window_that_never_ends_are_refused_by_name() {
        for (pacing, says) in [
            (Pacing::none().writes(60, Duration::MAX), "writes"),
            (Pacing::none().reads(60, LONGEST * 2), "reads"),
            (Pacing::none().writes(0, HOUR), "writes"),
            (Pacing::none().reads(9, Duration::ZERO), "reads"),
        ] {
            let error = pacing.check().expect_err("it cannot be kept");
            assert_eq!(error.kind(), crate::ErrorKind::InvalidInput);
            assert!(error.message().contains(says), "{error}");
        }
        for pacing in [Pacing::none(), Pacing::none().writes(1, LONGEST)] {
            pacing.check().expect("it can be kept");
        }
    }
}
