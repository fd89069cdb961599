//! A body as it goes out on the wire: pieces, pauses, and the end it is meant to come to.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::time::{Sleep, sleep};

use crate::bodies::Rope;
use crate::journal::Ticket;

/// Long enough for what was written to leave the socket before the connection is ended on purpose.
const FLUSH: Duration = Duration::from_millis(15);

/// Silence outlasts every patience a client may have.
pub(crate) const SILENCE: Duration = Duration::from_hours(24);

/// A paced body pauses fifty times a second: often enough to look steady, seldom enough for a timer of a millisecond.
const PAUSES_PER_SECOND: u64 = 50;

/// How a connection is to end: orderly unless set.
pub(crate) type ResetFlag = Arc<AtomicBool>;

/// The body ends before its time, and the connection with it.
#[derive(Debug)]
pub(crate) struct CutShort;

impl fmt::Display for CutShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is cut on purpose")
    }
}

impl std::error::Error for CutShort {}

impl From<Infallible> for CutShort {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

#[derive(Debug)]
enum Step {
    Data(Bytes),
    Pause(Duration),
    Cut,
    Reset(ResetFlag),
}

/// What the wire does, one step after the other.
#[derive(Debug)]
pub(crate) struct Script {
    steps: VecDeque<Step>,
    pause: Option<Pin<Box<Sleep>>>,
    ticket: Ticket,
}

impl Script {
    /// Sends a body, at the given bytes per second if there is such a limit.
    pub(crate) fn of(body: Rope, bandwidth: Option<u64>, ticket: Ticket) -> Self {
        let steps = match bandwidth {
            Some(bandwidth) => paced(&body, bandwidth.max(1)),
            None => body.into_pieces().into_iter().map(Step::Data).collect(),
        };
        Self {
            steps,
            pause: None,
            ticket,
        }
    }

    /// Then ends the connection in an orderly way, although more was announced.
    pub(crate) fn then_cut(mut self) -> Self {
        self.steps.extend([Step::Pause(FLUSH), Step::Cut]);
        self
    }

    /// Then resets the connection.
    pub(crate) fn then_reset(mut self, flag: ResetFlag) -> Self {
        self.steps.extend([Step::Pause(FLUSH), Step::Reset(flag)]);
        self
    }

    /// Then says nothing more and keeps the connection open.
    pub(crate) fn then_silence(mut self) -> Self {
        self.steps.extend([Step::Pause(SILENCE), Step::Cut]);
        self
    }
}

fn paced(body: &Rope, bandwidth: u64) -> VecDeque<Step> {
    let len = body.len();
    let piece = bandwidth.div_ceil(PAUSES_PER_SECOND);
    let mut steps = VecDeque::new();
    let mut at = 0;
    while at < len {
        let end = (at + piece).min(len);
        steps.push_back(Step::Pause(Duration::from_micros(
            (end - at) * 1_000_000 / bandwidth,
        )));
        steps.extend(body.slice(at, end).into_pieces().into_iter().map(Step::Data));
        at = end;
    }
    steps
}

impl Body for Script {
    type Data = Bytes;
    type Error = CutShort;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutShort>>> {
        loop {
            if let Some(pause) = &mut self.pause {
                ready!(pause.as_mut().poll(context));
                self.pause = None;
            }
            match self.steps.pop_front() {
                None => return Poll::Ready(None),
                Some(Step::Data(piece)) => {
                    self.ticket.served(piece.len());
                    return Poll::Ready(Some(Ok(Frame::data(piece))));
                }
                Some(Step::Pause(time)) => self.pause = Some(Box::pin(sleep(time))),
                Some(Step::Cut) => return Poll::Ready(Some(Err(CutShort))),
                Some(Step::Reset(flag)) => {
                    flag.store(true, Ordering::Release);
                    return Poll::Ready(Some(Err(CutShort)));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty() && self.pause.is_none()
    }
}
