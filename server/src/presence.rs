//! Who is in which room right now. Not in the log and not on disk: after a restart people come back
//! by themselves. Visitors are not counted. Sending is the caller's, in `announce`.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::extract::ws::Utf8Bytes;
use protocol::{Audience, Event, Here, Member, MemberId, RoomId, encode};
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

use crate::hub::{ConnectionId, Hub};

mod room;

use room::Room;

/// For a tab that was closed: a reload is back by then, and nobody notices.
const GRACE: Duration = Duration::from_secs(5);

/// How somebody goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Going {
    /// Perhaps only to come back.
    Softly,
    /// For certain, or too long ago.
    AtOnce,
}

#[derive(Clone, Default)]
pub(crate) struct Presence(Arc<Inner>);

#[derive(Default)]
struct Inner {
    rooms: Mutex<Rooms>,
    changed: Notify,
}

#[derive(Default)]
struct Rooms {
    of: HashMap<RoomId, Room>,
    connections: HashMap<ConnectionId, HashSet<RoomId>>,
    /// When a room has something to say, or somebody's grace ends. A wrong one does no harm.
    alarms: BTreeSet<(Instant, RoomId)>,
}

/// Tells everyone in a room who came and who went. Runs until the server ends.
pub(crate) async fn announce(presence: Presence, hub: Hub) {
    loop {
        for (room, event) in presence.due(Instant::now()) {
            hub.send(Audience::Room(room), &Utf8Bytes::from(encode(&Event::Presence(event))));
        }
        match presence.next() {
            Some(at) => tokio::select! {
                () = sleep_until(at) => {}
                () = presence.0.changed.notified() => {}
            },
            None => presence.0.changed.notified().await,
        }
    }
}

impl Presence {
    /// Everyone who is in the room, with `me` first.
    pub(crate) fn here(&self, room: RoomId, me: Option<MemberId>) -> Here {
        self.rooms().of.get(&room).map_or_else(Here::default, |room| room.here(me))
    }

    /// With one more connection. It takes over from one that was just closed.
    pub(crate) fn enter(&self, room: RoomId, member: Member, connection: ConnectionId) {
        let mut rooms = self.rooms();
        rooms.connections.entry(connection).or_default().insert(room);
        rooms.of.entry(room).or_default().enter(member, connection);
        rooms.remind(room, Instant::now());
        drop(rooms);
        self.0.changed.notify_one();
    }

    /// The connection no longer follows this room.
    pub(crate) fn leave(&self, room: RoomId, connection: ConnectionId, going: Going) {
        let mut rooms = self.rooms();
        if let Some(in_rooms) = rooms.connections.get_mut(&connection) {
            in_rooms.remove(&room);
            if in_rooms.is_empty() {
                rooms.connections.remove(&connection);
            }
        }
        rooms.leave(room, connection, going, Instant::now());
        drop(rooms);
        self.0.changed.notify_one();
    }

    /// The connection is closed.
    pub(crate) fn gone(&self, connection: ConnectionId, going: Going) {
        let mut rooms = self.rooms();
        let Some(in_rooms) = rooms.connections.remove(&connection) else { return };
        for room in in_rooms {
            rooms.leave(room, connection, going, Instant::now());
        }
        drop(rooms);
        self.0.changed.notify_one();
    }

    /// With all their connections, no longer a member.
    pub(crate) fn remove(&self, room: RoomId, member: MemberId) {
        let mut rooms = self.rooms();
        let gone = rooms.of.get_mut(&room).map(|room| room.remove(member)).unwrap_or_default();
        for connection in gone {
            if let Some(in_rooms) = rooms.connections.get_mut(&connection) {
                in_rooms.remove(&room);
            }
        }
        rooms.remind(room, Instant::now());
        drop(rooms);
        self.0.changed.notify_one();
    }

    /// What they are called changed.
    pub(crate) fn rename(&self, room: RoomId, member: Member) {
        let mut rooms = self.rooms();
        if let Some(here) = rooms.of.get_mut(&room) {
            here.rename(member);
            rooms.remind(room, Instant::now());
        }
        drop(rooms);
        self.0.changed.notify_one();
    }

    fn due(&self, now: Instant) -> Vec<(RoomId, protocol::Presence)> {
        self.rooms().due(now)
    }

    fn next(&self) -> Option<Instant> {
        self.rooms().alarms.first().map(|(at, _)| *at)
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rooms {
    fn leave(&mut self, id: RoomId, connection: ConnectionId, going: Going, now: Instant) {
        if let Some(room) = self.of.get_mut(&id) {
            let until = match going {
                Going::Softly => now + GRACE,
                Going::AtOnce => now,
            };
            room.leave(connection, until);
            self.remind(id, now);
        }
    }

    fn remind(&mut self, id: RoomId, now: Instant) {
        if let Some(at) = self.of.get(&id).and_then(|room| room.next(now)) {
            self.alarms.insert((at, id));
        }
    }

    fn due(&mut self, now: Instant) -> Vec<(RoomId, protocol::Presence)> {
        let mut events = Vec::new();
        while let Some((at, id)) = self.alarms.pop_first() {
            if at > now {
                self.alarms.insert((at, id));
                break;
            }
            let Some(room) = self.of.get_mut(&id) else { continue };
            events.extend(room.due(id, now).map(|event| (id, event)));
            if room.is_over() {
                self.of.remove(&id);
            } else {
                self.remind(id, now);
            }
        }
        events
    }
}

#[cfg(test)]
mod tests;
