//! Streams and those who follow them, and the one publisher that keeps the order. How a frame
//! reaches a browser, and who may follow what, is not decided here.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, PoisonError},
};

use protocol::{Close, Closed, Event, Reason, Refusal, encode};
use tokio::sync::mpsc;

use crate::{
    Commit, Frame, PersonId, Stream, batch,
    outgoing::{LIMIT, Outgoing},
    wait::{Mutex, MutexGuard},
};

/// Streams that one connection may follow.
const MAX_STREAMS: u32 = 16;
/// Commits that one round of frames is made of, at most.
const ROUND: usize = 64;

/// Counted, and never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// Who is connected, and who follows what. A clone is the same one.
#[derive(Clone, Default)]
pub struct Hub(Arc<Mutex<Streams>>);

#[derive(Default)]
struct Streams {
    /// Connections that there ever were.
    count: u64,
    /// Whoever still comes is sent away.
    stopped: bool,
    connections: HashMap<ConnectionId, Connection>,
    followers: HashMap<Stream, BTreeMap<ConnectionId, Follower>>,
}

struct Connection {
    person: Option<PersonId>,
    out: Arc<Outgoing>,
    streams: HashSet<Stream>,
}

struct Follower {
    person: Option<PersonId>,
    out: Arc<Outgoing>,
    /// Frames that came while an answer was being read: the answer goes first.
    held: Option<Held>,
}

#[derive(Default)]
struct Held {
    frames: Vec<Frame>,
    bytes: usize,
}

/// The only one who sends what is durable, in the order of revs. Ends when the store does.
pub async fn publish(mut commits: mpsc::Receiver<Commit>, hub: Hub) {
    let mut waiting = Vec::new();
    while commits.recv_many(&mut waiting, ROUND).await > 0 {
        for (stream, changes) in batch::merged(waiting.drain(..).flatten()) {
            for frame in batch::frames(changes) {
                hub.send(stream, &frame);
            }
        }
    }
}

impl Hub {
    /// Somebody's connection, or a visitor's. Whoever comes after the stop is sent away.
    pub fn connect(&self, person: Option<PersonId>, out: Arc<Outgoing>) -> ConnectionId {
        let mut streams = self.streams();
        streams.count += 1;
        let id = ConnectionId(streams.count);
        if streams.stopped {
            out.close(Close::Restart);
        }
        streams.connections.insert(id, Connection { person, out, streams: HashSet::new() });
        id
    }

    pub fn disconnect(&self, id: ConnectionId) {
        self.unfollow_all(id);
        self.streams().connections.remove(&id);
    }

    /// Follows the stream and sends the answer, which is read while what the stream says is held:
    /// together they leave no gap. Without an answer, nothing is followed that was not before.
    ///
    /// # Errors
    /// Those of the answer, and too many streams for one connection.
    pub async fn follow(
        &self,
        id: ConnectionId,
        stream: Stream,
        answer: impl Future<Output = Result<Vec<Frame>, Refusal>>,
    ) -> Result<(), Refusal> {
        let new = self.hold(id, stream)?;
        match answer.await {
            Ok(answer) => {
                self.release(id, stream, answer);
                Ok(())
            }
            Err(refusal) => {
                if new {
                    self.unfollow(id, stream);
                } else {
                    self.release(id, stream, Vec::new());
                }
                Err(refusal)
            }
        }
    }

    /// Follows the stream, but what it says is kept until `release`. True for a new follower.
    fn hold(&self, id: ConnectionId, stream: Stream) -> Result<bool, Refusal> {
        let mut streams = self.streams();
        let Some(connection) = streams.connections.get_mut(&id) else { return Ok(false) };
        let new = !connection.streams.contains(&stream);
        if new && connection.streams.len() >= MAX_STREAMS as usize {
            return Err(Refusal::TooManyStreams { max: MAX_STREAMS });
        }
        connection.streams.insert(stream);
        let (person, out) = (connection.person, connection.out.clone());
        let followers = streams.followers.entry(stream).or_default();
        let follower = followers.entry(id).or_insert(Follower { person, out, held: None });
        follower.held.get_or_insert_default();
        Ok(new)
    }

