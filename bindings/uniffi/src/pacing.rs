//! At which pace a client sends.

use std::time::Duration;

use icepanel_invites::{Pacing as Core, RateLimit as CoreLimit};

/// So many requests in so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RateLimit {
    /// How many.
    pub requests: u32,
    /// In how many milliseconds.
    pub window_ms: u64,
}

/// At which pace a client sends: reads and writes apart, as the service counts them. A class without
/// a limit is only slowed down by the service's own words.
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
    let limit = |limit: CoreLimit| RateLimit {
        requests: limit.requests,
        window_ms: u64::try_from(limit.window.as_millis()).unwrap_or(u64::MAX),
    };
    let core = Core::documented();
    Pacing {
        reads: core.reads.map(limit),
        writes: core.writes.map(limit),
    }
}

impl Pacing {
    pub(crate) fn into_core(self) -> Core {
        let mut pacing = Core::none();
        if let Some(limit) = self.reads {
            pacing = pacing.reads(limit.requests, Duration::from_millis(limit.window_ms));
        }
        if let Some(limit) = self.writes {
            pacing = pacing.writes(limit.requests, Duration::from_millis(limit.window_ms));
        }
        pacing
    }
}
