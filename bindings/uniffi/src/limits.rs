//! Durations and counts as a language hands them over: signed, and checked here, so that every language rejects the
//! same ones in the same words.

use std::time::Duration;

use icepanel_invites::InviteError;

/// A duration, from whole milliseconds. A language rounds a fraction of a millisecond away from zero, so that what is
/// short stays more than nothing and what is negative stays negative.
pub(crate) fn duration(name: &str, milliseconds: i64) -> Result<Duration, InviteError> {
    count(name, milliseconds).map(Duration::from_millis)
}

/// A number of things.
pub(crate) fn count(name: &str, number: i64) -> Result<u64, InviteError> {
    u64::try_from(number)
        .map_err(|_| InviteError::invalid_input(format!("the {name} is negative: {number}")))
}

/// A number of things for a language that has no unsigned numbers.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_negative_is_rejected_by_its_name() {
        for number in [-1, i64::MIN] {
            let errors = [
                duration("time-out", number).err(),
                count("time-out", number).err(),
            ];
            for error in errors {
                let message = error.as_ref().map(InviteError::message);
                assert_eq!(
                    message,
                    Some(format!("the time-out is negative: {number}").as_str())
                );
            }
        }
    }

    #[test]
    fn what_is_large_is_taken() {
        assert_eq!(
            duration("margin", i64::MAX).ok(),
            Some(Duration::from_millis(i64::MAX.unsigned_abs()))
        );
        assert_eq!(count("people", 0).ok(), Some(0));
    }
}
