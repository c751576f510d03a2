//! Which rows a transaction's operations are decided by: all are loaded at once, before the first
//! is decided.

use std::collections::BTreeSet;

use protocol::{MessageId, PersonName, RoomCode, RoomId};

use super::shortened;
use crate::store::{CODE_RESTS, DeviceOp, Op, PersonId, SessionHash, WayHash};

#[derive(Debug, Default)]
pub(crate) struct Needs {
    pub(crate) sessions: BTreeSet<SessionHash>,
    /// Of these sessions, the persons' others too, and their ways to other devices.
    pub(crate) owners: BTreeSet<SessionHash>,
    pub(crate) ways: Vec<WayHash>,
    pub(crate) persons: BTreeSet<PersonId>,
    pub(crate) rooms: BTreeSet<RoomId>,
    /// Rooms at these addresses.
    pub(crate) provided: BTreeSet<RoomCode>,
    /// Rooms that have ended.
    pub(crate) ended: BTreeSet<RoomId>,
    /// Of these rooms, the persons' memberships.
    pub(crate) places: BTreeSet<(RoomId, PersonId)>,
    /// Who has a name with this skeleton.
    pub(crate) names: BTreeSet<(RoomId, String)>,
    pub(crate) ids: BTreeSet<(RoomId, MessageId)>,
    pub(crate) codes: BTreeSet<RoomCode>,
    /// Codes of rooms that ended after this moment name none yet. `None` if no code is needed.
    pub(crate) rested: Option<i64>,
}

impl Needs {
    pub(crate) fn of<'a>(ops: impl Iterator<Item = &'a Op>) -> Self {
        let mut needs = Self::default();
        ops.for_each(|op| needs.add(op));
        needs
    }

    fn add(&mut self, op: &Op) {
        match op {
            Op::Begin { session, .. } => drop(self.sessions.insert(*session)),
            Op::Device(DeviceOp::See { session, .. }) => drop(self.sessions.insert(*session)),
            Op::Device(DeviceOp::SignOut { by, .. } | DeviceOp::Open { by, .. }) => {
                self.sessions.insert(*by);
                self.owners.insert(*by);
            }
            Op::Device(DeviceOp::Arrive { way, session, was, .. }) => {
                self.ways.push(*way);
                self.sessions.extend([*session].into_iter().chain(*was));
            }
            Op::Create { by, codes, at, .. } => {
                self.persons.insert(*by);
                let candidates = codes.iter().flat_map(|code| [4, 5].map(|n| shortened(code, n)));
                self.codes.extend(candidates.flatten());
                let rested = at.saturating_sub(CODE_RESTS);
                self.rested = Some(self.rested.map_or(rested, |other| other.min(rested)));
            }
            Op::Provide { code, .. } => drop(self.provided.insert(code.clone())),
            Op::Use { rooms, .. } => self.rooms.extend(rooms),
            Op::End { room, .. } => drop(self.rooms.insert(*room)),
            Op::Clear { room, .. } => drop(self.ended.insert(*room)),
            Op::Join { room, person, names, .. } => self.called(*room, *person, names),
            Op::SetDefaultName { person, .. } => drop(self.persons.insert(*person)),
            Op::SetName { room, person, name } => {
                self.called(*room, *person, std::slice::from_ref(name));
            }
            Op::Leave { room, person } | Op::Read { room, person, .. } => {
                self.persons.insert(*person);
                self.place(*room, *person);
            }
            Op::Post { room, person, id, .. } => {
                self.place(*room, *person);
                self.ids.insert((*room, *id));
            }
        }
    }

    fn called(&mut self, room: RoomId, person: PersonId, names: &[PersonName]) {
        self.persons.insert(person);
        self.place(room, person);
        self.names.extend(names.iter().map(|name| (room, name.skeleton())));
    }

    fn place(&mut self, room: RoomId, person: PersonId) {
        self.rooms.insert(room);
        self.places.insert((room, person));
    }
}
