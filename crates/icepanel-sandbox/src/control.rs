//! The control API: the sandbox's methods over HTTP.

use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{self, HeaderValue},
};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    Fault, Refusal, State,
    clock::Advance,
    delivery::{Cut, Delivery},
    json,
    pace::Pace,
    reply::JSON,
    shared::{Shared, collect},
};

/// A state may have a hundred thousand invites.
const LONGEST_BODY: usize = 256 * 1024 * 1024;

pub(crate) async fn answer(
    shared: &Shared,
    request: Request<Incoming>,
) -> Result<Response<Delivery>, Cut> {
    let (parts, body) = request.into_parts();
    let body = collect(body, LONGEST_BODY).await.map_err(|_| Cut)?;
    let world = shared.world();
    let empty = |()| b"{}".to_vec();
    let done = match (&parts.method, parts.uri.path()) {
        (&Method::POST, "/control/state") => read(&body)
            .and_then(|state: State| shared.set_state(&state))
            .map(empty),
        (&Method::POST, "/control/faults") => read(&body)
            .and_then(|faults: Vec<Fault>| world.add_faults(faults))
            .map(empty),
        (&Method::DELETE, "/control/faults") => {
            world.clear_faults();
            Ok(empty(()))
        }
        (&Method::POST, "/control/use") => read(&body)
            .and_then(Use::who)
            .and_then(|who| world.mark_used(&who))
            .map(empty),
        (&Method::POST, "/control/clock") => read(&body)
            .and_then(Advance::by)
            .and_then(|by| world.settings.clock.advance(by))
            .map(|()| {
                let now = world.settings.behaviour.write_time(world.settings.now());
                json::object(false, |o| o.text("now", &now))
            }),
        (&Method::GET, "/control/report") => {
            Ok(serde_json::to_vec(&world.report()).unwrap_or_default())
        }
        (&Method::GET, "/" | "/control" | "/control/") => {
            let page = format!("{PAGE_BEGIN}{}{PAGE_END}", world.settings.organization_id);
            let mut page = message(StatusCode::OK, page.into_bytes());
            page.headers_mut().insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/plain; charset=utf-8"),
            );
            return Ok(page);
        }
        _ => {
            let sentence = "the control API has POST state, POST faults, DELETE faults, POST clock, POST use and GET report";
            return Ok(refusal(StatusCode::NOT_FOUND, sentence));
        }
    };
    Ok(match done {
        Ok(body) => message(StatusCode::OK, body),
        Err(why) => refusal(StatusCode::BAD_REQUEST, &why.to_string()),
    })
}

/// The page for a browser.
const PAGE_BEGIN: &str = "\
This is a sandbox of IcePanel's invites API, for tests. It is not IcePanel: it keeps everything in memory, sends no
e-mail, and forgets all when it ends.

The API

  GET  /v1/organizations/";
const PAGE_END: &str = "                       the organization, with its seats
  GET  …/users                 the members
  GET  …/users/invites         the invites
  POST …/users/invites         invites somebody
  POST …/users/invites/{id}    revokes an invite

  Each request needs the header X-API-Key with the sandbox's key.

The sandbox itself

  POST   /control/state     starts again from the state in the body, for example {\"seats\": 3}
  POST   /control/faults    lets the next requests fail, for example [{\"fault\": \"cut\", \"on\": \"create\"}]
  DELETE /control/faults    takes the faults back
  POST   /control/clock     moves the clock, for example {\"advance\": \"7d\"}
  POST   /control/use       accepts an invite, for example {\"email\": \"ada@example.com\"}
  GET    /control/report    what has happened
";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Use {
    email: Option<String>,
    id: Option<String>,
}

impl Use {
    fn who(self) -> Result<String, Refusal> {
        match (self.email, self.id) {
            (Some(who), None) | (None, Some(who)) => Ok(who),
            _ => Err(Refusal::new("one of `email` and `id` is needed")),
        }
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::new(error.to_string()))
}

fn refusal(status: StatusCode, sentence: &str) -> Response<Delivery> {
    message(status, json::object(false, |o| o.text("message", sentence)))
}

fn message(status: StatusCode, body: Vec<u8>) -> Response<Delivery> {
    let mut response = Response::new(Delivery::new(Bytes::from(body), Pace::Whole, None));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
    response
}
