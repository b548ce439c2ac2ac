//! What `--verbose` tells.

use icepanel_invites::{Event, Next};
use serde_json::json;

use crate::format::Format;
use crate::screen::Screen;
use crate::text::printable;

/// Tells of an attempt on the error output: a line, or with JSON an object on a line.
pub(crate) fn tell(event: &Event, format: Format, screen: &Screen) {
    screen.line(&match format {
        Format::Json => as_json(event),
        Format::Table | Format::Markdown | Format::Csv => as_line(event),
    });
}

fn as_line(event: &Event) -> String {
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
        event.operation, event.attempt, event.latency
    )
}

fn as_json(event: &Event) -> String {
    json!({ "event": event }).to_string()
}
