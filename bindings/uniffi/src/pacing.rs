//! At which pace a client sends.

use std::time::Duration;

use icepanel_invites::{InviteError, Pacing as Core, RateLimit as CoreLimit};

use crate::limits::{duration, small_count};

/// The pace of one class of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RateLimit {
    /// No limit of the client's own: only a 429 slows such requests down.
    Unlimited,
    /// So many requests in so long.
    Window {
        /// How many.
        requests: i64,
        /// In how many milliseconds.
        window_ms: i64,
    },
}

/// At which pace a client sends: reads and writes apart, as the service counts them. What is left out is as documented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct Pacing {
    /// The limit of `GET`.
    #[uniffi(default = None)]
    pub reads: Option<RateLimit>,
    /// The limit of `POST`.
    #[uniffi(default = None)]
    pub writes: Option<RateLimit>,
}

/// The limits of the service's documentation.
#[uniffi::export]
pub fn documented_pacing() -> Pacing {
    let core = Core::documented();
    Pacing {
        reads: core.reads.map(RateLimit::from),
        writes: core.writes.map(RateLimit::from),
    }
}

impl From<CoreLimit> for RateLimit {
    fn from(limit: CoreLimit) -> Self {
        Self::Window {
            requests: limit.requests.into(),
            window_ms: i64::try_from(limit.window.as_millis()).unwrap_or(i64::MAX),
        }
    }
}

impl RateLimit {
    fn parts(self) -> Result<Option<(u32, Duration)>, InviteError> {
        match self {
            Self::Unlimited => Ok(None),
            Self::Window {
                requests,
                window_ms,
            } => Ok(Some((
                small_count("number of requests of a rate limit", requests)?,
                duration("window of a rate limit", window_ms)?,
            ))),
        }
    }
}

impl Pacing {
    pub(crate) fn into_core(self) -> Result<Core, InviteError> {
        let documented = Core::documented();
        let mut pacing = Core::none();
        let reads = self.reads.or(documented.reads.map(RateLimit::from));
        if let Some((requests, window)) = reads.unwrap_or(RateLimit::Unlimited).parts()? {
            pacing = pacing.reads(requests, window);
        }
        let writes = self.writes.or(documented.writes.map(RateLimit::from));
        if let Some((requests, window)) = writes.unwrap_or(RateLimit::Unlimited).parts()? {
            pacing = pacing.writes(requests, window);
        }
        Ok(pacing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_as_documented_and_each_half_may_be_unlimited() {
        let pace = |reads, writes| Pacing { reads, writes }.into_core().ok();
        let unlimited = Some(RateLimit::Unlimited);
        assert_eq!(pace(None, None), Some(Core::documented()));
        assert_eq!(pace(unlimited, unlimited), Some(Core::none()));
        let half = pace(unlimited, None);
        assert_eq!(half.and_then(|pace| pace.reads), None);
        assert_eq!(half.and_then(|pace| pace.writes), Core::documented().writes);
    }

    #[test]
    fn a_negative_rate_is_rejected() {
        for (requests, window_ms) in [(-1, 1), (1, -1)] {
            let limit = RateLimit::Window {
                requests,
                window_ms,
            };
            let pacing = Pacing {
                reads: None,
                writes: Some(limit),
            };
            assert!(pacing.into_core().is_err(), "{limit:?}");
        }
    }
}
