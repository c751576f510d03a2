//! What waits to be written to one connection: frames encoded once and shared by everyone they go
//! to. Sending never blocks and never drops one frame silently: whoever is too slow for what was
//! sent is closed as such, and resumes. Of a socket it knows that it takes frames.

mod queue;

use std::{
    future::poll_fn,
    io,
    sync::PoisonError,
    task::{Context, Poll, Waker},
    time::Duration,
};

use protocol::Close;
use tokio::time::Instant;

use crate::{
    Frame,
    wait::{Mutex, MutexGuard, Notify},
};
use queue::{Queue, Source, weight};

/// Bytes of published frames that may wait, beside those of the newest round.
pub(crate) const LIMIT: usize = 1024 * 1024;
/// For how long the oldest frame may wait.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Below it the next command is read: answers are asked for, so they are paced and never too much.
const PACE: usize = 256 * 1024;
/// Frames and bytes that are handed over at once, about: more would only wait in the kernel.
pub const FRAMES: usize = 32;
const ENOUGH: usize = 64 * 1024;
/// Bytes around a frame that waits, about: its place in the queue, its share of the
/// allocator.
const OVERHEAD: usize = 256;

/// What frames are written to.
pub trait Sink: Send {
    /// It is written with the next flush.
    fn feed(&mut self, frame: Frame);

    /// Writes what was fed; what the other side does not take yet is left for the next flush.
    ///
    /// # Errors
    /// Nothing can be written any more.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;
}

#[derive(Default)]
pub struct Outgoing {
    queue: Mutex<Queue>,
    drained: Notify,
    ended: Notify,
}

/// Why nothing more is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The client is told why.
    Close(Close),
    /// The client wished it, with this code, and hears so.
    Asked(Option<u16>),
    /// There is nobody to tell.
    Gone,
}

impl Outgoing {
    /// A frame that the client did not ask for; too many of them close the connection.
    pub fn send(&self, frame: Frame) {
        let queue = self.queue();
        let waits = queue.bytes.published;
        self.pushed(queue, Instant::now(), waits, frame).into_iter().for_each(wake);
    }

    /// A frame that goes to many at once, in the round that began then. If it returns true, the caller is to `write`
    /// soon. However much one round is, who had read what was before is not too slow for it.
    pub(crate) fn publish(&self, round: Instant, frame: Frame) -> bool {
        let mut queue = self.queue();
        let waited = queue.waited(round);
        self.pushed(queue, round, waited, frame).is_some_and(|mut queue| queue.promise())
    }

