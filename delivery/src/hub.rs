//! Streams and those who follow them, and the one publisher that keeps the order. How a frame
//! reaches a browser, and who may follow what, is not decided here.

mod attention;
mod news;
mod round;
mod sessions;

pub use attention::Attention;
pub use news::tell_news;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Arc, PoisonError},
};

use protocol::{Changes, Close, Closed, Event, Reason, Refusal, Value, encode};
use tokio::sync::mpsc;

use crate::{
    Commit, Frame, PersonId, SessionId, Stream, batch,
    outgoing::{LIMIT, Outgoing},
    wait::{Mutex, MutexGuard, Notify},
};
use news::{Ear, News};
use round::Round;
use sessions::Sessions;

/// Streams that one connection may follow.
const MAX_STREAMS: u32 = 16;
/// Commits that one round of frames is made of, at most.
const ROUND: usize = 64;

/// Counted, and never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// Who is connected, and who follows what. A clone is the same one.
#[derive(Clone, Default)]
pub struct Hub(Arc<Inner>);

#[derive(Default)]
struct Inner {
    streams: Mutex<Streams>,
    /// There is something new to tell.
    noted: Notify,
}

#[derive(Default)]
struct Streams {
    /// Connections that there ever were.
    count: u64,
    /// Whoever still comes is sent away.
    stopped: bool,
    connections: HashMap<ConnectionId, Connection>,
    followers: HashMap<Stream, BTreeMap<ConnectionId, Follower>>,
    news: News,
    sessions: Sessions,
}

struct Connection {
    person: Option<PersonId>,
    session: Option<SessionId>,
    out: Arc<Outgoing>,
    streams: HashSet<Stream>,
    ear: Ear,
}

struct Follower {
    person: Option<PersonId>,
    out: Arc<Outgoing>,
    attention: Attention,
    /// Frames that came while an answer was being read: the answer goes first. Mostly there is none.
    held: Option<Box<Held>>,
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
        let mut round = Round::new();
        for (stream, changes) in batch::merged(waiting.drain(..).flatten()) {
            let head = head(&changes);
            for frame in batch::frames(changes) {
                hub.tell(stream, &frame, &mut round);
            }
            if let (Stream::Room(room), Some(head)) = (stream, head) {
                hub.note(room, head);
            }
        }
        round.write();
    }
}

/// The place of the newest message in it.
fn head(changes: &Changes) -> Option<u32> {
    let seq = |value: &Value| match value {
        Value::Message(message) => Some(message.seq),
        Value::Member(_) | Value::Room(_) | Value::Membership(_) | Value::Item(_) => None,
    };
    changes.values.iter().filter_map(seq).max()
}

impl Hub {
    /// Somebody's connection, from one of their devices, or a visitor's. Whoever comes after the stop is sent
    /// away.
    pub fn connect(
        &self,
        person: Option<PersonId>,
        session: Option<SessionId>,
        out: Arc<Outgoing>,
    ) -> ConnectionId {
        let mut streams = self.streams();
        streams.count += 1;
        let id = ConnectionId(streams.count);
        if streams.stopped {
            out.close(Close::Restart);
        }
        let (followed, ear) = (HashSet::new(), Ear::default());
        streams.sessions.add(session, id);
        let connection = Connection { person, session, out, streams: followed, ear };
        streams.connections.insert(id, connection);
        id
    }

