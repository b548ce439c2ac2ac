//! Numbers for languages that have no unsigned ones. The arguments of a language are signed as well, and the core
//! checks them.

/// A number of things.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_large_is_the_largest() {
        assert_eq!((signed(7), signed(u64::MAX)), (7, i64::MAX));
    }
}
