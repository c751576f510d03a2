//! What an operation means: authority, idempotency, places and revs, decided once for every
//! database. Pure: rows come in loaded and go out changed; no SQL, no clock, no chance.

mod curb;
mod devices;
mod door;
mod host;
mod life;
mod name;
mod needs;
mod report;
mod rows;
mod settle;
#[cfg(test)]
mod tests;

use protocol::{
    Body, Content, Device, Lifetime, MemberId, Membership, Message, MessageId, PersonName, Point,
    Role, Room, RoomCode, RoomId, RoomName, Rules, Voices,
};

use door::Comer;
pub(crate) use door::opens;
use host::Deed;
use name::Names;
pub(crate) use needs::Needs;
pub(crate) use rows::{
    Barred, Batch, Cleared, EndedState, ItemState, MemberState, MessageState, PersonState,
    RoomState, Row, SessionState, WayState,
};

use super::{Applied, Entry, Op, Person, PersonId, Result, SessionHash, StoreError};

/// Codes of four letters are given out while fewer than this many of the 22⁴ name a room: a fifth,
/// so that a mistyped code seldom opens a strange room.
const SHORT_CODES: u32 = 22 * 22 * 22 * 22 / 5;

/// What a room is from its beginning.
struct NewRoom<'a> {
    name: Option<&'a RoomName>,
    listed: bool,
    lifetime: Lifetime,
}

impl Batch {
    /// A refusal changes nothing, so it cannot spoil the transaction for others.
    pub(crate) fn decide(&mut self, op: &Op) -> Result<Applied> {
        match op {
            Op::Begin { session, name, device, at } => self.begin(*session, name, *device, *at),
            Op::Device(op) => self.device(op).map(Applied::Device),
            Op::Create { by, name, listed, lifetime, called, codes, at } => {
                let code = self.free_code(codes);
                let new = NewRoom { name: name.as_ref(), listed: *listed, lifetime: *lifetime };
                self.create(*by, code, new, called, *at)
            }
            Op::Provide { code, name, at } => self.provide(code, name, *at),
            Op::Use { rooms, until } => Ok(self.used(rooms, *until)),
            Op::End { room, at, grace } => self.end(*room, *at, *grace),
            Op::Clear { room, at } => self.clear(*room, *at),
            Op::Join { room, person, names, capacity, proof, from, at } => {
                let (room, person, capacity, from, at) = (*room, *person, *capacity, *from, *at);
                self.join(&Comer { room, person, names, capacity, from, at }, proof)
            }
            Op::Knock { room, person, names, says, capacity, from, at } => {
                let (room, person, capacity, from, at) = (*room, *person, *capacity, *from, *at);
                self.knock(&Comer { room, person, names, capacity, from, at }, says.as_ref())
            }
            Op::Host { room, by, act, link, addresses, capacity, at } => {
                let (room, by, link, capacity, at) = (*room, *by, *link, *capacity, *at);
                self.host(&Deed { room, by, act, link, addresses, capacity, at })
            }
            Op::Ban { network, until, at } => {
                self.bans.push((*network, until.filter(|until| until > at)));
                Ok(Applied::Banned)
            }
            Op::Report { room, person, message, at } => self.report(*room, *person, *message, *at),
            Op::Purge { before } => {
                self.cleared.push(Cleared::Lapsed(*before));
                Ok(Applied::Purged)
            }
            Op::Leave { room, person } => self.leave(*room, *person),
            Op::SetDefaultName { person, name } => self.set_default_name(*person, name),
            Op::SetName { room, person, name, at } => self.set_name(*room, *person, name, *at),
            Op::Read { room, person, seq } => self.read(*room, *person, *seq),
            Op::Post { room, person, id, body, at } => self.post(*room, *person, *id, body, *at),
        }
    }

    /// A token whose session has ended begins none: whoever has it may not be whom it was made for.
    fn begin(
        &mut self,
        hash: SessionHash,
        name: &PersonName,
        device: Device,
        at: i64,
    ) -> Result<Applied> {
        if let Some(Some(known)) = self.sessions.get(&hash) {
            let ended = known.value.ended_at.is_some();
            let begun = Applied::Begun(known.value.person);
            return if ended { Err(StoreError::NotAMember) } else { Ok(begun) };
        }
        self.last_person += 1;
        self.new_person = true;
        let id = PersonId(self.last_person);
        let person = Person { id, name: name.clone() };
        self.persons
            .insert(id, Row::new(PersonState { person, rev: 0, before: 0, created_at: at }));
        self.new_session(SessionState {
            hash,
            person: id,
            device,
            at,
            seen_at: at,
            ended_at: None,
        });
        Ok(Applied::Begun(id))
    }

