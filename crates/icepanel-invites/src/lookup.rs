//! What became of a create that got no clear answer: the list tells.

use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Timelike, Utc};

use crate::call::Call;
use crate::clock::{Moment, earlier};
use crate::error::InviteError;
use crate::filter::InviteFilter;
use crate::input::same_address;
use crate::list;
use crate::model::{Invite, Permission};
use crate::transport::Head;

/// After how long, counted from the reading before, the list is read again. The list may lag
/// behind; together they are the time for which it must show nothing before the client believes it.
pub(crate) const READINGS: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_millis(1000),
    Duration::from_millis(1250),
];

/// How far the clock that writes `Date` and the one that stamps invites may be apart: often they are
/// two machines'.
pub(crate) const CLOCKS_APART: TimeDelta = TimeDelta::seconds(30);

/// The longest time between two readings where the client goes on looking.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// The invite that is looked for.
pub(crate) struct Wanted<'a> {
    pub(crate) email: &'a str,
    pub(crate) permission: &'a Permission,
    pub(crate) expires_at: DateTime<Utc>,
    /// When the first request without a clear answer was sent.
    pub(crate) sent: Moment,
}

/// What the list says of it.
pub(crate) enum Finding {
    /// It is there.
    Made(Box<Invite>),
    /// It was not there for as long as the list is given to catch up.
    NotMade,
    /// Not as it was asked for, but this one came since the send, with another end. The service may
    /// have changed the end, for nobody documents how far off it may lie; or somebody else has invited
    /// the person.
    InQuestion(Box<Invite>),
    /// The call's time did not suffice, or the list cannot be read: why.
    Unknown(String),
}

impl Wanted<'_> {
    /// Whether the list, read at `head`, shows this invite as the work of our request.
    pub(crate) fn is(&self, invite: &Invite, head: &Head) -> bool {
        self.may_be(invite, head) && same_at_kept_precision(self.expires_at, invite.expires_at)
    }

    /// Whether the service answered with what was asked for. It may keep another end, and this client
    /// may not know the permission's name.
    pub(crate) fn is_answered_by(&self, invite: &Invite) -> bool {
        let unknown = |permission: &Permission| matches!(permission, Permission::Other(_));
        same_address(&invite.email, self.email)
            && (invite.permission == *self.permission
                || unknown(&invite.permission)
                || unknown(self.permission))
    }

    /// The same as [`is`](Self::is), if the service may have changed the end.
    pub(crate) fn may_be(&self, invite: &Invite, head: &Head) -> bool {
        same_address(&invite.email, self.email)
            && invite.permission == *self.permission
            && self.is_new(invite, head)
    }

    /// Whether the invite was made at or after the send, as far as clocks can tell: where they leave it
    /// open, it is taken for ours, for the person is invited as asked, and a second one would be worse.
    /// Where the response has no `Date`, that is any active invite that fits.
    fn is_new(&self, invite: &Invite, head: &Head) -> bool {
        match head.dated {
            true => made_since(invite.created_at, self.sent_at(head)),
            false => invite.is_active(),
        }
    }

    /// The earliest instant, by the service's clock, at which our request can have been sent:
    /// `Date` has whole seconds cut off, so this is up to a second too early.
    fn sent_at(&self, head: &Head) -> DateTime<Utc> {
        let ago = head.received.since(self.sent);
        earlier(head.now, ago)
    }
}

