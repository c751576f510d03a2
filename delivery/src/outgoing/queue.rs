//! The frames that wait, what they weigh, and who has the socket that they are written to.

use std::{collections::VecDeque, mem, task::Waker};

use tokio::time::Instant;

use super::{ENOUGH, End, FRAMES, OVERHEAD, PATIENCE, Sink};
use crate::Frame;

#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<Waiting>,
    /// What the client's last ping said, to be said back.
    pub(super) pong: Option<Frame>,
    /// Bytes that wait or are being written.
    pub(super) bytes: Bytes,
    /// When the newest round began, and how many published ones waited then.
    round: Option<(Instant, usize)>,
    /// Of those, the ones that are being written, and since when the first of them waits.
    writing: Option<(Instant, Bytes)>,
    pub(super) end: Option<End>,
    socket: Socket,
    /// Wakes the connection's own task, which waits for something to do.
    pub(super) idle: Option<Waker>,
}

/// By where they come from.
#[derive(Clone, Copy, Default)]
pub(super) struct Bytes {
    pub(super) published: usize,
    answered: usize,
}

struct Waiting {
    since: Instant,
    source: Source,
    frame: Frame,
}

#[derive(Clone, Copy)]
pub(super) enum Source {
    Published,
    Answer,
}

/// Who has it.
#[derive(Default)]
enum Socket {
    /// The connection's own task, which will look for what waits.
    #[default]
    Own,
    /// Whoever comes first. `due`: somebody is on their way, and will write all that waits then.
    Lent { sink: Box<dyn Sink>, due: bool },
    /// Somebody who writes.
    Away,
    /// Its own task will, for there is more to be done than who wrote would wait for.
    Returned(Box<dyn Sink>),
}

/// Bytes that a frame takes while it waits: what is around a short one counts too.
pub(super) fn weight(frame: &Frame) -> usize {
    frame.len() + OVERHEAD
}

impl Queue {
    pub(super) fn push(&mut self, since: Instant, source: Source, frame: Frame) {
        *self.bytes.of(source) += weight(&frame);
        self.waiting.push_back(Waiting { since, source, frame });
    }

    /// Published bytes that waited when this round began.
    pub(super) fn waited(&mut self, round: Instant) -> usize {
        let waits = self.bytes.published;
        let newest = self.round.get_or_insert((round, waits));
        if newest.0 != round {
            *newest = (round, waits);
        }
        newest.1
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// Feeds as much of what waits as one write takes; false if nothing does.
    pub(super) fn hand_over(&mut self, sink: &mut dyn Sink) -> bool {
        let pong = self.pong.take();
        let mut taken = pong.is_some();
        pong.into_iter().for_each(|pong| sink.feed(pong));
        let Some(since) = self.waiting.front().map(|first| first.since) else { return taken };
        let mut writing = Bytes::default();
        for _ in 0..FRAMES {
            let Some(next) = self.waiting.pop_front() else { break };
            *writing.of(next.source) += weight(&next.frame);
            sink.feed(next.frame);
            taken = true;
            if writing.sum() >= ENOUGH {
                break;
            }
        }
        self.writing = Some((since, writing));
        taken
    }

    /// What was handed over is.
    pub(super) fn written(&mut self) {
        if let Some((_, written)) = self.writing.take() {
            self.bytes.published -= written.published;
            self.bytes.answered -= written.answered;
        }
    }

    pub(super) fn is_late(&self, now: Instant) -> bool {
        let waiting = self.waiting.front().map(|first| first.since);
        let oldest = self.writing.map(|(since, _)| since).or(waiting);
        oldest.is_some_and(|since| now.saturating_duration_since(since) > PATIENCE)
    }

    /// True for the first who may write what waits: they are to.
    pub(super) fn promise(&mut self) -> bool {
        match &mut self.socket {
            Socket::Lent { due, .. } => !mem::replace(due, true),
            Socket::Own | Socket::Away | Socket::Returned(_) => false,
        }
    }

    pub(super) fn lend(&mut self, sink: Box<dyn Sink>) {
        self.socket = Socket::Lent { sink, due: false };
    }

    /// The socket, for whoever promised to write what waits, and that in it.
    pub(super) fn borrow(&mut self) -> Option<Box<dyn Sink>> {
        match mem::replace(&mut self.socket, Socket::Away) {
            Socket::Lent { mut sink, .. } => {
                if self.hand_over(&mut *sink) {
                    return Some(sink);
                }
                self.lend(sink);
            }
            elsewhere @ (Socket::Own | Socket::Away | Socket::Returned(_)) => {
                self.socket = elsewhere;
            }
        }
        None
    }

    /// From who wrote; `written`: all of it. Otherwise, or if there is more to do, its own task goes on.
    pub(super) fn give_back(&mut self, sink: Box<dyn Sink>, written: bool) -> Option<Waker> {
        if written {
            self.written();
            if self.is_at_rest() {
                self.lend(sink);
                return None;
            }
        }
        self.socket = Socket::Returned(sink);
        self.idle.take()
    }

    /// The socket, for its own task, if there is something for it to do; and whether all that it was fed is
    /// written.
    pub(super) fn reclaim(&mut self) -> Option<(Box<dyn Sink>, bool)> {
        match mem::replace(&mut self.socket, Socket::Own) {
            Socket::Returned(sink) => return Some((sink, false)),
            Socket::Lent { sink, .. } if !self.is_at_rest() => return Some((sink, true)),
            elsewhere @ (Socket::Own | Socket::Lent { .. } | Socket::Away) => {
                self.socket = elsewhere;
            }
        }
        None
    }

    fn is_at_rest(&self) -> bool {
        self.waiting.is_empty() && self.pong.is_none() && self.end.is_none()
    }
}

impl Bytes {
    fn of(&mut self, source: Source) -> &mut usize {
        match source {
            Source::Published => &mut self.published,
            Source::Answer => &mut self.answered,
        }
    }

    pub(super) fn sum(self) -> usize {
        self.published + self.answered
    }
}