    fn create(
        &mut self,
        by: PersonId,
        code: Option<RoomCode>,
        new: NewRoom<'_>,
        called: &PersonName,
        at: i64,
    ) -> Result<Applied> {
        if !self.persons.contains_key(&by) {
            return Err(StoreError::NotAMember);
        }
        let room = self.build(code.ok_or(StoreError::Overloaded)?, new, at)?;
        let id = self.enrol(room.id, by, called, at)?;
        if let Some(row) = self.members.get_mut(&(room.id, id)) {
            row.change().member.role = Role::Host;
        }
        if let Some(row) = self.rooms.get_mut(&room.id) {
            row.change().hosts = 1;
        }
        let member = Some(self.is_in(room.id, id, at)?);
        self.has_name(by, called);
        let head = Point { epoch: self.epoch, rev: 1 };
        let (joined, read, barred_until) = (1, Some(0), 0);
        let (muted, past) = (None, None);
        Ok(Applied::Created(Entry { room, head, joined, member, read, muted, past, barred_until }))
    }

    fn build(&mut self, code: RoomCode, new: NewRoom<'_>, at: i64) -> Result<Room> {
        // The store's key has 31 bits for it.
        let id = self.last_room.checked_add(1).filter(|id| i32::try_from(*id).is_ok());
        let id = RoomId(id.ok_or_else(exhausted)?);
        self.last_room = id.0;
        if code.is_letters() && code.as_str().len() == 4 {
            self.short_codes = self.short_codes.map(|taken| taken + 1);
        }
        self.codes.insert(code.clone(), true);
        let NewRoom { name, listed, lifetime } = new;
        let (name, rules) = (name.cloned(), Rules::default());
        let room = Room { id, code, name, listed, lifetime, rules, rev: 1 };
        self.rooms.insert(
            id,
            Row::new(RoomState {
                room: room.clone(),
                epoch: self.epoch,
                rev: 1,
                before: 0,
                seq: 0,
                last_at: at,
                used_at: at,
                members: 0,
                joined: 0,
                created_at: at,
                ended_at: None,
                burned: false,
                password: None,
                hosts: 0,
                desk: 0,
                desk_before: 0,
                barred_until: 0,
            }),
        );
        Ok(room)
    }

    fn free_code(&self, candidates: &[RoomCode]) -> Option<RoomCode> {
        let letters = if self.short_codes? < SHORT_CODES { 4 } else { 5 };
        let codes = candidates.iter().filter_map(|code| shortened(code, letters));
        codes.into_iter().find(|code| self.codes.get(code) == Some(&false))
    }

    fn read(&mut self, room: RoomId, person: PersonId, seq: u32) -> Result<Applied> {
        let newest = self.known(room, person)?.seq;
        let member = self.member(room, person).filter(|member| member.membership.joined);
        let member = member.ok_or(StoreError::NotAMember)?;
        let (id, mut membership) = (member.member.id, member.membership);
        let read = seq.min(newest);
        let fresh = read > membership.read;
        if fresh {
            membership = self.change_membership(room, id, |mine| mine.read = read)?;
        }
        Ok(Applied::Read { membership, epoch: self.epoch, fresh })
    }

    fn post(
        &mut self,
        room: RoomId,
        person: PersonId,
        id: MessageId,
        body: &Body,
        at: i64,
    ) -> Result<Applied> {
        self.known(room, person)?;
        let row = self.rooms.get_mut(&room).ok_or(StoreError::NoSuchRoom)?;
        let author =
            self.people.get(&(room, person)).copied().flatten().ok_or(StoreError::NotAMember)?;
        let member = self.members.get_mut(&(room, author)).ok_or(StoreError::NotAMember)?;
        let digest = digest(body);
        let there = self.ids.get(&(room, id)).copied().flatten();
        let there = there.and_then(|seq| self.messages.get(&(room, seq))).map(|row| &row.value);
        // Before the question of membership: what one said is still said after leaving.
        if let Some(first) =
            there.filter(|first| first.message.author == author && first.digest == digest)
        {
            let (message, author) = (first.message.clone(), member.value.member.clone());
            return Ok(Applied::Posted { message, author, epoch: row.value.epoch, fresh: false });
        }
        if !member.value.membership.joined {
            return Err(StoreError::NotAMember);
        }
        if there.is_some() {
            return Err(StoreError::IdConflict);
        }
        may_write(&row.value.room.rules, &member.value, at)?;
        if row.value.room.rules.slow > 0 {
            member.change().spoke_at = at;
        }
        let seq = row.value.seq.checked_add(1).ok_or_else(exhausted)?;
        let state = row.change();
        if member.value.member.rev == 0 {
            state.rev += 1;
            member.change().member.rev = state.rev;
        }
        state.rev += 1;
        state.seq = seq;
        state.last_at = state.last_at.max(at);
        let message = state.newest(id, author, body);
        let epoch = state.epoch;
        let author = member.value.member.clone();
        self.ids.insert((room, id), Some(seq));
        let state = MessageState {
            message: message.clone(),
            room,
            person,
            digest,
            reworded: true,
            original: None,
        };
        self.messages.insert((room, seq), Row::new(state));
        Ok(Applied::Posted { message, author, epoch, fresh: true })
    }