/// Reads the list until it shows the invite, or has been given its time. With `still_possible` the
/// service may still be at work on the request, so that no time is enough to say that it was not
/// made.
pub(crate) async fn find(call: &Call<'_>, wanted: &Wanted<'_>, still_possible: bool) -> Finding {
    let mut pauses = READINGS.into_iter();
    let mut last = Duration::ZERO;
    // Readings that failed are made up for: what counts is the time over which the list was read.
    let mut trouble = false;
    let mut in_question = None;
    loop {
        let pause = match pauses.next() {
            Some(pause) => pause,
            None if trouble => (last * 2).min(LONGEST_PAUSE),
            // However long the list is read, it will not show whose work this one is.
            None if in_question.is_some() => return in_question_or(in_question, Finding::NotMade),
            None if still_possible => (last * 2).min(LONGEST_PAUSE),
            None => return Finding::NotMade,
        };
        last = pause;
        if pause >= call.remaining() {
            let why =
                "the time of the call ended before the list could tell whether the invite was made";
            return in_question_or(in_question, Finding::Unknown(why.to_owned()));
        }
        if !pause.is_zero() {
            call.sleep(pause).await;
        }
        match once(call, wanted).await {
            Ok(Seen::Ours(invite)) => return Finding::Made(Box::new(invite)),
            Ok(Seen::Other(other)) => {
                in_question = other.map(Box::new);
                trouble = false;
            }
            Err(error) if error.retryable() => trouble = true,
            Err(error) => {
                return Finding::Unknown(format!(
                    "the list that could tell whether the invite was made cannot be read: {}",
                    error.message()
                ));
            }
        }
    }
}

fn in_question_or(invite: Option<Box<Invite>>, otherwise: Finding) -> Finding {
    invite.map_or(otherwise, Finding::InQuestion)
}

/// What one reading of the list shows.
enum Seen {
    Ours(Invite),
    /// Not ours; one that is [in question](Finding::InQuestion), if there is one.
    Other(Option<Invite>),
}

/// Reads the list once and claims the invite if it is there: of several, the earliest that is free.
async fn once(call: &Call<'_>, wanted: &Wanted<'_>) -> Result<Seen, InviteError> {
    let filter = InviteFilter::default().email(wanted.email);
    let (head, mut invites) = list::read(call, &filter).await?;
    invites.retain(|invite| wanted.may_be(invite, &head));
    invites.sort_by(|a, b| list::rank(a).cmp(&list::rank(b)));
    let known = &call.shared.known;
    let ours = invites
        .iter()
        .position(|invite| wanted.is(invite, &head) && known.claim(&invite.id, wanted.sent));
    Ok(match ours {
        Some(index) => Seen::Ours(invites.swap_remove(index)),
        None => Seen::Other(
            invites
                .into_iter()
                .find(|invite| invite.is_active() && known.is_free(&invite.id, wanted.sent)),
        ),
    })
}

/// The precision with which the service can have kept a time: the largest unit of which it is a
/// whole number.
pub(crate) fn kept_precision(time: DateTime<Utc>) -> TimeDelta {
    let nanos = time.nanosecond();
    if nanos != 0 {
        let zeros = (1..9).take_while(|digits| nanos.is_multiple_of(10_u32.pow(*digits)));
        TimeDelta::nanoseconds(10_i64.pow(zeros.last().unwrap_or(0)))
    } else if time.second() != 0 {
        TimeDelta::seconds(1)
    } else if time.minute() != 0 {
        TimeDelta::minutes(1)
    } else if time.hour() != 0 {
        TimeDelta::hours(1)
    } else {
        TimeDelta::days(1)
    }
}

/// Whether a service that was asked for one time and keeps another may have cut or rounded it.
pub(crate) fn same_at_kept_precision(asked: DateTime<Utc>, kept: DateTime<Utc>) -> bool {
    (asked - kept).abs() < kept_precision(kept)
}

