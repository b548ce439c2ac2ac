//! How often, and after how long, a request is sent again.

use icepanel_invites::{InviteError, RetryPolicy as Core};

use crate::limits::{duration, small_count};

/// How often one request may be sent, and how long the client waits before it sends it again. What
/// is left out is as the core has it; what is negative is invalid input.
#[derive(Clone, Debug, Default, uniffi::Record)]
pub struct RetryPolicy {
    /// How often one request may be sent, the first time included. 1: never again.
    #[uniffi(default = None)]
    pub max_attempts: Option<i64>,
    /// The longest wait after the first failure.
    #[uniffi(default = None)]
    pub base_delay_ms: Option<i64>,
    /// The longest wait after any failure.
    #[uniffi(default = None)]
    pub max_delay_ms: Option<i64>,
}

impl RetryPolicy {
    pub(crate) fn into_core(self) -> Result<Core, InviteError> {
        let mut policy = Core::default();
        if let Some(attempts) = self.max_attempts {
            policy = policy.max_attempts(small_count("number of attempts", attempts)?);
        }
        if let Some(ms) = self.base_delay_ms {
            policy = policy.base_delay(duration("base delay", ms)?);
        }
        if let Some(ms) = self.max_delay_ms {
            policy = policy.max_delay(duration("longest delay", ms)?);
        }
        Ok(policy)
    }
}
