//! What waits to be written to one connection: frames encoded once and shared by everyone they go
//! to. Sending never blocks and never drops one frame silently: whoever is too slow for what was
//! sent is closed as such, and resumes. It does not know what a WebSocket is.

use std::{collections::VecDeque, sync::PoisonError, time::Duration};

use axum::body::Bytes;
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
/// Bytes around the text of a frame that waits, about: its place in the queue, its share of the
/// allocator.
const OVERHEAD: usize = 256;

#[derive(Default)]
pub struct Outgoing {
    queue: Mutex<Queue>,
    filled: Notify,
    drained: Notify,
    ended: Notify,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    /// What the client's last ping said, to be said back.
    pong: Option<Bytes>,
    /// Bytes in `waiting` and `writing`, by where they come from.
    published: usize,
    answered: usize,
    /// Since when the frame that is being written waits, and its size.
    writing: Option<(Instant, Source, usize)>,
    end: Option<End>,
}

struct Waiting {
    since: Instant,
    source: Source,
    text: Frame,
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
    pub fn send(&self, text: Frame) {
        let mut queue = self.queue();
        if queue.end.is_some() {
            return;
        }
        if queue.is_late(Instant::now()) || queue.published + weight(&text) > LIMIT {
            queue.waiting.clear();
            drop(queue);
            self.close(Close::Slow);
        } else {
            queue.push(Source::Published, text);
            drop(queue);
            self.filled.notify_one();
        }
    }

    /// The answer to a command. However long, it is one at a time: see `paced`.
    pub fn answer(&self, text: Frame) {
        let mut queue = self.queue();
        if queue.end.is_none() {
            queue.push(Source::Answer, text);
            drop(queue);
            self.filled.notify_one();
        }
    }

    /// To a ping. Of several that were not answered yet, the last is (RFC 6455, 5.5.3).
    pub fn pong(&self, payload: Bytes) {
        self.queue().pong = Some(payload);
        self.filled.notify_one();
    }

    pub fn take_pong(&self) -> Option<Bytes> {
        self.queue().pong.take()
    }

    /// The first reason counts.
    pub fn close(&self, close: Close) {
        self.end(End::Close(close));
    }

    pub fn hang_up(&self) {
        self.end(End::Gone);
    }

    pub fn end(&self, end: End) {
        self.queue().end.get_or_insert(end);
        self.ended.notify_waiters();
    }

    pub fn has_ended(&self) -> bool {
        self.queue().end.is_some()
    }

    /// The next frame to write; the one before it is then off the books.
    pub fn pop(&self) -> Option<Frame> {
        let mut queue = self.queue();
        queue.written();
        let next = queue.waiting.pop_front();
        queue.writing = next.as_ref().map(|frame| (frame.since, frame.source, weight(&frame.text)));
        let paced = queue.published + queue.answered <= PACE;
        drop(queue);
        if paced {
            self.drained.notify_one();
        }
        next.map(|frame| frame.text)
    }

    /// Resolves when there may be something to `pop` or a ping to answer. For one waiter.
    pub async fn filled(&self) {
        while self.queue().is_empty() {
            self.filled.notified().await;
        }
    }

    /// Resolves when little enough waits for the client to ask for more. For one waiter.
    pub async fn paced(&self) {
        while self.queue().backlog() > PACE {
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

/// Bytes that a frame takes while it waits: what is around a short one counts too.
fn weight(text: &Frame) -> usize {
    text.len() + OVERHEAD
}

impl Queue {
    fn push(&mut self, source: Source, text: Frame) {
        *self.bytes(source) += weight(&text);
        self.waiting.push_back(Waiting { since: Instant::now(), source, text });
    }

    fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.pong.is_none()
    }

    fn written(&mut self) {
        if let Some((_, source, size)) = self.writing.take() {
            *self.bytes(source) -= size;
        }
    }

    fn bytes(&mut self, source: Source) -> &mut usize {
        match source {
            Source::Published => &mut self.published,
            Source::Answer => &mut self.answered,
        }
    }

    fn backlog(&self) -> usize {
        self.published + self.answered
    }

    fn is_late(&self, now: Instant) -> bool {
        let waiting = self.waiting.front().map(|frame| frame.since);
        let oldest = self.writing.map(|(since, ..)| since).or(waiting);
        oldest.is_some_and(|since| now - since > PATIENCE)
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

    #[tokio::test(start_paused = true)]
    async fn frames_come_out_in_order_until_the_connection_ends() {
        let out = Outgoing::default();
        out.send("one".into());
        out.answer("two".into());
        out.close(Close::Restart);
        out.close(Close::Slow);
        out.send("three".into());
        out.filled().await;
        assert_eq!(out.pop().unwrap().as_str(), "one");
        assert_eq!(out.pop().unwrap().as_str(), "two");
        assert!(out.pop().is_none());
        assert_eq!(out.ended().await, End::Close(Close::Restart));
    }

    #[tokio::test(start_paused = true)]
    async fn too_many_bytes_or_too_long_a_wait_is_too_slow() {
        let (bytes, while_writing) = (Outgoing::default(), Outgoing::default());
        for _ in 0..=LIMIT / 65_536 {
            bytes.send(frame(65_536));
            while_writing.send(frame(65_536));
            while_writing.pop();
        }
        assert_eq!(bytes.ended().await, End::Close(Close::Slow));
        assert!(bytes.pop().is_none());

        while_writing.send(frame(1));
        let fine = timeout(Duration::from_secs(1), while_writing.ended()).await;
        assert!(fine.is_err());
        while_writing.pop();
        advance(PATIENCE + Duration::from_secs(1)).await;
        while_writing.send(frame(1));
        assert_eq!(while_writing.ended().await, End::Close(Close::Slow));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_of_any_size_fits_but_holds_back_the_next_command() {
        let out = Outgoing::default();
        out.answer(frame(2 * LIMIT));
        out.send(frame(1));
        assert!(timeout(Duration::from_secs(1), out.paced()).await.is_err());
        assert_eq!(out.pop().unwrap().len(), 2 * LIMIT);
        assert!(timeout(Duration::from_secs(1), out.paced()).await.is_err());
        assert_eq!(out.pop().unwrap().len(), 1);
        timeout(Duration::from_secs(1), out.paced()).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn many_short_answers_hold_back_the_next_command_too() {
        let out = Outgoing::default();
        (0..=PACE / OVERHEAD).for_each(|_| out.answer("x".into()));
        assert!(timeout(Duration::from_secs(1), out.paced()).await.is_err());
    }
}
