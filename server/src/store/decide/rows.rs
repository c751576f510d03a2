//! The rows that one transaction works on, and what is published of them. Owns no rule of what an
//! operation may do, and does not know where rows come from.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::{Range, RangeInclusive},
};

use ipnet::IpNet;
use protocol::{
    Changes, Content, Device, Item, Kind, Member, MemberId, Membership, Message, MessageId,
    PersonName, Room, RoomCode, RoomId, Skeletons, Value,
};

use super::{Names, Needs};
use crate::{
    names::is_numbered,
    store::{Commit, Person, PersonId, Secret, SessionHash, Stream, WayHash},
};

/// A row, and whether it must be saved.
#[derive(Debug)]
pub(crate) struct Row<T> {
    pub(crate) value: T,
    pub(crate) dirty: bool,
}

impl<T> Row<T> {
    pub(crate) fn loaded(value: T) -> Self {
        Self { value, dirty: false }
    }

    pub(crate) fn new(value: T) -> Self {
        Self { value, dirty: true }
    }

    pub(crate) fn change(&mut self) -> &mut T {
        self.dirty = true;
        &mut self.value
    }
}

#[derive(Clone, Debug)]
pub(crate) struct RoomState {
    /// Its `rev` is that of the room's own last change.
    pub(crate) room: Room,
    pub(crate) epoch: u32,
    /// The head of the stream: the highest rev of all its values.
    pub(crate) rev: u64,
    /// The head before this transaction.
    pub(crate) before: u64,
    /// Of the newest message.
    pub(crate) seq: u32,
    /// When the newest message was written; the room's beginning while there is none.
    pub(crate) last_at: i64,
    /// When a member was last known to be there, or its beginning.
    pub(crate) used_at: i64,
    /// Everyone who ever joined: the highest member id.
    pub(crate) members: u32,
    /// Those who have not left.
    pub(crate) joined: u32,
    pub(crate) created_at: i64,
    pub(crate) ended_at: Option<i64>,
    /// By a host, before its time.
    pub(crate) burned: bool,
    /// Its members who are hosts, also those who left.
    pub(crate) hosts: u32,
    /// What its password is kept as, if it has one.
    pub(crate) password: Option<String>,
    /// The head of its desk's stream, now and before this transaction.
    pub(crate) desk: u64,
    pub(crate) desk_before: u64,
    /// As it was loaded: until then an address may be barred.
    pub(crate) barred_until: i64,
}

/// What is left of a room that has ended: its messages and members from 1 to these.
#[derive(Clone, Debug)]
pub(crate) struct EndedState {
    pub(crate) id: RoomId,
    pub(crate) seq: u32,
    pub(crate) members: u32,
    pub(crate) ended_at: i64,
}

/// What goes of a room that has ended.
#[derive(Clone, Debug)]
pub(crate) enum Cleared {
    Messages(RoomId, RangeInclusive<u32>),
    Members(RoomId, RangeInclusive<u32>),
    /// What was said in messages that were taken away before this moment, and what was kept of addresses that were
    /// barred until then.
    Lapsed(i64),
    /// Itself, of which nothing else is left.
    Room(RoomId),
}

#[derive(Clone, Debug)]
pub(crate) struct MemberState {
    pub(crate) member: Member,
    /// What the person sees of it. The name of one who left stays on what they wrote.
    pub(crate) membership: Membership,
    pub(crate) person: PersonId,
    /// Of nothing, where they only knocked and were not let in: their name is anybody's then.
    pub(crate) skeletons: Skeletons,
    /// 0 for one who only knocked.
    pub(crate) joined_at: i64,
    /// Is not let in until then.
    pub(crate) barred: Option<i64>,
    /// When they wrote last while the room was slow.
    pub(crate) spoke_at: i64,
}

#[derive(Clone, Debug)]
pub(crate) struct MessageState {
    pub(crate) message: Message,
    pub(crate) room: RoomId,
    pub(crate) person: PersonId,
    /// Of what it said first: tells a retry from another message under the same id, even when the
    /// content has changed since.
    pub(crate) digest: i64,
    /// What it says is new in this transaction: search has to learn it. Nothing else that changes of
    /// a message touches the index.
    pub(crate) reworded: bool,
    /// What it said before it was taken away, and when that was; for some seconds.
    pub(crate) original: Option<(Content, i64)>,
}

/// Something on a room's desk.
#[derive(Clone, Debug)]
pub(crate) struct ItemState {
    pub(crate) room: RoomId,
    pub(crate) item: Item,
    /// Of a link's key.
    pub(crate) secret: Option<Secret>,
    /// What the room's password was kept as until this was logged.
    pub(crate) password: Option<String>,
}

/// An address from which nobody new comes into a room for a while, because of one who was barred.
#[derive(Clone, Debug)]
pub(crate) struct Barred {
    pub(crate) room: RoomId,
    pub(crate) member: MemberId,
    pub(crate) address: Secret,
    pub(crate) until: i64,
}

