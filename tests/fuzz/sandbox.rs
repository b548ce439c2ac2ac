//! What must hold for any bytes. `tests/fuzz` looks for bytes for which it does not; an ordinary test
//! replays what it has found. Not in a library that is built for use.

use std::sync::Arc;
use std::time::Instant;

use hyper::body::Bytes;

use crate::delivery::Ticket;
use crate::pace::Pace;
use crate::reply::JSON;
use crate::route::Route;
use crate::world::{Fate, Request, World};
use crate::{Fault, State};

/// A state, then a request a line: `METHOD PATH BODY`, or `FAULTS [...]` and `USE WHO` of the control
/// API. Every answer can be sent, what is called JSON is JSON, and the report can be written.
pub fn requests(data: &[u8]) {
    let mut lines = data.split(|byte| *byte == b'\n');
    let state = lines.next().unwrap_or_default();
    let Ok(state) = serde_json::from_slice::<State>(state) else {
        return;
    };
    let again = serde_json::to_vec(&state).unwrap_or_default();
    assert_eq!(
        serde_json::from_slice::<State>(&again).ok(),
        Some(state.clone())
    );
    // Large lists are slow, and no different.
    if state
        .generate
        .as_ref()
        .is_some_and(|wanted| wanted.invites > 50)
    {
        return;
    }
    let Ok(world) = World::new(&state, 1).map(Arc::new) else {
        return;
    };
    for line in lines.filter_map(|line| std::str::from_utf8(line).ok()) {
        let (method, rest) = line.split_once(' ').unwrap_or((line, ""));
        match method {
            "FAULTS" => {
                if let Ok(faults) = serde_json::from_str::<Vec<Fault>>(rest) {
                    let _ = world.add_faults(faults);
                }
            }
            "USE" => {
                let _ = world.mark_used(rest);
            }
            _ => request(&world, &state.api_key, method, rest),
        }
    }
    assert!(serde_json::to_vec(&world.report()).is_ok());
}

fn request(world: &Arc<World>, key: &str, method: &str, rest: &str) {
    let (path, body) = rest.split_once(' ').unwrap_or((rest, ""));
    let request = hyper::Request::builder()
        .method(method)
        .uri(path)
        .header("x-api-key", key)
        .header("accept-encoding", "gzip");
    let Ok(request) = request.body(()) else {
        return;
    };
    let (parts, ()) = request.into_parts();
    let request = Request {
        parts: &parts,
        route: Route::of(&parts.method, parts.uri.path()),
        body: Bytes::copy_from_slice(body.as_bytes()),
        arrived: Instant::now(),
    };
    let (number, _, fate) = world.judge(&request);
    let faulty = world
        .report()
        .log
        .last()
        .is_some_and(|entry| entry.fault.is_some());
    match fate {
        Fate::Answer { reply, .. } => {
            if reply.content_type == Some(JSON) && !faulty {
                let json = serde_json::from_slice::<serde_json::Value>(&reply.body.plain);
                assert!(json.is_ok(), "{:?}", reply.body.plain);
            }
            world.sent(number, &reply);
            let ticket = Ticket::new(world.clone());
            world.message(number, reply, Pace::Whole, &parts, ticket);
        }
        Fate::LateAct { .. } => world.act(&request.route, &request.body),
        Fate::Cut | Fate::Hang => {}
    }
}

#[cfg(test)]
#[path = "replay.rs"]
mod replay;

#[cfg(test)]
mod tests {
    #[test]
    fn the_corpus_of_requests() {
        super::replay::corpus("sandbox", super::requests);
    }
}
