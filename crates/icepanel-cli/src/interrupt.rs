//! Ctrl-C.

use std::future::Future;

use icepanel_invites::InviteError;

/// Makes a call until it ends or Ctrl-C is pressed, which stops the request. `operation` is the library's name of
/// the call.
pub(crate) async fn until_ctrl_c<T>(
    operation: &str,
    call: impl Future<Output = Result<T, InviteError>>,
) -> Result<T, InviteError> {
    tokio::select! {
        // In this order, so that Ctrl-C is listened for before anything is sent.
        biased;
        Ok(()) = tokio::signal::ctrl_c() => Err(InviteError::cancelled(operation)),
        result = call => result,
    }
}