    pub fn disconnect(&self, id: ConnectionId) {
        self.unfollow_all(id);
        let mut streams = self.streams();
        streams.deafen(id);
        if let Some(connection) = streams.connections.remove(&id) {
            streams.sessions.remove(connection.session, id);
        }
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
                if new {
                    self.attend(id, stream);
                }
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
        let Streams { connections, followers, .. } = &mut *self.streams();
        let Some(connection) = connections.get_mut(&id) else { return Ok(false) };
        let new = !connection.streams.contains(&stream);
        if new && connection.streams.len() >= MAX_STREAMS as usize {
            return Err(Refusal::TooManyStreams { max: MAX_STREAMS });
        }
        connection.streams.insert(stream);
        let followers = followers.entry(stream).or_default();
        let follower = followers.entry(id).or_insert_with(|| Follower::of(connection));
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

    pub fn unfollow(&self, id: ConnectionId, stream: Stream) {
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

    /// Whether anybody does.
    pub fn is_followed(&self, stream: Stream) -> bool {
        self.streams().followers.contains_key(&stream)
    }

    /// The streams that somebody follows.
    pub fn followed(&self) -> Vec<Stream> {
        self.streams().followers.keys().copied().collect()
    }

    /// Those who follow the stream, without its visitors.
    pub fn people(&self, stream: Stream) -> BTreeSet<PersonId> {
        let streams = self.streams();
        let followers = streams.followers.get(&stream).into_iter().flat_map(BTreeMap::values);
        followers.filter_map(|follower| follower.person).collect()
    }

    /// The connections with which this person follows the stream.
    pub fn of_person(&self, person: PersonId, stream: Stream) -> Vec<ConnectionId> {
        self.streams().of_person(person, stream)
    }

    /// To all who follow the stream now.
    pub fn send(&self, stream: Stream, frame: &Frame) {
        let mut round = Round::new();
        self.tell(stream, frame, &mut round);
        round.write();
    }

    fn tell(&self, stream: Stream, frame: &Frame, round: &mut Round) {
        let mut streams = self.streams();
        let followers = streams.followers.get_mut(&stream).into_iter().flatten();
        followers.for_each(|(_, follower)| follower.tell(frame.clone(), round));
    }

    /// To everyone who is connected, whatever they follow. Returns how many that are.
    pub fn tell_all(&self, frame: &Frame) -> usize {
        let mut round = Round::new();
        let streams = self.streams();
        let all = streams.connections.values();
        all.for_each(|connection| round.send(&connection.out, frame.clone()));
        let count = streams.connections.len();
        drop(streams);
        round.write();
        count
    }

    /// How many there are.
    pub fn connections(&self) -> usize {
        self.streams().connections.len()
    }

    /// The stream is over for this person: their connections are told, and hear nothing more of it.
    pub fn end(&self, person: PersonId, stream: Stream, reason: Reason) {
        let mut streams = self.streams();
        let ids = streams.of_person(person, stream);
        if let Stream::Room(room) = stream {
            streams.deafen_person(person, room);
        }
        streams.end(ids, stream, reason);
    }

    /// Who follows the stream now.
    pub fn followers(&self, stream: Stream) -> Vec<ConnectionId> {
        self.streams()
            .followers
            .get(&stream)
            .into_iter()
            .flat_map(BTreeMap::keys)
            .copied()
            .collect()
    }

    /// The stream is over for these of those who follow it.
    pub fn end_some(&self, ids: Vec<ConnectionId>, stream: Stream, reason: Reason) {
        let mut streams = self.streams();
        let followers = streams.followers.get(&stream);
        let ids: Vec<_> = ids
            .into_iter()
            .filter(|id| followers.is_some_and(|all| all.contains_key(id)))
            .collect();
        streams.end(ids, stream, reason);
    }

    /// The stream is over for everyone. Who only hears of it is told too.
    pub fn end_all(&self, stream: Stream, reason: Reason) {
        let mut streams = self.streams();
        let followers = streams.followers.get(&stream).into_iter().flat_map(BTreeMap::keys);
        let mut ids: BTreeSet<_> = followers.copied().collect();
        if let Stream::Room(room) = stream {
            ids.extend(streams.deafen_all(room));
        }
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
        self.0.streams.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn end(&mut self, ids: impl IntoIterator<Item = ConnectionId>, stream: Stream, reason: Reason) {
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
    fn of(connection: &Connection) -> Self {
        let (person, out) = (connection.person, connection.out.clone());
        Self { person, out, attention: Attention::Partial, held: None }
    }

    fn tell(&mut self, frame: Frame, round: &mut Round) {
        match &mut self.held {
            None => round.send(&self.out, frame),
            Some(held) if held.bytes + frame.len() > LIMIT => self.out.close(Close::Slow),
            Some(held) => {
                held.bytes += frame.len();
                held.frames.push(frame);
            }
        }
    }
}

#[cfg(test)]
mod tests;
