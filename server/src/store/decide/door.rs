//! Coming into a room, and going.

use protocol::{
    Admission, Item, Kind, Knock, Line, Link, Matter, Member, MemberId, Membership, PersonName,
    Role, RoomId,
};

use super::{
    Applied, Batch, ItemState, MemberState, PersonId, Result, RoomState, Row, StoreError, exhausted,
};
use crate::store::{Came, MAX_ITEMS, Proof, Secret};

/// Who wants to come into a room.
pub(super) struct Comer<'a> {
    pub(super) room: RoomId,
    pub(super) person: PersonId,
    pub(super) names: &'a [PersonName],
    /// Members that the server allows.
    pub(super) capacity: u32,
    pub(super) from: Option<Secret>,
    pub(super) at: i64,
}

/// Whether a link does anything yet. `maker`: what the member is by now who made it. Who is a host no more gives
/// nobody anything.
pub(crate) fn opens(link: &Link, maker: Option<Role>, at: i64) -> bool {
    let by_host = link.by.is_none() || maker == Some(Role::Host);
    by_host && !link.revoked && link.until > at && link.left != Some(0)
}

impl Batch {
    pub(super) fn join(&mut self, comer: &Comer<'_>, proof: &Proof) -> Result<Applied> {
        let Comer { room, person, at, .. } = *comer;
        let (was, role) = self.is_let_in(comer, proof)?;
        if let Some(old) = was.filter(|old| old.membership.joined) {
            let member = old.member.clone();
            let full = self.is_full(room, comer.capacity);
            if role <= member.role {
                return Ok(Applied::Joined { member, came: Came::Already, full });
            }
            self.count_use(room, proof)?;
            let member = self.appoint(room, member.id, role)?;
            return Ok(Applied::Joined { member, came: Came::Raised, full });
        }
        let old = was.map(|old| old.member.id);
        self.has_place(room, comer.capacity, role)?;
        // Who left while they were muted comes back as who they were.
        let was = was.filter(|old| old.joined_at > 0 && old.muted(at).is_some());
        let name = match was {
            Some(muted) => muted.member.name.clone(),
            None => self.free(comer, old)?.clone(),
        };
        self.count_use(room, proof)?;
        if let Some(wanted) = comer.names.first() {
            self.has_name(person, wanted);
        }
        let id = match old {
            Some(id) => {
                self.rename(room, id, &name);
                id
            }
            None => self.enrol(room, person, &name, at)?,
        };
        let member = self.is_in(room, id, at)?;
        let member = if role > member.role { self.appoint(room, id, role)? } else { member };
        let came = if old.is_some() { Came::Back } else { Came::First };
        Ok(Applied::Joined { member, came, full: self.is_full(room, comer.capacity) })
    }

    /// Who they were here, if anybody, and what they are to be; or why they are not let in.
    fn is_let_in(&self, comer: &Comer<'_>, proof: &Proof) -> Result<(Option<&MemberState>, Role)> {
        let Comer { room, person, at, .. } = *comer;
        let state = &self.rooms.get(&room).ok_or(StoreError::NoSuchRoom)?.value;
        if !self.persons.contains_key(&person) {
            return Err(StoreError::NotAMember);
        }
        let was = self.member(room, person);
        let role = self.by_link(room, proof, at)?.unwrap_or(Role::Member);
        if was.is_some_and(|was| was.membership.joined) {
            return Ok((was, role));
        }
        self.not_barred(comer, was)?;
        let opens = role == Role::Host || was.is_some_and(|was| was.member.role == Role::Host);
        match state.room.rules.admission {
            _ if opens => {}
            Admission::Locked if was.is_some_and(|was| was.joined_at > 0) => {
                return Err(StoreError::Locked);
            }
            Admission::Locked => return Err(StoreError::NoSuchRoom),
            Admission::Open | Admission::Knock if matches!(proof, Proof::Link(_)) => {}
            admission @ (Admission::Open | Admission::Knock) => {
                // Whom a host lets in needs to know nothing.
                if admission == Admission::Knock {
                    return Err(StoreError::KnockFirst);
                }
                let knows = |kept| matches!(proof, Proof::Password(known) if known == kept);
                if state.password.as_ref().is_some_and(|kept| !knows(kept)) {
                    return Err(StoreError::PasswordNeeded);
                }
            }
        }
        Ok((was, role))
    }

