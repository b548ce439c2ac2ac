//! The expiry of an invite, by the service's clock.

use std::time::Duration;

use chrono::Utc;
use reqwest::Method;

use crate::clock::later;
use crate::engine::call::{Attempts, Call};
use crate::error::InviteError;
use crate::event::{Next, Operation};
use crate::http::body::Whole;
use crate::http::exchange::ResponseHead;
use crate::model::{CreateRequest, Expiry, NewInvite};

/// The request, with an expiry that is in the future by the service's clock, as far as it is known.
pub(crate) async fn create_request<'a>(
    call: &Call<'_>,
    new: &'a NewInvite,
) -> Result<CreateRequest<'a>, InviteError> {
    let clock = &call.state.transport.clock;
    // Invalid input is rejected before the client asks for the time.
    new.check()?;
    let depends = match new.expiry {
        Expiry::In(_) => true,
        // In the past by this machine's clock, which may be wrong. In the opposite case the service
        // rejects it.
        Expiry::At(end) => end <= Utc::now(),
    } || new.has_ended(Utc::now());
    if depends && clock.service_time().is_none() {
        learn_time(call).await;
    }
    if (matches!(new.expiry, Expiry::At(_)) || new.until.is_some())
        && let Some(time) = clock.service_time()
    {
        // `Date` has whole seconds, so that the service's clock may be one ahead of what it says.
        new.resolve(later(time, Duration::from_secs(1)))?;
    }
    new.request(clock.now())
}

/// Asks for the service's time, if an expiry depends on it and no response had it: this machine's clock may be wrong,
/// and then the expiry too. One request at a time, within a quarter of the call's time. If the service does not return
/// its time, this machine's clock is used.
async fn learn_time(call: &Call<'_>) {
    let clock = &call.state.transport.clock;
    let until = tokio::time::Instant::now() + call.remaining() / 4;
    let Ok(mut asked) = tokio::time::timeout_at(until, clock.asked.lock()).await else {
        return;
    };
    if *asked || clock.service_time().is_some() {
        return;
    }
    let request = call
        .state
        .request(Operation::ReadOrganization, Method::GET, &[], None);
    let Ok(Ok(permit)) = tokio::time::timeout_at(until, call.permit(&request, &mut None)).await
    else {
        return;
    };
    let time = until.saturating_duration_since(tokio::time::Instant::now());
    let mut tries = Attempts::default();
    let anything = |_: &ResponseHead| Whole::new(|_: serde::de::IgnoredAny| Ok(()));
    let (result, event) = call
        .attempt(&request, permit, &mut tries, time, anything)
        .await;
    // If a response has no time, later responses will not have one either.
    *asked = result.is_ok() && clock.service_time().is_none();
    let next = match result {
        Ok(_) => Next::Done,
        Err(_) => Next::Fail,
    };
    call.tell(event, next);
}
