//! Who is in which room right now, away or not, and who is typing there. Not in the log and not on
//! disk: after a restart people come back by themselves. Visitors are not counted. Sending is the
//! caller's, in `announce`.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use delivery::{Attention, ConnectionId, Frame, Hub, Stream};
use protocol::{Event, Here, Member, MemberId, RoomId, encode};
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

mod room;
mod tabs;
mod typing;

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
    tabs: HashMap<ConnectionId, Tab>,
    /// When a room has something to say, or somebody's grace ends. A wrong one does no harm.
    alarms: BTreeSet<(Instant, RoomId)>,
    /// That somebody came to, or went from, since it was last asked.
    visited: BTreeSet<RoomId>,
}

/// An open connection, and who it is in each room that it follows.
#[derive(Default)]
struct Tab {
    rooms: HashMap<RoomId, MemberId>,
    away: bool,
}

/// Tells everyone in a room who came and went and who types, and those who look at another one how many are
/// here. Runs until the server ends.
pub(crate) async fn announce(presence: Presence, hub: Hub) {
    loop {
        for (room, whom, event) in presence.due(Instant::now()) {
            hub.send_to(whom, Stream::Room(room), &Frame::from(encode(&event)));
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
    /// The first page of those who are in the room, with `me` first.
    pub(crate) fn here(&self, room: RoomId, me: Option<MemberId>) -> Here {
        self.page(room, me, None)
    }

    /// Everyone who is in the room.
    pub(crate) fn members(&self, room: RoomId) -> Vec<MemberId> {
        self.rooms().of.get(&room).map_or_else(Vec::new, Room::members)
    }

    /// How many are in the room.
    pub(crate) fn count(&self, room: RoomId) -> u32 {
        self.rooms().of.get(&room).map_or(0, Room::total)
    }

    /// How many rooms somebody is in, and how many that are in all of them.
    pub(crate) fn totals(&self) -> (u32, u32) {
        let rooms = self.rooms();
        let totals = rooms.of.values().map(Room::total).filter(|total| *total > 0);
        totals.fold((0, 0), |(rooms, people), total| (rooms + 1, people + total))
    }

    /// The rooms that somebody is in.
    pub(crate) fn in_use(&self) -> BTreeSet<RoomId> {
        let rooms = self.rooms();
        rooms.of.iter().filter(|(_, room)| !room.is_empty()).map(|(id, _)| *id).collect()
    }

    /// The rooms that somebody came to or went from since this was last asked.
    pub(crate) fn visited(&self) -> BTreeSet<RoomId> {
        std::mem::take(&mut self.rooms().visited)
    }

    /// Of which nobody needs to hear any more.
    pub(crate) fn close(&self, room: RoomId) {
        self.change(|rooms, _| {
            rooms.of.remove(&room);
            for tab in rooms.tabs.values_mut() {
                tab.rooms.remove(&room);
            }
        });
    }

    /// The page that follows this one of them.
    pub(crate) fn page(&self, room: RoomId, me: Option<MemberId>, after: Option<MemberId>) -> Here {
        self.rooms().of.get(&room).map_or_else(Here::default, |room| room.here(me, after))
    }

    /// With one more connection. It takes over from one that was just closed.
    pub(crate) fn enter(&self, room: RoomId, member: Member, connection: ConnectionId) {
        self.change(|rooms, now| {
            let tab = rooms.tabs.entry(connection).or_default();
            tab.rooms.insert(room, member.id);
            rooms.visited.insert(room);
            let away = tab.away;
            rooms.of.entry(room).or_default().enter(member, connection, away);
            rooms.remind(room, now);
        });
    }

    /// The connection no longer follows this room.
    pub(crate) fn leave(&self, room: RoomId, connection: ConnectionId, going: Going) {
        self.change(|rooms, now| {
            let Some(tab) = rooms.tabs.get_mut(&connection) else { return };
            let member = tab.rooms.remove(&room);
            if tab.rooms.is_empty() && !tab.away {
                rooms.tabs.remove(&connection);
            }
            if let Some(member) = member {
                rooms.leave(room, member, connection, going, now);
            }
        });
    }

    /// The connection is closed.
    pub(crate) fn gone(&self, connection: ConnectionId, going: Going) {
        self.change(|rooms, now| {
            let tab = rooms.tabs.remove(&connection).unwrap_or_default();
            for (room, member) in tab.rooms {
                rooms.leave(room, member, connection, going, now);
            }
        });
    }

    /// With all their connections, no longer a member.
    pub(crate) fn remove(&self, room: RoomId, member: MemberId) {
        self.change(|rooms, now| {
            rooms.visited.insert(room);
            let gone = rooms.of.get_mut(&room).map(|room| room.remove(member));
            for connection in gone.unwrap_or_default() {
                if let Some(tab) = rooms.tabs.get_mut(&connection) {
                    tab.rooms.remove(&room);
                }
            }
            rooms.remind(room, now);
        });
    }

    /// What they are called changed.
    pub(crate) fn rename(&self, room: RoomId, member: Member) {
        self.change(|rooms, now| {
            if let Some(here) = rooms.of.get_mut(&room) {
                here.rename(member);
                rooms.remind(room, now);
            }
        });
    }

    /// Nobody looks at what the connection brings, or somebody does again; in all its rooms.
    pub(crate) fn away(&self, connection: ConnectionId, away: bool) {
        self.change(|rooms, now| {
            let tab = rooms.tabs.entry(connection).or_default();
            tab.away = away;
            for (id, member) in tab.rooms.clone() {
                if let Some(room) = rooms.of.get_mut(&id) {
                    room.away(member, connection, away);
                    rooms.remind(id, now);
                }
            }
        });
    }

    /// Whether the connection is a member's who is in this room.
    pub(crate) fn is_in(&self, room: RoomId, connection: ConnectionId) -> bool {
        self.rooms().tabs.get(&connection).is_some_and(|tab| tab.rooms.contains_key(&room))
    }

    /// Returns whether the connection is a member's who is in this room.
    pub(crate) fn typing(&self, room: RoomId, connection: ConnectionId, on: bool) -> bool {
        self.change(|rooms, now| {
            let member = rooms.tabs.get(&connection).and_then(|tab| tab.rooms.get(&room)).copied();
            let (Some(here), Some(member)) = (rooms.of.get_mut(&room), member) else {
                return false;
            };
            let is_here = here.typing(member, on, now);
            rooms.remind(room, now);
            is_here
        })
    }

    /// There may be something new to announce.
    fn change<T>(&self, change: impl FnOnce(&mut Rooms, Instant) -> T) -> T {
        let changed = change(&mut self.rooms(), Instant::now());
        self.0.changed.notify_one();
        changed
    }

    fn due(&self, now: Instant) -> Vec<(RoomId, Attention, Event)> {
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
    fn leave(
        &mut self,
        id: RoomId,
        member: MemberId,
        connection: ConnectionId,
        going: Going,
        now: Instant,
    ) {
        self.visited.insert(id);
        if let Some(room) = self.of.get_mut(&id) {
            let until = match going {
                Going::Softly => now + GRACE,
                Going::AtOnce => now,
            };
            room.leave(member, connection, until);
            self.remind(id, now);
        }
    }

    fn remind(&mut self, id: RoomId, now: Instant) {
        if let Some(at) = self.of.get(&id).and_then(|room| room.next(now)) {
            self.alarms.insert((at, id));
        }
    }

    fn due(&mut self, now: Instant) -> Vec<(RoomId, Attention, Event)> {
        let mut events = Vec::new();
        while let Some((at, id)) = self.alarms.pop_first() {
            if at > now {
                self.alarms.insert((at, id));
                break;
            }
            let Some(room) = self.of.get_mut(&id) else { continue };
            events.extend(room.due(id, now).into_iter().map(|(whom, event)| (id, whom, event)));
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