    /// Sends the answer and then what was held; nothing when the stream ended for this connection in
    /// the meantime, which it was then told.
    fn release(&self, id: ConnectionId, stream: Stream, answer: Vec<Frame>) {
        let mut streams = self.streams();
        let Some(follower) = streams.follower(id, stream) else { return };
        for frame in answer {
            follower.out.answer(frame);
        }
        for frame in follower.held.take().unwrap_or_default().frames {
            follower.out.send(frame);
        }
    }

    fn unfollow(&self, id: ConnectionId, stream: Stream) {
        let mut streams = self.streams();
        if let Some(connection) = streams.connections.get_mut(&id) {
            connection.streams.remove(&stream);
        }
        streams.drop_follower(id, stream);
    }

    pub fn unfollow_all(&self, id: ConnectionId) {
        let mut streams = self.streams();
        let followed = streams
            .connections
            .get_mut(&id)
            .map(|connection| std::mem::take(&mut connection.streams));
        for stream in followed.into_iter().flatten() {
            streams.drop_follower(id, stream);
        }
    }

    pub fn follows(&self, id: ConnectionId, stream: Stream) -> bool {
        self.streams().follower(id, stream).is_some()
    }

    /// The connections with which this person follows the stream.
    pub fn of_person(&self, person: PersonId, stream: Stream) -> Vec<ConnectionId> {
        self.streams().of_person(person, stream)
    }

    /// To all who follow the stream now.
    pub fn send(&self, stream: Stream, frame: &Frame) {
        let mut streams = self.streams();
        for follower in
            streams.followers.get_mut(&stream).into_iter().flat_map(BTreeMap::values_mut)
        {
            follower.send(frame.clone());
        }
    }

    /// The stream is over for this person: their connections are told, and hear nothing more of it.
    pub fn end(&self, person: PersonId, stream: Stream, reason: Reason) {
        let mut streams = self.streams();
        let ids = streams.of_person(person, stream);
        streams.end(ids, stream, reason);
    }

    /// The stream is over for everyone.
    pub fn end_all(&self, stream: Stream, reason: Reason) {
        let mut streams = self.streams();
        let ids = streams.followers.get(&stream).into_iter().flat_map(BTreeMap::keys).copied();
        let ids = ids.collect();
        streams.end(ids, stream, reason);
    }

    /// Lets nobody in from now on; returns those who are here, for `close`.
    pub fn stop(&self) -> Vec<ConnectionId> {
        let mut streams = self.streams();
        streams.stopped = true;
        streams.connections.keys().copied().collect()
    }

    /// Nothing happens to one that is gone.
    pub fn close(&self, id: ConnectionId, close: Close) {
        if let Some(connection) = self.streams().connections.get(&id) {
            connection.out.close(close);
        }
    }

    fn streams(&self) -> MutexGuard<'_, Streams> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Streams {
    fn follower(&mut self, id: ConnectionId, stream: Stream) -> Option<&mut Follower> {
        self.followers.get_mut(&stream)?.get_mut(&id)
    }

    fn of_person(&self, person: PersonId, stream: Stream) -> Vec<ConnectionId> {
        let followers = self.followers.get(&stream).into_iter().flatten();
        followers
            .filter(|(_, follower)| follower.person == Some(person))
            .map(|(id, _)| *id)
            .collect()
    }

    /// They are told, and hear nothing more of it.
    fn end(&mut self, ids: Vec<ConnectionId>, stream: Stream, reason: Reason) {
        let closed = Closed { stream: stream.audience(), reason };
        let frame = Frame::from(encode(&Event::Closed(closed)));
        for id in ids {
            if let Some(connection) = self.connections.get_mut(&id) {
                connection.streams.remove(&stream);
                connection.out.send(frame.clone());
            }
            self.drop_follower(id, stream);
        }
    }

    fn drop_follower(&mut self, id: ConnectionId, stream: Stream) {
        if let Some(followers) = self.followers.get_mut(&stream) {
            followers.remove(&id);
            if followers.is_empty() {
                self.followers.remove(&stream);
            }
        }
    }
}

