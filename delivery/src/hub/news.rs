//! That something is new in a room, for those of its members who do not follow it: how far it has come, and
//! nothing else. It passes, as presence does: whoever missed one hears the next, or asks again. Who may
//! hear of which room is the answer's word.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use protocol::{Event, Refusal, RoomId, RoomLink, encode};
use tokio::time::sleep;

use super::{ConnectionId, Hub, Streams, round::Round};
use crate::{Frame, PersonId, Stream};

/// Rooms that one connection may hear of.
const MAX_ROOMS: u32 = 100;
/// From one round to the next. However much is said, nobody is told of a room more often.
const PAUSE: Duration = Duration::from_millis(500);

#[derive(Default)]
pub(super) struct News {
    /// Who hears of each room.
    ears: HashMap<RoomId, BTreeSet<ConnectionId>>,
    /// Since the last round: the place of each room's newest message.
    heads: BTreeMap<RoomId, u32>,
}

/// What one connection hears of.
#[derive(Default)]
pub(super) struct Ear {
    rooms: BTreeSet<RoomId>,
    /// What came while the answer was being read: that goes first, and says of which of them it may hear.
    held: Option<BTreeMap<RoomId, u32>>,
}

/// Tells everyone of what is new, in rounds: the first at once. Runs until the server ends.
pub async fn tell_news(hub: Hub) {
    loop {
        hub.0.noted.notified().await;
        hub.tell_heads();
        sleep(PAUSE).await;
    }
}

impl Hub {
    /// From now on this connection hears of these rooms, as far as they are in the answer, and of no others.
    /// The answer is read while what is new is held: together they leave no gap.
    ///
    /// # Errors
    /// Those of the answer, and too many rooms for one connection. It then hears of none.
    pub async fn hear_of(
        &self,
        id: ConnectionId,
        rooms: Vec<RoomId>,
        answer: impl Future<Output = Result<Vec<RoomLink>, Refusal>>,
    ) -> Result<(), Refusal> {
        if rooms.len() > MAX_ROOMS as usize {
            return Err(Refusal::TooManyStreams { max: MAX_ROOMS });
        }
        self.streams().listen(id, rooms);
        let answer = answer.await;
        let mut streams = self.streams();
        let held = streams.allow(id, answer.as_deref().unwrap_or_default());
        let answer = Frame::from(encode(&Event::Rooms(answer?)));
        if let Some(connection) = streams.connections.get(&id) {
            connection.out.answer(answer);
            for (room, head) in held {
                connection.out.send(news(room, head));
            }
        }
        Ok(())
    }

    /// A room has come so far.
    pub(super) fn note(&self, room: RoomId, head: u32) {
        if self.streams().news.note(room, head) {
            self.0.noted.notify_one();
        }
    }

    fn tell_heads(&self) {
        let heads = std::mem::take(&mut self.streams().news.heads);
        let mut round = Round::new();
        for (room, head) in heads {
            self.streams().tell(room, head, &mut round);
        }
        round.write();
    }
}

impl News {
    /// Returns whether anybody is to be told.
    fn note(&mut self, room: RoomId, head: u32) -> bool {
        let heard = self.ears.contains_key(&room);
        if heard {
            let known = self.heads.entry(room).or_default();
            *known = head.max(*known);
        }
        heard
    }

    fn drop_ear(&mut self, id: ConnectionId, room: RoomId) {
        if let Some(ears) = self.ears.get_mut(&room) {
            ears.remove(&id);
            if ears.is_empty() {
                self.ears.remove(&room);
            }
        }
    }
}

impl Streams {
    fn listen(&mut self, id: ConnectionId, rooms: Vec<RoomId>) {
        self.deafen(id);
        let Some(connection) = self.connections.get_mut(&id) else { return };
        for room in &rooms {
            self.news.ears.entry(*room).or_default().insert(id);
        }
        let (rooms, held) = (rooms.into_iter().collect(), Some(BTreeMap::new()));
        connection.ear = Ear { rooms, held };
    }

    /// It hears of these alone of those that it listens to. Returns what came of them meanwhile.
    fn allow(&mut self, id: ConnectionId, mine: &[RoomLink]) -> BTreeMap<RoomId, u32> {
        let Some(connection) = self.connections.get_mut(&id) else { return BTreeMap::new() };
        let ear = &mut connection.ear;
        let mine: BTreeSet<_> = mine.iter().map(|room| room.id).collect();
        let mut held = ear.held.take().unwrap_or_default();
        held.retain(|room, _| ear.rooms.contains(room) && mine.contains(room));
        for room in ear.rooms.extract_if(.., |room| !mine.contains(room)) {
            self.news.drop_ear(id, room);
        }
        held
    }

    fn tell(&mut self, room: RoomId, head: u32, round: &mut Round) {
        let frame = news(room, head);
        for id in self.news.ears.get(&room).into_iter().flatten() {
            let Some(connection) = self.connections.get_mut(id) else { continue };
            if connection.streams.contains(&Stream::Room(room)) {
                // They have the message itself.
                continue;
            }
            match &mut connection.ear.held {
                Some(held) => _ = held.insert(room, head),
                None => round.send(&connection.out, frame.clone()),
            }
        }
    }

    /// Nothing more of any room.
    pub(super) fn deafen(&mut self, id: ConnectionId) {
        let ear =
            self.connections.get_mut(&id).map(|connection| std::mem::take(&mut connection.ear));
        for room in ear.unwrap_or_default().rooms {
            self.news.drop_ear(id, room);
        }
    }

    /// Nothing more of this room to anybody. Returns those who may hear of it.
    pub(super) fn deafen_all(&mut self, room: RoomId) -> BTreeSet<ConnectionId> {
        let mut ears = self.news.ears.remove(&room).unwrap_or_default();
        ears.retain(|id| {
            let Some(connection) = self.connections.get_mut(id) else { return false };
            connection.ear.rooms.remove(&room);
            // Whether those may whose answer is being read, it has not said yet.
            connection.ear.held.is_none()
        });
        ears
    }

    /// Nothing more of this room to any of the person's connections.
    pub(super) fn deafen_person(&mut self, person: PersonId, room: RoomId) {
        let ears: Vec<_> = self.news.ears.get(&room).into_iter().flatten().copied().collect();
        for id in ears {
            if let Some(connection) = self.connections.get_mut(&id)
                && connection.person == Some(person)
            {
                connection.ear.rooms.remove(&room);
                self.news.drop_ear(id, room);
            }
        }
    }
}

fn news(room: RoomId, head: u32) -> Frame {
    Frame::from(encode(&Event::News(protocol::News { room, head })))
}

#[cfg(test)]
mod tests;