/// Whether an invite can have been made at `since` or later, given that its time may be cut off, and
/// that another clock than that of `since` has given it.
fn made_since(created_at: DateTime<Utc>, since: DateTime<Utc>) -> bool {
    let precision = kept_precision(created_at).min(TimeDelta::seconds(1));
    created_at
        .checked_add_signed(precision + CLOCKS_APART)
        .is_none_or(|latest| latest > since.trunc_subsecs(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    #[test]
    fn the_kept_time_may_be_cut_or_rounded_but_not_another() {
        let asked = time("2026-03-04T05:06:07.891234567Z");
        for kept in [
            "2026-03-04T05:06:07.891234567Z",
            "2026-03-04T05:06:07.891234Z",
            "2026-03-04T05:06:07.891235Z",
            "2026-03-04T05:06:07.891Z",
            "2026-03-04T05:06:07.892Z",
            "2026-03-04T05:06:07Z",
            "2026-03-04T05:06:08Z",
            "2026-03-04T05:06:00Z",
            "2026-03-04T05:07:00Z",
            "2026-03-04T00:00:00Z",
            "2026-03-04T07:06:07.891+02:00",
        ] {
            assert!(same_at_kept_precision(asked, time(kept)), "{kept}");
        }
        for other in [
            "2026-03-04T05:06:07.893Z",
            "2026-03-04T05:06:07.889Z",
            "2026-03-04T05:06:09Z",
            "2026-03-04T05:06:06Z",
            "2026-03-04T05:08:00Z",
            "2026-03-05T05:06:07.891Z",
            "2027-03-04T05:06:07Z",
        ] {
            assert!(!same_at_kept_precision(asked, time(other)), "{other}");
        }
        let (asked, next) = (time("2026-03-04T05:06:08Z"), time("2026-03-04T05:06:09Z"));
        assert!(!same_at_kept_precision(asked, next), "a whole unit off");
    }

    #[test]
    fn the_end_of_the_second_before_the_clocks_difference_is_before() {
        let made = time("2026-03-04T05:06:06.999Z");
        assert!(!made_since(made, time("2026-03-04T05:06:37.5Z")));
        assert!(made_since(made, time("2026-03-04T05:06:36.9995Z")));
    }

    proptest! {
        #[test]
        fn any_cut_or_rounding_to_a_unit_is_recognised(
            seconds in 0i64..4_000_000_000,
            nanos in 0u32..1_000_000_000,
            digits in 0u16..=9,
            round in any::<bool>(),
        ) {
            let asked = DateTime::from_timestamp(seconds, nanos).expect("in range");
            let kept = if round { asked.round_subsecs(digits) } else { asked.trunc_subsecs(digits) };
            prop_assert!(same_at_kept_precision(asked, kept));
        }

        #[test]
        fn a_time_further_off_than_its_own_precision_is_another(
            seconds in 1_000_000i64..4_000_000_000,
            tens in 0u32..99,
            off in 1i64..1_000_000_000,
        ) {
            // The last digit is there: kept to the nanosecond, so nothing was cut.
            let kept = DateTime::from_timestamp(seconds, tens * 10 + 1).expect("in range");
            prop_assert!(!same_at_kept_precision(kept + TimeDelta::nanoseconds(off), kept));
            prop_assert!(!same_at_kept_precision(kept - TimeDelta::nanoseconds(off), kept));
        }

        #[test]
        fn a_time_cut_to_a_second_by_a_clock_half_a_minute_off_still_counts_as_made_since(
            seconds in 100i64..4_000_000_000,
            nanos in 0u32..1_000_000_000,
            later in 0i64..10_000_000_000,
            off in -30_000_000_000i64..=30_000_000_000,
            digits in 0u16..=9,
        ) {
            let sent = DateTime::from_timestamp(seconds, nanos).expect("in range");
            let made = sent + TimeDelta::nanoseconds(later + off);
            prop_assert!(made_since(made.trunc_subsecs(digits), sent));
        }

        #[test]
        fn what_was_made_32_seconds_before_is_not_ours(
            seconds in 1000i64..4_000_000_000,
            nanos in 0u32..1_000_000_000,
            before in 32_000_000_000i64..900_000_000_000,
        ) {
            let sent = DateTime::from_timestamp(seconds, nanos).expect("in range");
            prop_assert!(!made_since(sent - TimeDelta::nanoseconds(before), sent));
        }
    }
}