    /// What the link makes of one who comes by it.
    fn by_link(&self, room: RoomId, proof: &Proof, at: i64) -> Result<Option<Role>> {
        let Proof::Link(key) = proof else { return Ok(None) };
        let found = self.links.get(key).copied().flatten().filter(|(of, _)| *of == room);
        let item = found.and_then(|(room, n)| self.items.get(&(room, Kind::Link, n)));
        let Some(Matter::Link(link)) = item.map(|row| &row.value.item.matter) else {
            return Err(StoreError::LinkVoid);
        };
        let maker = link.by.and_then(|by| self.members.get(&(room, by)));
        if !opens(link, maker.map(|row| row.value.member.role), at) {
            return Err(StoreError::LinkVoid);
        }
        Ok(Some(if link.host { Role::Host } else { Role::Member }))
    }

    fn count_use(&mut self, room: RoomId, proof: &Proof) -> Result<()> {
        let Proof::Link(key) = proof else { return Ok(()) };
        let Some((_, n)) = self.links.get(key).copied().flatten() else { return Ok(()) };
        let Some(row) = self.items.get(&(room, Kind::Link, n)) else { return Ok(()) };
        let Matter::Link(mut link) = row.value.item.matter.clone() else { return Ok(()) };
        let Some(left) = link.left else { return Ok(()) };
        let at = row.value.item.at;
        link.left = Some(left.saturating_sub(1));
        self.put(room, Matter::Link(link), at).map(drop)
    }

    fn not_barred(&self, comer: &Comer<'_>, was: Option<&MemberState>) -> Result<()> {
        let of_address = comer.from.and_then(|from| self.barred.get(&(comer.room, from)).copied());
        // Whoever was in the room before is not taken for another one behind their address.
        let was_in = was.is_some_and(|was| was.joined_at > 0);
        let until = was.and_then(|was| was.barred).max(of_address.filter(|_| !was_in));
        match until.filter(|until| *until > comer.at) {
            Some(until) => Err(StoreError::Barred { until }),
            None => Ok(()),
        }
    }

    /// Hosts always find one, or a full room could not be kept in order.
    pub(super) fn has_place(&self, room: RoomId, capacity: u32, role: Role) -> Result<()> {
        let state = &self.rooms.get(&room).ok_or(StoreError::NoSuchRoom)?.value;
        let full = state.is_full(capacity) && role != Role::Host;
        if full { Err(StoreError::RoomFull) } else { Ok(()) }
    }

    pub(super) fn is_full(&self, room: RoomId, capacity: u32) -> bool {
        self.rooms.get(&room).is_some_and(|row| row.value.is_full(capacity))
    }

    fn waits_as(
        &mut self,
        comer: &Comer<'_>,
        was: Option<MemberId>,
        name: &PersonName,
    ) -> Result<MemberId> {
        if let Some(id) = was {
            self.rename(comer.room, id, name);
            return Ok(id);
        }
        let id = self.enrol(comer.room, comer.person, name, 0)?;
        self.change_membership(comer.room, id, |_| {})?;
        Ok(id)
    }

