//! What waits to be written to one connection: frames encoded once and shared by everyone they go
//! to. Sending never blocks and never drops one frame silently: whoever is too slow for what was
//! sent is closed as such, and resumes. It knows no socket.

use std::{
    collections::VecDeque,
    future::poll_fn,
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

/// Bytes of published frames that may wait.
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

#[derive(Default)]
pub struct Outgoing {
    queue: Mutex<Queue>,
    drained: Notify,
    ended: Notify,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    /// What the client's last ping said, to be said back.
    pong: Option<Frame>,
    /// Bytes that wait or are being written.
    bytes: Bytes,
    /// Of those, the ones that are being written, and since when the first of them waits.
    writing: Option<(Instant, Bytes)>,
    end: Option<End>,
    /// Who writes, while there is nothing to be written.
    idle: Option<Waker>,
}

/// By where they come from.
#[derive(Clone, Copy, Default)]
struct Bytes {
    published: usize,
    answered: usize,
}

struct Waiting {
    since: Instant,
    source: Source,
    frame: Frame,
}

#[derive(Clone, Copy)]
enum Source {
    Published,
    Answer,
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
        let now = Instant::now();
        let mut queue = self.queue();
        if queue.end.is_some() {
            return;
        }
        if queue.is_late(now) || queue.bytes.published + weight(&frame) > LIMIT {
            queue.waiting.clear();
            // At once: nothing may follow what is left out.
            queue.end = Some(End::Close(Close::Slow));
            wake(queue);
            self.ended.notify_waiters();
        } else {
            queue.push(now, Source::Published, frame);
            wake(queue);
        }
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

    /// Hands over what waits, as much as one write takes, as soon as something does. What was handed over before
    /// is then off the books. For one waiter.
    ///
    /// # Errors
    /// Nothing more is to be written, and nothing waits.
    pub async fn taken(&self, mut into: impl FnMut(Frame)) -> Result<(), End> {
        poll_fn(|cx| self.poll_taken(cx, &mut into)).await
    }

    fn poll_taken(
        &self,
        cx: &mut Context<'_>,
        into: &mut impl FnMut(Frame),
    ) -> Poll<Result<(), End>> {
        let mut queue = self.queue();
        let before = queue.bytes.sum();
        queue.written();
        let paced = before > PACE && queue.bytes.sum() <= PACE;
        let taken = match (queue.hand_over(into), queue.end) {
            (true, _) => Poll::Ready(Ok(())),
            (false, Some(end)) => Poll::Ready(Err(end)),
            (false, None) => {
                queue.idle = Some(cx.waker().clone());
                Poll::Pending
            }
        };
        drop(queue);
        if paced {
            self.drained.notify_one();
        }
        taken
    }

    /// What waits now; false if nothing does.
    #[cfg(test)]
    pub(crate) fn take(&self, into: &mut impl FnMut(Frame)) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        self.poll_taken(&mut cx, into) == Poll::Ready(Ok(()))
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

/// There is something to be written, or nothing more will be.
fn wake(mut queue: MutexGuard<'_, Queue>) {
    let idle = queue.idle.take();
    drop(queue);
    idle.into_iter().for_each(Waker::wake);
}

/// Bytes that a frame takes while it waits: what is around a short one counts too.
fn weight(frame: &Frame) -> usize {
    frame.len() + OVERHEAD
}

impl Queue {
    fn push(&mut self, since: Instant, source: Source, frame: Frame) {
        *self.bytes.of(source) += weight(&frame);
        self.waiting.push_back(Waiting { since, source, frame });
    }

    fn hand_over(&mut self, into: &mut impl FnMut(Frame)) -> bool {
        let pong = self.pong.take();
        let mut taken = pong.is_some();
        pong.into_iter().for_each(&mut *into);
        let Some(since) = self.waiting.front().map(|first| first.since) else { return taken };
        let mut writing = Bytes::default();
        for _ in 0..FRAMES {
            let Some(next) = self.waiting.pop_front() else { break };
            *writing.of(next.source) += weight(&next.frame);
            into(next.frame);
            taken = true;
            if writing.sum() >= ENOUGH {
                break;
            }
        }
        self.writing = Some((since, writing));
        taken
    }

    fn written(&mut self) {
        if let Some((_, written)) = self.writing.take() {
            self.bytes.published -= written.published;
            self.bytes.answered -= written.answered;
        }
    }

    fn is_late(&self, now: Instant) -> bool {
        let waiting = self.waiting.front().map(|first| first.since);
        let oldest = self.writing.map(|(since, _)| since).or(waiting);
        oldest.is_some_and(|since| now.saturating_duration_since(since) > PATIENCE)
    }
}

impl Bytes {
    fn of(&mut self, source: Source) -> &mut usize {
        match source {
            Source::Published => &mut self.published,
            Source::Answer => &mut self.answered,
        }
    }

    fn sum(self) -> usize {
        self.published + self.answered
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use tokio::time::{advance, timeout};

    use super::*;

    fn frame(bytes: usize) -> Frame {
        "x".repeat(bytes).into()
    }

    fn taken(out: &Outgoing) -> Vec<Frame> {
        let mut all = Vec::new();
        out.take(&mut |frame| all.push(frame));
        all
    }

    #[tokio::test(start_paused = true)]
    async fn frames_come_out_in_order_until_the_connection_ends() {
        let out = Outgoing::default();
        out.send("one".into());
        out.answer("two".into());
        out.close(Close::Restart);
        out.close(Close::Slow);
        out.send("three".into());
        out.pong(b"three");
        assert_eq!(taken(&out), ["one".into(), "two".into()]);
        assert!(taken(&out).is_empty());
        assert_eq!(out.taken(drop).await, Err(End::Close(Close::Restart)));
        assert_eq!(out.ended().await, End::Close(Close::Restart));
    }

    #[tokio::test(start_paused = true)]
    async fn who_writes_is_woken_by_whatever_there_is_to_write_and_by_the_end() {
        let wakes: [(fn(&Outgoing), _); 6] = [
            (|out| out.send("one".into()), Ok(())),
            (|out| out.answer("one".into()), Ok(())),
            (|out| out.pong(b"one"), Ok(())),
            (|out| out.close(Close::Restart), Err(End::Close(Close::Restart))),
            (|out| out.hang_up(), Err(End::Gone)),
            (|out| out.end(End::Asked(None)), Err(End::Asked(None))),
        ];
        for (wake, expected) in wakes {
            let out = std::sync::Arc::new(Outgoing::default());
            let writes = tokio::spawn({
                let out = out.clone();
                async move { out.taken(drop).await }
            });
            tokio::task::yield_now().await;
            wake(&out);
            let woken = timeout(Duration::from_secs(1), writes).await;
            assert_eq!(woken.unwrap().unwrap(), expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn so_much_is_handed_over_as_one_write_takes() {
        let out = Outgoing::default();
        (0..=FRAMES).for_each(|_| out.send("x".into()));
        out.pong(b"here");
        let first = taken(&out);
        assert_eq!(first.len(), 1 + FRAMES);
        assert_eq!(first[0], Frame::pong(b"here"));
        assert_eq!(taken(&out).len(), 1);
        (0..3).for_each(|_| out.send(frame(ENOUGH / 2)));
        assert_eq!(taken(&out).len(), 2);
        assert_eq!(taken(&out).len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn too_many_bytes_or_too_long_a_wait_is_too_slow() {
        let (bytes, while_writing) = (Outgoing::default(), Outgoing::default());
        for _ in 0..LIMIT / weight(&frame(ENOUGH)) {
            bytes.send(frame(ENOUGH));
            while_writing.send(frame(ENOUGH));
        }
        assert_eq!(taken(&while_writing).len(), 1);
        // Until it is written it takes its place.
        for out in [&bytes, &while_writing] {
            assert!(!out.has_ended());
            out.send(frame(ENOUGH));
            assert_eq!(out.ended().await, End::Close(Close::Slow));
            assert!(taken(out).is_empty());
        }

        let late = Outgoing::default();
        late.send(frame(1));
        assert_eq!(taken(&late).len(), 1);
        advance(PATIENCE + Duration::from_secs(1)).await;
        late.send(frame(1));
        assert_eq!(late.ended().await, End::Close(Close::Slow));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_of_any_size_fits_but_holds_back_the_next_command() {
        let out = Outgoing::default();
        out.answer(frame(2 * LIMIT));
        out.send(frame(1));
        let paced = async || timeout(Duration::from_secs(1), out.paced()).await.is_ok();
        assert!(!paced().await);
        assert_eq!(taken(&out).len(), 1);
        assert!(!paced().await);
        assert_eq!(taken(&out).len(), 1);
        assert!(paced().await);
    }

    #[tokio::test(start_paused = true)]
    async fn many_short_answers_hold_back_the_next_command_too() {
        let out = Outgoing::default();
        (0..=PACE / OVERHEAD).for_each(|_| out.answer("x".into()));
        assert!(timeout(Duration::from_secs(1), out.paced()).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_for_less_is_told_when_it_is_written() {
        let out = std::sync::Arc::new(Outgoing::default());
        out.answer(frame(2 * PACE));
        let waits = tokio::spawn({
            let out = out.clone();
            async move { out.paced().await }
        });
        tokio::task::yield_now().await;
        assert_eq!(taken(&out).len(), 1);
        assert!(taken(&out).is_empty());
        timeout(Duration::from_secs(1), waits).await.unwrap().unwrap();
    }
}
