//! How often, and after how long, a request is sent again.

use std::time::Duration;

/// How often one request may be sent, and how long the client waits before it sends it again. What
/// is left out is as the core has it.
#[derive(Clone, Debug, Default, uniffi::Record)]
pub struct RetryPolicy {
    /// How often one request may be sent, the first time included. 1: never again.
    #[uniffi(default = None)]
    pub max_attempts: Option<u32>,
    /// The longest wait after the first failure.
    #[uniffi(default = None)]
    pub base_delay_ms: Option<u64>,
    /// The longest wait after any failure.
    #[uniffi(default = None)]
    pub max_delay_ms: Option<u64>,
}

impl RetryPolicy {
    pub(crate) fn into_core(self) -> icepanel_invites::RetryPolicy {
        let mut policy = icepanel_invites::RetryPolicy::default();
        if let Some(attempts) = self.max_attempts {
            policy = policy.max_attempts(attempts);
        }
        if let Some(ms) = self.base_delay_ms {
            policy = policy.base_delay(Duration::from_millis(ms));
        }
        if let Some(ms) = self.max_delay_ms {
            policy = policy.max_delay(Duration::from_millis(ms));
        }
        policy
    }
}