    fn free<'a>(&self, comer: &Comer<'a>, me: Option<MemberId>) -> Result<&'a PersonName> {
        let free = |name: &&PersonName| self.is_free(comer.room, name, me);
        comer.names.iter().find(free).ok_or(StoreError::NameTaken)
    }

    pub(super) fn knock(&mut self, comer: &Comer<'_>, says: Option<&Line>) -> Result<Applied> {
        let was = match self.is_let_in(comer, &Proof::None) {
            Err(StoreError::KnockFirst) => self.member(comer.room, comer.person),
            Ok(_) => return self.join(comer, &Proof::None),
            Err(error) => return Err(error),
        };
        let was = was.map(|was| was.member.id);
        let knock = |id: MemberId| self.items.get(&(comer.room, Kind::Knock, u64::from(id.0)));
        if was.and_then(knock).is_some_and(|row| row.value.item.matter.waits()) {
            return Ok(Applied::Knocked);
        }
        if self.waiting.get(&comer.room).is_some_and(|waiting| *waiting >= MAX_ITEMS) {
            return Err(StoreError::TooManyKnock);
        }
        let id = match was {
            Some(id) if !self.is_freed(comer.room, id) => id,
            was => {
                let name = self.free(comer, was)?.clone();
                if let Some(wanted) = comer.names.first() {
                    self.has_name(comer.person, wanted);
                }
                self.waits_as(comer, was, &name)?
            }
        };
        let knock = Knock { member: id, says: says.cloned(), answer: None };
        self.put(comer.room, Matter::Knock(knock), comer.at)?;
        *self.waiting.entry(comer.room).or_default() += 1;
        Ok(Applied::Knocked)
    }

    pub(super) fn leave(&mut self, room: RoomId, person: PersonId) -> Result<Applied> {
        match self.known(room, person) {
            Err(StoreError::NotAMember) => return Ok(Applied::Left(None)),
            known => known?,
        };
        let id = self.people.get(&(room, person)).copied().flatten();
        match id {
            Some(id) if self.is_out(room, id)? => Ok(Applied::Left(Some(id))),
            Some(_) | None => Ok(Applied::Left(None)),
        }
    }

    /// Whether they were in.
    pub(super) fn is_out(&mut self, room: RoomId, id: MemberId) -> Result<bool> {
        let member = self.members.get(&(room, id)).ok_or(StoreError::NotAMember)?;
        if !member.value.membership.joined {
            return Ok(false);
        }
        let state = self.rooms.get_mut(&room).ok_or(StoreError::NoSuchRoom)?.change();
        state.joined = state.joined.saturating_sub(1);
        self.change_membership(room, id, |mine| mine.joined = false)?;
        Ok(true)
    }

    /// From now on, for the first time or again.
    pub(super) fn is_in(&mut self, room: RoomId, id: MemberId, at: i64) -> Result<Member> {
        let state = self.rooms.get_mut(&room).ok_or(StoreError::NoSuchRoom)?.change();
        state.joined += 1;
        state.used_at = state.used_at.max(at);
        let newest = state.seq;
        // What was said before they came is no news to them.
        self.change_membership(room, id, |mine| (mine.joined, mine.read) = (true, newest))?;
        let member = self.members.get_mut(&(room, id)).ok_or(StoreError::NotAMember)?.change();
        member.joined_at = at.max(1);
        let member = member.member.clone();
        let there = self.items.get(&(room, Kind::Knock, u64::from(id.0)));
        let there = there.map(|row| (row.value.item.matter.clone(), row.value.item.at));
        if let Some((Matter::Knock(mut knock), since)) = there
            && knock.answer.is_none()
        {
            knock.answer = Some(true);
            self.put(room, Matter::Knock(knock), since)?;
        }
        Ok(member)
    }

    /// Somebody who is not in the room yet. `at`: when they came, or 0.
    pub(super) fn enrol(
        &mut self,
        room: RoomId,
        person: PersonId,
        name: &PersonName,
        at: i64,
    ) -> Result<MemberId> {
        let row = self.rooms.get_mut(&room).ok_or(StoreError::NoSuchRoom)?;
        let id = MemberId(row.value.members.checked_add(1).ok_or_else(exhausted)?);
        row.change().members = id.0;
        let member = Member { id, name: name.clone(), role: Role::Member, rev: 0 };
        let membership = Membership { room, joined: false, read: 0, muted: None, rev: 0 };
        let skeletons = name.skeletons();
        self.people.insert((room, person), Some(id));
        self.names.add(room, id, &skeletons);
        let (barred, spoke_at) = (None, 0);
        let state =
            MemberState { member, membership, person, skeletons, joined_at: at, barred, spoke_at };
        self.members.insert((room, id), Row::new(state));
        Ok(id)
    }

    /// On the desk, in the place of what had the same key.
    pub(super) fn put(&mut self, room: RoomId, matter: Matter, at: i64) -> Result<u64> {
        let state = self.rooms.get_mut(&room).ok_or(StoreError::NoSuchRoom)?;
        let RoomState { desk, .. } = state.change();
        *desk += 1;
        let rev = *desk;
        let (kind, n) = matter.key(rev);
        let key = (room, kind, n);
        match self.items.get_mut(&key) {
            Some(row) => row.change().item = Item { rev, at, matter },
            None => {
                let item = Item { rev, at, matter };
                let state = ItemState { room, item, secret: None, password: None };
                self.items.insert(key, Row::new(state));
            }
        }
        Ok(rev)
    }
}
