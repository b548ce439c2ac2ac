//! Whether an invite was made by a create.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use crate::clock::earlier;
use crate::engine::sent_create::SentCreate;
use crate::http::exchange::ResponseHead;
use crate::invites::timing::{CLOCK_TOLERANCE, same_at_stored_precision, stored_precision};
use crate::model::email::same_address;
use crate::model::{Invite, Permission};

impl SentCreate {
    /// Whether the list, read at `head`, shows this invite as the result of our request.
    pub(crate) fn made(&self, invite: &Invite, head: &ResponseHead) -> bool {
        self.may_have_made(invite, head)
            && same_at_stored_precision(self.expires_at, invite.expires_at)
    }

    /// Whether the service responded with the requested invite. It may store another expiry, and this client may not
    /// know the permission's name.
    pub(crate) fn is_answered_by(&self, invite: &Invite) -> bool {
        let unknown = |permission: &Permission| matches!(permission, Permission::Other(_));
        same_address(&invite.email, &self.email)
            && (invite.permission == self.permission
                || unknown(&invite.permission)
                || unknown(&self.permission))
    }

    /// The same as [`made`](Self::made), if the service may have changed the expiry.
    pub(crate) fn may_have_made(&self, invite: &Invite, head: &ResponseHead) -> bool {
        same_address(&invite.email, &self.email)
            && invite.permission == self.permission
            && self.is_new(invite, head)
    }

    /// Whether the invite was made at or after the send, as far as the clocks show. If they leave it open, the invite
    /// is treated as ours, because the person is invited as requested, and a second invite would be worse. If the
    /// response has no `Date`, this applies to every active invite that matches.
    fn is_new(&self, invite: &Invite, head: &ResponseHead) -> bool {
        match head.dated {
            true => made_since(invite.created_at, self.sent_at(head)),
            false => invite.is_active(),
        }
    }

    /// The earliest instant, by the service's clock, at which our request can have been sent.
    /// `Date` has whole seconds, so this is up to a second too early.
    fn sent_at(&self, head: &ResponseHead) -> DateTime<Utc> {
        let ago = head.received.since(self.sent);
        earlier(head.now, ago)
    }
}

/// An invite that was made, and how sure it is that our request made it.
pub(crate) struct MadeInvite {
    pub(crate) invite: Invite,
    /// The request, if a response was lost: another worker with the same request may have made this
    /// invite, and ours may be another one.
    pub(crate) uncertain: Option<SentCreate>,
    /// Whether the service responded with this invite, or it was found in the list.
    pub(crate) answered: bool,
    /// The service's id of that request, if it returned one.
    pub(crate) request_id: Option<String>,
}

impl MadeInvite {
    /// Whether the invite was found in the list, so that it may belong to another worker, and ours may be another one.
    pub(crate) fn found_in_list(&self) -> bool {
        self.uncertain.is_some() && !self.answered
    }
}

/// Whether an invite can have been made at `since` or later, given that its time may be truncated, and that it comes
/// from another clock than `since`.
fn made_since(created_at: DateTime<Utc>, since: DateTime<Utc>) -> bool {
    let precision = stored_precision(created_at).min(TimeDelta::seconds(1));
    created_at
        .checked_add_signed(precision + CLOCK_TOLERANCE)
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
            assert!(same_at_stored_precision(asked, time(kept)), "{kept}");
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
            assert!(!same_at_stored_precision(asked, time(other)), "{other}");
        }
        let (asked, next) = (time("2026-03-04T05:06:08Z"), time("2026-03-04T05:06:09Z"));
        assert!(!same_at_stored_precision(asked, next), "a whole unit off");
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
            prop_assert!(same_at_stored_precision(asked, kept));
        }

        #[test]
        fn a_time_further_off_than_its_own_precision_is_another(
            seconds in 1_000_000i64..4_000_000_000,
            tens in 0u32..99,
            off in 1i64..1_000_000_000,
        ) {
            // It has the last digit: it is stored to the nanosecond, so nothing was truncated.
            let kept = DateTime::from_timestamp(seconds, tens * 10 + 1).expect("in range");
            prop_assert!(!same_at_stored_precision(kept + TimeDelta::nanoseconds(off), kept));
            prop_assert!(!same_at_stored_precision(kept - TimeDelta::nanoseconds(off), kept));
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
