//! The parts of a client: the shared state, and the limits of its own calls.

use std::sync::Arc;
use std::time::Duration;

use tracing::Instrument;

use crate::engine::call::Call;
use crate::engine::retry_policy::RetryPolicy;
use crate::engine::state::State;
use crate::error::InviteError;
use crate::event::Hook;
use crate::task::spawned;

/// Makes the calls of one client.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) state: Arc<State>,
    pub(crate) retry: RetryPolicy,
    pub(crate) timeout: Duration,
    pub(crate) hook: Option<Hook>,
}

impl Session {
    /// A call whose time begins now.
    pub(crate) fn call(&self) -> Call<'_> {
        Call::new(&self.state, self.retry, self.timeout, self.hook.as_ref())
    }

    /// Runs a call as a task of its own, and ends it when the client is closed or the future dropped.
    pub(crate) async fn run<T: Send + 'static, F>(
        &self,
        operation: &'static str,
        call: impl FnOnce(Self) -> F,
    ) -> Result<T, InviteError>
    where
        F: Future<Output = Result<T, InviteError>> + Send + 'static,
    {
        let span = tracing::info_span!(
            "icepanel_invites",
            otel.name = operation,
            otel.kind = "client"
        );
        let call = spawned(operation, call(self.clone()).instrument(span));
        self.until_closed(operation, call).await
    }

    /// Makes a call, and ends it when the client is closed.
    pub(crate) async fn until_closed<T>(
        &self,
        operation: &str,
        call: impl Future<Output = Result<T, InviteError>>,
    ) -> Result<T, InviteError> {
        if self.state.closed.is_given() {
            return Err(InviteError::closed(None));
        }
        tokio::select! {
            biased;
            () = self.state.closed.given() => Err(InviteError::closed(Some(operation))),
            ended = call => ended,
        }
    }
}
