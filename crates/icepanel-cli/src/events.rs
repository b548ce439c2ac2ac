//! The output of `--verbose`.

use icepanel_invites::{Event, Next};
use serde_json::{Map, Value, json};

use crate::format::Format;
use crate::screen::Screen;
use crate::text::printable;

/// Prints an attempt on the error output: a line, or with JSON an object on a line; with `headers` also the headers of
/// the response.
pub(crate) fn tell(event: &Event, headers: bool, format: Format, screen: &Screen) {
    screen.line(&match format {
        Format::Json => as_json(event, headers),
        Format::Table | Format::Markdown | Format::Csv => as_lines(event, headers),
    });
}

fn as_lines(event: &Event, headers: bool) -> String {
    let what = match (event.status, event.error) {
        (Some(status), _) => status.to_string(),
        (None, Some(error)) => error.to_string(),
        (None, None) => "no response".to_owned(),
    };
    let next = match event.next {
        Next::Done => "done".to_owned(),
        Next::Retry(wait) => format!("retry in {wait:.1?}"),
        Next::LookUp => "reading the list to find out whether the invite was made".to_owned(),
        Next::Fail => "failed".to_owned(),
        _ => "continues".to_owned(),
    };
    let id = event.request_id.as_deref().map_or(String::new(), |id| {
        format!(", request id {}", printable(id))
    });
    let mut lines = format!(
        "{} {} attempt {}: {what} in {:.1?}; {next}{id}",
        event.method(),
        printable(event.url()),
        event.attempt,
        event.latency
    );
    if !headers {
        return lines;
    }
    let mut others = Vec::new();
    for header in event.headers() {
        match &header.value {
            Some(value) => {
                lines.push_str(&format!(
                    "\n  {}: {}",
                    printable(&header.name),
                    printable(value)
                ));
            }
            None => others.push(printable(&header.name)),
        }
    }
    if !others.is_empty() {
        lines.push_str(&format!(
            "\n  and headers whose values are not shown: {}",
            others.join(", ")
        ));
    }
    lines
}

fn as_json(event: &Event, headers: bool) -> String {
    let mut value = json!(event);
    value["method"] = json!(event.method());
    value["url"] = json!(event.url());
    if headers {
        let fields = event
            .headers()
            .iter()
            .map(|header| (header.name.clone(), json!(header.value)));
        value["headers"] = Value::Object(fields.collect::<Map<_, _>>());
    }
    json!({ "event": value }).to_string()
}