    /// Also one who left.
    /// The room, or that there is none any more, for who was in it. Ids are counted, and so easily guessed: whoever never
    /// was in it hears of one that is missing, and of one that is not theirs, the same.
    fn known(&self, room: RoomId, person: PersonId) -> Result<&RoomState> {
        let is_theirs = self.member(room, person).is_some_and(|member| member.joined_at > 0);
        match self.rooms.get(&room) {
            Some(row) => Ok(&row.value),
            None if is_theirs => Err(StoreError::NoSuchRoom),
            None => Err(StoreError::NotAMember),
        }
    }

    fn member(&self, room: RoomId, person: PersonId) -> Option<&MemberState> {
        let id = self.people.get(&(room, person)).copied().flatten()?;
        self.members.get(&(room, id)).map(|row| &row.value)
    }

    /// Stamps it in the stream of the person whose it is, and nowhere else.
    fn change_membership(
        &mut self,
        room: RoomId,
        id: MemberId,
        change: impl FnOnce(&mut Membership),
    ) -> Result<Membership> {
        let row = self.members.get_mut(&(room, id)).ok_or(StoreError::NotAMember)?;
        let person = self.persons.get_mut(&row.value.person).ok_or(StoreError::NotAMember)?;
        let person = person.change();
        person.rev += 1;
        let membership = &mut row.change().membership;
        change(membership);
        membership.rev = person.rev;
        Ok(*membership)
    }
}

impl RoomState {
    fn is_full(&self, capacity: u32) -> bool {
        self.joined >= self.room.rules.most(capacity)
    }

    /// Whoever is not in it may read along.
    fn is_for_strangers(&self, capacity: u32) -> bool {
        self.room.rules.is_open() && !self.is_full(capacity)
    }

    /// As the room has come to it.
    fn newest(&self, id: MessageId, author: MemberId, body: &Body) -> Message {
        Message {
            id,
            seq: self.seq,
            rev: self.rev,
            version: 1,
            author,
            content: Content::Text(body.clone()),
            created_at: self.last_at,
        }
    }
}

impl MemberState {
    /// Until when they say nothing, not by another name either. Hosts may always.
    fn muted(&self, at: i64) -> Option<i64> {
        let is_host = self.member.role == Role::Host;
        self.membership.muted.filter(|until| !is_host && *until > at)
    }
}

/// Hosts may always.
fn may_write(rules: &Rules, member: &MemberState, at: i64) -> Result<()> {
    if member.member.role == Role::Host {
        return Ok(());
    }
    if let Some(until) = member.muted(at) {
        return Err(StoreError::Muted { until });
    }
    if rules.voices == Voices::Hosts {
        return Err(StoreError::HostsOnly);
    }
    let wait = member.spoke_at.saturating_add(i64::from(rules.slow) * 1000).saturating_sub(at);
    match u32::try_from(wait) {
        // A clock that was set back is no reason to wait for longer than that.
        Ok(wait) if wait > 0 && rules.slow > 0 => {
            Err(StoreError::TooSoon { retry_ms: wait.min(rules.slow * 1000) })
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

/// The first letters of a candidate, as a code of its own.
fn shortened(code: &RoomCode, letters: usize) -> Option<RoomCode> {
    RoomCode::parse(code.as_str().get(..letters)?)
}

fn exhausted() -> StoreError {
    StoreError::Unavailable("a counter is at its end".into())
}

/// FNV-1a. Stored, so it must never change.
fn digest(body: &Body) -> i64 {
    let hash = body.as_str().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    hash.cast_signed()
}
