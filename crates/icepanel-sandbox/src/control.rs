//! The control API: the sandbox's methods over HTTP.

use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{self, HeaderValue},
};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    Fault, Refusal, State,
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
    let done = match (&parts.method, parts.uri.path()) {
        (&Method::POST, "/control/state") => {
            read(&body).and_then(|state: State| shared.set_state(&state))
        }
        (&Method::POST, "/control/faults") => {
            read(&body).and_then(|faults: Vec<Fault>| shared.world().add_faults(faults))
        }
        (&Method::POST, "/control/use") => read(&body)
            .and_then(Use::who)
            .and_then(|who| shared.world().mark_used(&who)),
        (&Method::GET, "/control/report") => {
            return Ok(message(
                StatusCode::OK,
                serde_json::to_vec(&shared.world().report()).unwrap_or_default(),
            ));
        }
        _ => {
            let sentence = "the control API has POST state, POST faults, POST use and GET report";
            return Ok(refusal(StatusCode::NOT_FOUND, sentence));
        }
    };
    Ok(match done {
        Ok(()) => message(StatusCode::OK, b"{}".to_vec()),
        Err(why) => refusal(StatusCode::BAD_REQUEST, &why.to_string()),
    })
}

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