impl Follower {
    fn send(&mut self, frame: Frame) {
        match &mut self.held {
            None => self.out.send(frame),
            Some(held) if held.bytes + frame.len() > LIMIT => self.out.close(Close::Slow),
            Some(held) => {
                held.bytes += frame.len();
                held.frames.push(frame);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use protocol::RoomId;

    use super::*;
    use crate::outgoing::End;

    const ROOM: Stream = Stream::Room(RoomId(1));

    fn drain(out: &Outgoing) -> Vec<String> {
        std::iter::from_fn(|| out.pop()).map(|frame| frame.to_string()).collect()
    }

    #[test]
    fn what_comes_while_an_answer_is_read_goes_after_it() {
        let (hub, out) = (Hub::default(), Arc::new(Outgoing::default()));
        let id = hub.connect(None, out.clone());
        for new in [true, false] {
            assert_eq!(hub.hold(id, ROOM), Ok(new));
            hub.send(ROOM, &"live".into());
            assert!(drain(&out).is_empty());
            hub.release(id, ROOM, vec!["answer".into()]);
            assert_eq!(drain(&out), ["answer", "live"]);
            hub.send(ROOM, &"next".into());
            assert_eq!(drain(&out), ["next"]);
        }
    }

    #[test]
    fn a_stream_that_ends_ends_on_all_connections_of_the_person_and_only_on_theirs() {
        let hub = Hub::default();
        let [mine, also_mine, other] = [Some(1), Some(1), None].map(|person| {
            let out = Arc::new(Outgoing::default());
            let id = hub.connect(person.map(PersonId), out.clone());
            assert_eq!(hub.hold(id, ROOM), Ok(true));
            (id, out)
        });
        hub.release(mine.0, ROOM, vec![]);
        hub.release(other.0, ROOM, vec![]);
        hub.end(PersonId(1), ROOM, Reason::Left);
        hub.release(also_mine.0, ROOM, vec!["late".into()]);
        hub.send(ROOM, &"after".into());
        for out in [mine.1, also_mine.1] {
            assert_eq!(drain(&out), [r#"{"closed":{"stream":{"room":1},"reason":"left"}}"#]);
        }
        assert_eq!(drain(&other.1), ["after"]);
    }

    #[test]
    fn a_stream_that_is_over_ends_for_everyone() {
        let hub = Hub::default();
        let outs = [Some(1), Some(2), None].map(|person| {
            let out = Arc::new(Outgoing::default());
            let id = hub.connect(person.map(PersonId), out.clone());
            assert_eq!(hub.hold(id, ROOM), Ok(true));
            out
        });
        hub.end_all(ROOM, Reason::Expired);
        hub.send(ROOM, &"after".into());
        for out in outs {
            assert_eq!(drain(&out), [r#"{"closed":{"stream":{"room":1},"reason":"expired"}}"#]);
        }
    }

    #[tokio::test]
    async fn one_connection_follows_so_many_streams_and_holds_so_many_bytes() {
        let (hub, out) = (Hub::default(), Arc::new(Outgoing::default()));
        let id = hub.connect(None, out.clone());
        let stream = |n| Stream::Room(RoomId(n));
        for n in 0..MAX_STREAMS {
            assert_eq!(hub.hold(id, stream(n)), Ok(true));
        }
        let refusal = Refusal::TooManyStreams { max: MAX_STREAMS };
        assert_eq!(hub.hold(id, stream(MAX_STREAMS)), Err(refusal));
        assert_eq!(hub.hold(id, stream(0)), Ok(false));
        hub.unfollow(id, stream(0));
        assert_eq!(hub.hold(id, stream(MAX_STREAMS)), Ok(true));

        let large = Frame::from("x".repeat(LIMIT / 2 + 1));
        hub.send(stream(1), &large);
        hub.send(stream(1), &large);
        assert_eq!(out.ended().await, End::Close(Close::Slow));
    }

    #[test]
    fn nothing_is_kept_of_those_who_are_gone() {
        let hub = Hub::default();
        let id = hub.connect(None, Arc::default());
        assert_eq!(hub.hold(id, ROOM), Ok(true));
        hub.disconnect(id);
        assert!(!hub.follows(id, ROOM));
        assert!(hub.streams().followers.is_empty() && hub.streams().connections.is_empty());
    }

    #[tokio::test]
    async fn whoever_comes_after_the_stop_is_sent_away() {
        let hub = Hub::default();
        assert!(hub.stop().is_empty());
        let out = Arc::new(Outgoing::default());
        hub.connect(None, out.clone());
        assert_eq!(out.ended().await, End::Close(Close::Restart));
    }
}
