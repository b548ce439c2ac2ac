//! A list for those who keep invites in a form of their own: the languages' bindings.

use crate::client::handle::InviteClient;
use crate::error::InviteError;
use crate::invites::list;
use crate::invites::list_decoder::InviteSink;
use crate::model::InviteFilter;

impl InviteClient {
    /// As [`list`](Self::list), but hands each invite over as soon as it is decoded: to what `sink`
    /// makes, afresh for each attempt. For those who keep invites in a form of their own and would
    /// not have all of them in memory twice, such as another language's package.
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
