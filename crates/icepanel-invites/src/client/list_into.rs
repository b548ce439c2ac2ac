//! A list for callers that store invites in their own form: the languages' bindings.

use crate::client::handle::InviteClient;
use crate::error::InviteError;
use crate::invites::list;
use crate::invites::list_decoder::InviteSink;
use crate::model::InviteFilter;

impl InviteClient {
    /// As [`list`](Self::list), but passes each invite on as soon as it is decoded: to the value
    /// that `sink` makes, a new one for each attempt. For callers that store invites in their own
    /// form and do not want all of them in memory twice, such as another language's package.
    ///
    /// # Errors
    /// Those of [`list`](Self::list).
    pub async fn list_into<S: InviteSink + Send>(
        &self,
        filter: &InviteFilter,
        sink: impl Fn() -> S + Send + Sync,
    ) -> Result<S, InviteError> {
        let call = self.0.call();
        self.0
            .until_closed("list", list::into(&call, filter, sink))
            .await
    }
}