#[derive(Clone, Debug)]
pub(crate) struct PersonState {
    pub(crate) person: Person,
    /// The head of their stream, now and before this transaction.
    pub(crate) rev: u64,
    pub(crate) before: u64,
    pub(crate) created_at: i64,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct SessionState {
    pub(crate) hash: SessionHash,
    pub(crate) person: PersonId,
    pub(crate) device: Device,
    /// When it began.
    pub(crate) at: i64,
    pub(crate) seen_at: i64,
    pub(crate) ended_at: Option<i64>,
}

/// The last way to another device that somebody opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WayState {
    pub(crate) person: PersonId,
    pub(crate) hash: WayHash,
    pub(crate) until: i64,
    /// What it led to.
    pub(crate) session: Option<SessionHash>,
}

/// What has to be loaded for an operation is in the maps before it is decided. In those with an
/// `Option`, `None` says that there is no such row; a missing key, that nobody has looked.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// That new rooms begin in.
    pub(crate) epoch: u32,
    pub(crate) last_room: u32,
    pub(crate) last_person: i64,
    pub(crate) rooms: BTreeMap<RoomId, Row<RoomState>>,
    /// Those that end in this transaction.
    pub(crate) over: Vec<RoomState>,
    /// Those that had ended before it.
    pub(crate) ended: BTreeMap<RoomId, EndedState>,
    pub(crate) cleared: Vec<Cleared>,
    pub(crate) members: BTreeMap<(RoomId, MemberId), Row<MemberState>>,
    pub(crate) people: HashMap<(RoomId, PersonId), Option<MemberId>>,
    pub(crate) names: Names,
    pub(crate) messages: BTreeMap<(RoomId, u32), Row<MessageState>>,
    pub(crate) ids: HashMap<(RoomId, MessageId), Option<u32>>,
    pub(crate) persons: BTreeMap<PersonId, Row<PersonState>>,
    pub(crate) items: BTreeMap<(RoomId, Kind, u64), Row<ItemState>>,
    /// How many wait at these rooms' doors, at least as many as do.
    pub(crate) waiting: HashMap<RoomId, u32>,
    /// The links with these keys.
    pub(crate) links: HashMap<Secret, Option<(RoomId, u64)>>,
    /// Until when nobody new comes from there.
    pub(crate) barred: HashMap<(RoomId, Secret), i64>,
    pub(crate) new_barred: Vec<Barred>,
    /// Whose addresses are so no more.
    pub(crate) unbarred: Vec<(RoomId, MemberId)>,
    /// Networks from which nobody comes until then, in the order in which they were said.
    pub(crate) bans: Vec<(IpNet, Option<i64>)>,
    pub(crate) sessions: BTreeMap<SessionHash, Option<Row<SessionState>>>,
    /// Of each person at most one.
    pub(crate) ways: Vec<Row<WayState>>,
    /// Somebody is new.
    pub(crate) new_person: bool,
    /// Whether a code names a room, or did so lately.
    pub(crate) codes: HashMap<RoomCode, bool>,
    /// The rooms at the addresses of rooms that are always there.
    pub(crate) provided: HashMap<RoomCode, Option<RoomId>>,
    /// How many codes of four letters are taken in this way.
    pub(crate) short_codes: Option<u32>,
}

impl Batch {
    /// Of what is needed nothing is there but what is loaded from here on.
    pub(crate) fn looked_for(needs: &Needs) -> Self {
        Self {
            people: needs.places.iter().map(|place| (*place, None)).collect(),
            ids: needs.ids.iter().map(|id| (*id, None)).collect(),
            sessions: needs.sessions.iter().map(|session| (*session, None)).collect(),
            links: needs.links.iter().map(|key| (*key, None)).collect(),
            codes: needs.codes.iter().map(|code| (code.clone(), false)).collect(),
            provided: needs.provided.iter().map(|code| (code.clone(), None)).collect(),
            ..Self::default()
        }
    }

    pub(crate) fn load_person(&mut self, state: PersonState) {
        self.persons.insert(state.person.id, Row::loaded(state));
    }

    pub(crate) fn load_session(&mut self, state: SessionState) {
        self.sessions.insert(state.hash, Some(Row::loaded(state)));
    }

    pub(crate) fn load_way(&mut self, state: WayState) {
        self.put_way(Row::loaded(state));
    }

    pub(super) fn put_way(&mut self, row: Row<WayState>) {
        self.ways.retain(|other| other.value.person != row.value.person);
        self.ways.push(row);
    }

    pub(crate) fn load_room(&mut self, state: RoomState) {
        if let Some(provided) = self.provided.get_mut(&state.room.code) {
            *provided = Some(state.room.id);
        }
        self.rooms.insert(state.room.id, Row::loaded(state));
    }

    pub(crate) fn load_member(&mut self, state: MemberState) {
        let (room, id) = (state.membership.room, state.member.id);
        self.people.insert((room, state.person), Some(id));
        self.members.insert((room, id), Row::loaded(state));
    }

