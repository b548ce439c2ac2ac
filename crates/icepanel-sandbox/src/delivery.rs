//! How a response is sent: whole, in part, slowly; and whether the client was still connected.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    sync::{Arc, atomic::Ordering},
    task::{Context, Poll, ready},
    time::Duration,
};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::Sleep;

use crate::{pace::Pace, world::World};

/// Ends the connection.
#[derive(Debug)]
pub(crate) struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cut by a fault")
    }
}

impl Error for Cut {}

/// Represents a request until its response is complete. If it is dropped before that, it counts the client as
/// disconnected.
pub(crate) struct Ticket {
    world: Arc<World>,
    settled: bool,
}

impl Ticket {
    pub(crate) fn new(world: Arc<World>) -> Self {
        world.in_flight.fetch_add(1, Ordering::SeqCst);
        Self {
            world,
            settled: false,
        }
    }

    /// The response is complete, or the sandbox itself gives up.
    pub(crate) fn settle(mut self) {
        self.settled = true;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.settled {
            self.world.abandoned.fetch_add(1, Ordering::SeqCst);
        }
        self.world.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The body of a response.
pub(crate) struct Delivery {
    data: Bytes,
    sent: usize,
    pace: Pace,
    pause: Option<Pin<Box<Sleep>>>,
    ticket: Option<Ticket>,
}

impl Delivery {
    /// hyper takes a whole frame at once; in pieces, a client that leaves in the middle of a long body is noticed.
    const PIECE: usize = 128 * 1024;
    /// hyper does not send what it holds when a body fails, so a short body fails only after a moment.
    const FLUSH: Duration = Duration::from_millis(10);

    pub(crate) fn new(data: Bytes, pace: Pace, ticket: Option<Ticket>) -> Self {
        let mut delivery = Self {
            data,
            sent: 0,
            pace,
            pause: None,
            ticket,
        };
        if delivery.data.is_empty() {
            // Nothing reads an empty body.
            delivery.settle();
        }
        delivery
    }

    fn settle(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            ticket.settle();
        }
    }

    fn send(&mut self, end: usize) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let end = end.min(self.sent + Self::PIECE);
        let piece = self.data.slice(self.sent..end);
        self.sent = end;
        if end == self.data.len() {
            self.settle();
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn poll_pause(&mut self, cx: &mut Context<'_>, length: Duration) -> Poll<()> {
        let pause = self
            .pause
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(length)));
        ready!(pause.as_mut().poll(cx));
        self.pause = None;
        Poll::Ready(())
    }
}

impl Body for Delivery {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let this = self.get_mut();
        if this.is_end_stream() {
            return Poll::Ready(None);
        }
        let half = this.data.len() / 2;
        match this.pace {
            Pace::Whole => this.send(this.data.len()),
            Pace::Stall | Pace::Short if this.sent < half => this.send(half),
            // The connection wakes by itself when the client leaves.
            Pace::Stall => Poll::Pending,
            Pace::Short => {
                ready!(this.poll_pause(cx, Self::FLUSH));
                this.settle();
                Poll::Ready(Some(Err(Cut)))
            }
            Pace::Drip(delay) => {
                if this.sent > 0 {
                    ready!(this.poll_pause(cx, delay));
                }
                this.send(this.sent + 1)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.sent == self.data.len()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact((self.data.len() - self.sent) as u64)
    }
}
