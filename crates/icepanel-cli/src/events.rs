//! What `--verbose` tells.

use icepanel_invites::{Event, Next, Operation};
use serde_json::json;

use crate::format::Format;
use crate::screen::Screen;
use crate::text::printable;

/// What the requests of a client are, by operation.
#[derive(Debug)]
pub(crate) struct Urls(String);

impl Urls {
    pub(crate) fn new(base_url: &str, organization: &str) -> Self {
        // What is between the scheme and the host could be a password.
        let base = match (base_url.split_once("://"), base_url.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
            _ => base_url.to_owned(),
        };
        let base = base.trim_end_matches('/');
        Self(printable(&format!("{base}/organizations/{organization}")))
    }

    /// The method and the URL. Of a revocation the invite is not known here.
    fn request(&self, operation: Operation) -> String {
        let (method, path) = match operation {
            Operation::ListInvites => ("GET", "/users/invites"),
            Operation::CreateInvite => ("POST", "/users/invites"),
            Operation::RevokeInvite => ("POST", "/users/invites/{id}"),
            Operation::ListMembers => ("GET", "/users"),
            Operation::ReadOrganization => ("GET", ""),
            other => return other.to_string(),
        };
        format!("{method} {}{path}", self.0)
    }
}

/// Tells of an attempt on the error output: a line, or with JSON an object on a line.
pub(crate) fn tell(event: &Event, urls: &Urls, format: Format, screen: &Screen) {
    screen.line(&match format {
        Format::Json => as_json(event),
        Format::Table | Format::Markdown | Format::Csv => as_line(event, urls),
    });
}

fn as_line(event: &Event, urls: &Urls) -> String {
    let what = match (event.status, event.error) {
        (Some(status), _) => status.to_string(),
        (None, Some(error)) => error.to_string(),
        (None, None) => "no answer".to_owned(),
    };
    let next = match event.next {
        Next::Done => "done".to_owned(),
        Next::Retry(wait) => format!("sent again in {wait:.1?}"),
        Next::LookUp => "the list is read to find out what became of it".to_owned(),
        Next::Fail => "given up".to_owned(),
        _ => "goes on".to_owned(),
    };
    let id = event.request_id.as_deref().map_or(String::new(), |id| {
        format!(", request id {}", printable(id))
    });
    format!(
        "{} attempt {}: {what} in {:.1?}; {next}{id}",
        urls.request(event.operation),
        event.attempt,
        event.latency
    )
}

fn as_json(event: &Event) -> String {
    json!({ "event": event }).to_string()
}