    pub(crate) fn load_message(&mut self, state: MessageState) {
        let (room, seq) = (state.room, state.message.seq);
        self.ids.insert((room, state.message.id), Some(seq));
        self.messages.insert((room, seq), Row::loaded(state));
    }

    pub(crate) fn load_item(&mut self, state: ItemState) {
        let (kind, n) = state.item.matter.key(state.item.rev);
        if let Some(link) = state.secret.and_then(|key| self.links.get_mut(&key)) {
            *link = Some((state.room, n));
        }
        self.items.insert((state.room, kind, n), Row::loaded(state));
    }

    pub(crate) fn load_ended(&mut self, state: EndedState) {
        self.ended.insert(state.id, state);
    }

    pub(crate) fn load_code(&mut self, taken: RoomCode) {
        self.codes.insert(taken, true);
    }

    /// Whether the counters of rooms and persons went on.
    pub(crate) fn new_ids(&self) -> bool {
        self.new_person || self.rooms.values().any(|room| room.value.before == 0)
    }

    /// A number that they needed in one room is no part of their name in the next.
    pub(super) fn has_name(&mut self, person: PersonId, name: &PersonName) {
        if let Some(row) = self.persons.get_mut(&person)
            && row.value.person.name != *name
            && !is_numbered(name, &row.value.person.name)
        {
            row.change().person.name = name.clone();
        }
    }

    /// What to publish: for each stream that changed, the values stamped in this transaction and
    /// the authors of its messages, in the order of their revs.
    pub(crate) fn changes(&self) -> Commit {
        let rooms = self.rooms.values().map(|row| &row.value);
        let rooms = rooms.filter(|room| room.rev > room.before).map(|room| {
            let stream = Stream::Room(room.room.id);
            (stream, changes(stream, room.epoch, room.before..room.rev, self.of_room(room)))
        });
        let mut memberships = self.memberships();
        let persons = self.persons.values().map(|row| &row.value);
        let persons = persons.filter(|person| person.rev > person.before).map(|person| {
            let stream = Stream::Person(person.person.id);
            let values = memberships.remove(&person.person.id).unwrap_or_default();
            (stream, changes(stream, self.epoch, person.before..person.rev, values))
        });
        rooms.chain(self.desks()).chain(persons).collect()
    }

    fn desks(&self) -> impl Iterator<Item = (Stream, Changes)> {
        let rooms = self.rooms.values().map(|row| &row.value);
        rooms.filter(|room| room.desk > room.desk_before).map(|state| {
            let (room, before) = (state.room.id, state.desk_before);
            let all = (room, Kind::Knock, 0)..=(room, Kind::Logged, u64::MAX);
            let items = self.items.range(all).map(|(_, row)| &row.value.item);
            let items: Vec<&Item> = items.filter(|item| item.rev > before).collect();
            let named: BTreeSet<MemberId> =
                items.iter().flat_map(|item| item.matter.members()).collect();
            let members = named.iter().filter_map(|id| self.members.get(&(room, *id)));
            let members = members.map(|row| Value::Member(row.value.member.clone()));
            let items = items.into_iter().map(|item| Value::Item(Box::new(item.clone())));
            let (stream, values) = (Stream::Desk(room), members.chain(items).collect());
            (stream, changes(stream, state.epoch, before..state.desk, values))
        })
    }

    /// Those that changed, by whose they are.
    fn memberships(&self) -> BTreeMap<PersonId, Vec<Value>> {
        let mut changed: BTreeMap<PersonId, Vec<Value>> = BTreeMap::new();
        for MemberState { membership, person, .. } in self.members.values().map(|row| &row.value) {
            let before = self.persons.get(person).map(|row| row.value.before);
            if before.is_some_and(|before| membership.rev > before) {
                changed.entry(*person).or_default().push(Value::Membership(*membership));
            }
        }
        changed
    }

    fn of_room(&self, state: &RoomState) -> Vec<Value> {
        let room = state.room.id;
        let mut values = Vec::new();
        if state.room.rev > state.before {
            values.push(Value::Room(state.room.clone()));
        }
        let messages =
            self.messages.range((room, 0)..=(room, u32::MAX)).map(|(_, row)| &row.value.message);
        let messages: Vec<&Message> =
            messages.filter(|message| message.rev > state.before).collect();
        for ((_, id), row) in self.members.range((room, MemberId(0))..=(room, MemberId(u32::MAX))) {
            let member = &row.value.member;
            if member.rev > state.before || messages.iter().any(|message| message.author == *id) {
                values.push(Value::Member(member.clone()));
            }
        }
        values.extend(messages.into_iter().cloned().map(Value::Message));
        values
    }
}

fn changes(stream: Stream, epoch: u32, revs: Range<u64>, mut values: Vec<Value>) -> Changes {
    values.sort_by_key(Value::rev);
    let (stream, Range { start: after, end: upto }) = (stream.audience(), revs);
    Changes { stream, epoch, after, upto, values, more: false }
}
