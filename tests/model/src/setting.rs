//! What the model assumes. Time is in ticks of half a second. The longer times of the client are scaled down, in their order:
//! README.md has the table.

/// The pauses before the readings of the list: `READ_SCHEDULE`.
pub(crate) const SCHEDULE: [u8; 3] = [0, 2, 4];

/// `SETTLE_DELAY`.
pub(crate) const SETTLE: u8 = 2;

/// `CLOCK_TOLERANCE`.
pub(crate) const TOLERANCE: i8 = 2;

/// The age, by `Date`, after which a reader believes an invite at once: `is_settled`.
pub(crate) const SETTLED: i8 = 6 + SETTLE as i8 + TOLERANCE;

/// A create is sent so often.
pub(crate) const ATTEMPTS: u8 = 2;

/// A time that is not limited.
pub(crate) const UNLIMITED: u8 = u8::MAX;

/// How two invites with the same `createdAt` are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ties {
    /// By id, as the client does.
    ById,
    /// Each worker puts its own first.
    OwnFirst,
    /// Each worker puts its own last.
    OwnLast,
}

/// What a worker does, and what the service and the network may do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub(crate) workers: usize,
    /// All ask for the same permission and expiry; otherwise for expiries of their own.
    pub(crate) alike: bool,
    /// The unit of `createdAt`: 2 is a second, 1 is exact.
    pub(crate) unit: u8,
    /// An invite may be stamped some time before it is stored.
    pub(crate) stamped_early: bool,
    /// An invite is in the list less than so many ticks after it is stored.
    pub(crate) lag: u8,
    /// And less than so many ticks after it was stamped.
    pub(crate) listed_within: u8,
    /// An older invite is in the list less than so many ticks after a newer one.
    pub(crate) order: u8,
    /// The same for an invite of the same `createdAt` and a smaller id, which was made later: so many ticks more.
    pub(crate) tie_order: u8,
    /// `createdAt` is given by several clocks.
    pub(crate) several_clocks: bool,
    /// Each reading comes from another replica, which is behind by less than `lag`.
    pub(crate) replicas: bool,
    /// A revoked invite may be listed as active.
    pub(crate) stale_revokes: bool,
    /// The response to a create has more digits in `createdAt` than the list.
    pub(crate) exact_response: bool,
    pub(crate) ties: Ties,
    /// The clock of `Date` less that of `createdAt`: one of these.
    pub(crate) skews: &'static [i8],
    /// So many responses to a create are lost, with a broken connection or a 5xx.
    pub(crate) lost: u8,
    /// The service may carry out such a request later.
    pub(crate) late: bool,
    /// So many creates time out. The service may carry them out less than `timed_out_within` ticks later.
    pub(crate) timed_out: u8,
    pub(crate) timed_out_within: u8,
    /// So many workers are killed, each between any two steps.
    pub(crate) crashes: u8,
    /// How long a worker waits before it decides.
    pub(crate) settle: u8,
    /// With whole seconds it waits a second longer.
    pub(crate) waits_for_ties: bool,
    /// The reading that decides must show the invite that an earlier one has shown, or that the response had: it is
    /// repeated by the schedule.
    pub(crate) decides_on_shown: bool,
}

impl Setting {
    /// Everything that the client assumes.
    pub(crate) fn assumed(workers: usize) -> Self {
        Self {
            workers,
            alike: true,
            unit: 2,
            stamped_early: true,
            lag: 6,
            listed_within: UNLIMITED,
            order: SETTLE,
            tie_order: 2,
            several_clocks: false,
            replicas: false,
            stale_revokes: true,
            exact_response: false,
            ties: Ties::ById,
            skews: &[0],
            lost: 0,
            late: false,
            timed_out: 0,
            timed_out_within: UNLIMITED,
            crashes: 0,
            settle: SETTLE,
            waits_for_ties: true,
            decides_on_shown: true,
        }
    }

    /// `wait_for_competitors`.
    pub(crate) fn wait(&self) -> u8 {
        match self.waits_for_ties && self.unit > 1 {
            true => self.settle + self.unit,
            false => self.settle,
        }
    }
}
