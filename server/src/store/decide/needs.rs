//! Which rows a transaction's operations are decided by: all are loaded at once, before the first
//! is decided.

use std::collections::BTreeSet;

use protocol::{Act, Kind, MemberId, MessageId, PersonName, RoomCode, RoomId, Skeletons};

use super::shortened;
use crate::store::{CODE_RESTS, DeviceOp, Op, PersonId, Proof, Secret, SessionHash, WayHash};

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
    /// Who has a name that is taken for one with these.
    pub(crate) names: BTreeSet<(RoomId, Skeletons)>,
    pub(crate) ids: BTreeSet<(RoomId, MessageId)>,
    /// Members by number, and the persons that they are.
    pub(crate) members: BTreeSet<(RoomId, MemberId)>,
    pub(crate) items: BTreeSet<(RoomId, Kind, u64)>,
    /// Links with these keys.
    pub(crate) links: BTreeSet<Secret>,
    /// Addresses from which somebody wants to come in.
    pub(crate) addresses: BTreeSet<(RoomId, Secret)>,
    pub(crate) codes: BTreeSet<RoomCode>,
    /// Codes of rooms that ended after this moment name none yet. `None` if no code is needed.
    pub(crate) rested: Option<i64>,
    /// What was reported of the messages in `ids`.
    pub(crate) reports: bool,
    /// Of those in `places`, whether they knock.
    pub(crate) knocks: bool,
    /// Rooms at which somebody wants to knock: how many do.
    pub(crate) queues: BTreeSet<RoomId>,
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
                self.new_code(codes, *at);
            }
            Op::Provide { code, .. } => drop(self.provided.insert(code.clone())),
            Op::Use { rooms, .. } => self.rooms.extend(rooms),
            Op::End { room, .. } => drop(self.rooms.insert(*room)),
            Op::Clear { room, .. } => drop(self.ended.insert(*room)),
            Op::Join { room, person, names, proof, from, .. } => {
                self.comes(*room, *person, names, *from);
                if let Proof::Link(key) = proof {
                    self.links.insert(*key);
                }
            }
            Op::Knock { room, person, names, from, .. } => {
                self.comes(*room, *person, names, *from);
                self.queues.insert(*room);
            }
            Op::Host { room, by, act, link, .. } => {
                self.rooms.insert(*room);
                if let Some(person) = by.person() {
                    self.persons.insert(person);
                    self.place(*room, person);
                }
                self.links.extend(*link);
                self.act(*room, act);
            }
            Op::Report { room, person, message, .. } => {
                self.place(*room, *person);
                self.reported(*room, *message);
            }
            Op::Purge { .. } | Op::Ban { .. } => {}
            Op::SetDefaultName { person, .. } => drop(self.persons.insert(*person)),
            Op::SetName { room, person, name, .. } => {
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

    fn new_code(&mut self, codes: &[RoomCode], at: i64) {
        let of = |code| [4, 5].map(|n| shortened(code, n));
        self.codes.extend(codes.iter().flat_map(of).flatten());
        let rested = at.saturating_sub(CODE_RESTS);
        self.rested = Some(self.rested.map_or(rested, |other| other.min(rested)));
    }

    fn act(&mut self, room: RoomId, act: &Act) {
        if let Some(member) = act.member() {
            self.members.insert((room, member));
            let kinds = [Kind::Knock, Kind::Curb];
            self.items.extend(kinds.map(|kind| (room, kind, u64::from(member.0))));
        }
        match act {
            Act::Remove { message, .. } | Act::Settle { report: message } => {
                self.reported(room, *message);
            }
            Act::RestorePassword { entry } => {
                self.items.insert((room, Kind::Logged, u64::from(*entry)));
            }
            Act::Revoke { link } => drop(self.items.insert((room, Kind::Link, u64::from(*link)))),
            Act::Rename { .. }
            | Act::Topic { .. }
            | Act::Lifetime { .. }
            | Act::List { .. }
            | Act::Capacity { .. }
            | Act::Password { .. }
            | Act::Admission { .. }
            | Act::Slow { .. }
            | Act::Voices { .. }
            | Act::Mute { .. }
            | Act::Bar { .. }
            | Act::Appoint { .. }
            | Act::Answer { .. }
            | Act::Link { .. }
            | Act::Burn => {}
        }
    }

    fn reported(&mut self, room: RoomId, message: MessageId) {
        self.ids.insert((room, message));
        self.reports = true;
    }

    fn comes(
        &mut self,
        room: RoomId,
        person: PersonId,
        names: &[PersonName],
        from: Option<Secret>,
    ) {
        self.called(room, person, names);
        self.knocks = true;
        self.addresses.extend(from.map(|from| (room, from)));
    }

    fn called(&mut self, room: RoomId, person: PersonId, names: &[PersonName]) {
        self.persons.insert(person);
        self.place(room, person);
        self.names.extend(names.iter().map(|name| (room, name.skeletons())));
    }

    fn place(&mut self, room: RoomId, person: PersonId) {
        self.rooms.insert(room);
        self.places.insert((room, person));
    }
}