    /// `waits`: bytes that whoever is not too slow would have taken by now.
    fn pushed<'a>(
        &self,
        mut queue: MutexGuard<'a, Queue>,
        now: Instant,
        waits: usize,
        frame: Frame,
    ) -> Option<MutexGuard<'a, Queue>> {
        if queue.end.is_some() {
            return None;
        }
        if queue.is_late(now) || waits + weight(&frame) > LIMIT {
            // At once: nothing may follow what is left out.
            queue.clear();
            queue.end = Some(End::Close(Close::Slow));
            wake(queue);
            self.ended.notify_waiters();
            return None;
        }
        queue.push(now, Source::Published, frame);
        Some(queue)
    }

    /// The answer to a command. However long, it is one at a time: see `paced`.
    pub fn answer(&self, frame: Frame) {
        let now = Instant::now();
        let mut queue = self.queue();
        if queue.end.is_none() {
            queue.push(now, Source::Answer, frame);
            wake(queue);
        }
    }

    /// To a ping. Of several that were not answered yet, the last is (RFC 6455, 5.5.3).
    pub fn pong(&self, said: &[u8]) {
        let mut queue = self.queue();
        if queue.end.is_none() {
            queue.pong = Some(Frame::pong(said));
            wake(queue);
        }
    }

    /// The first reason counts.
    pub fn close(&self, close: Close) {
        self.end(End::Close(close));
    }

    pub fn hang_up(&self) {
        self.end(End::Gone);
    }

    pub fn end(&self, end: End) {
        let mut queue = self.queue();
        queue.end.get_or_insert(end);
        wake(queue);
        self.ended.notify_waiters();
    }

    pub fn has_ended(&self) -> bool {
        self.queue().end.is_some()
    }

    /// Lends the socket to whoever publishes, until there is something that they leave undone: then the caller is
    /// to flush it, to the end. It is fed with what waits, as much as one write takes, or with what another write
    /// left of its own. Whatever the caller brings it fed with counts as written, and is off the books. For one
    /// waiter, who waits to the end.
    ///
    /// # Errors
    /// Nothing more is to be written, and nothing waits.
    pub async fn taken(&self, sink: Box<dyn Sink>) -> (Box<dyn Sink>, Result<(), End>) {
        let mut sink = Some(sink);
        poll_fn(|cx| self.poll_taken(cx, &mut sink)).await
    }

    fn poll_taken(
        &self,
        cx: &mut Context<'_>,
        own: &mut Option<Box<dyn Sink>>,
    ) -> Poll<(Box<dyn Sink>, Result<(), End>)> {
        let mut queue = self.queue();
        let own = own.take().map(|sink| (sink, true));
        let Some((mut sink, written)) = own.or_else(|| queue.reclaim()) else {
            queue.idle = Some(cx.waker().clone());
            return Poll::Pending;
        };
        if !written {
            return Poll::Ready((sink, Ok(())));
        }
        let before = queue.bytes.sum();
        queue.written();
        let taken = match (queue.hand_over(&mut *sink), queue.end) {
            (true, _) => Poll::Ready((sink, Ok(()))),
            (false, Some(end)) => Poll::Ready((sink, Err(end))),
            (false, None) => {
                queue.lend(sink);
                queue.idle = Some(cx.waker().clone());
                Poll::Pending
            }
        };
        self.pace(queue, before);
        taken
    }

    /// Writes what waits, unless somebody else does.
    pub(crate) fn write(&self) {
        let Some(sink) = self.queue().borrow() else { return };
        let mut loan = Loan { out: self, sink: Some(sink), written: false };
        if let Some(sink) = &mut loan.sink {
            let flushed = sink.poll_flush(&mut Context::from_waker(Waker::noop()));
            loan.written = matches!(flushed, Poll::Ready(Ok(())));
        }
    }

    /// Tells whoever waits for it that little enough waits now.
    fn pace(&self, queue: MutexGuard<'_, Queue>, before: usize) {
        let paced = before > PACE && queue.bytes.sum() <= PACE;
        drop(queue);
        if paced {
            self.drained.notify_one();
        }
    }

    /// Resolves when little enough waits for the client to ask for more. For one waiter.
    pub async fn paced(&self) {
        while self.queue().bytes.sum() > PACE {
            self.drained.notified().await;
        }
    }

    /// Resolves when nothing more is to be written.
    pub async fn ended(&self) -> End {
        loop {
            let ended = self.ended.notified();
            if let Some(end) = self.queue().end {
                return end;
            }
            ended.await;
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A socket in the hands of who writes. It is given back whatever happens, a panic too.
struct Loan<'a> {
    out: &'a Outgoing,
    sink: Option<Box<dyn Sink>>,
    written: bool,
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        let Some(sink) = self.sink.take() else { return };
        let mut queue = self.out.queue();
        let before = queue.bytes.sum();
        let woken = queue.give_back(sink, self.written);
        self.out.pace(queue, before);
        woken.into_iter().for_each(Waker::wake);
    }
}

/// There is something to be written, or nothing more will be.
fn wake(mut queue: MutexGuard<'_, Queue>) {
    let idle = queue.idle.take();
    drop(queue);
    idle.into_iter().for_each(Waker::wake);
}

#[cfg(test)]
mod tests;
