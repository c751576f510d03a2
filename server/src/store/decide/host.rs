//! What hosts do, and what is kept of it.

use protocol::{
    Act, Admission, Content, FOR_EVER, Kind, Link, Logged, Matter, Member, MemberId, MessageId,
    Role, RoomId,
};

use super::{Applied, Batch, Result, StoreError};
use crate::store::{By, Effect, REGRET, Secret};

/// A host's act and what belongs to it.
pub(super) struct Deed<'a> {
    pub(super) room: RoomId,
    pub(super) by: By,
    pub(super) act: &'a Act,
    pub(super) link: Option<Secret>,
    pub(super) addresses: &'a [Secret],
    pub(super) capacity: u32,
    pub(super) at: i64,
}

/// What came of it: the act that makes it undone, where there is one, and what it means for others. `None`: it was
/// so before.
pub(super) type Done = Option<(Option<Act>, Effect)>;

impl Batch {
    pub(super) fn host(&mut self, deed: &Deed<'_>) -> Result<Applied> {
        let Deed { room, act, at, .. } = *deed;
        let by = self.authority(deed)?;
        let stepped_down = self.steps_down(deed, by)?;
        let done = match act {
            Act::Remove { message, removed } => self.remove(room, *message, *removed, at)?,
            Act::Mute { member, until } => self.mute(deed, by, *member, *until)?,
            Act::Bar { member, until } => self.bar(deed, by, *member, *until)?,
            Act::Appoint { member, role } => self.appointed(room, *member, *role)?,
            Act::Answer { knock, admit } => self.answer(deed, *knock, *admit)?,
            Act::Settle { report } => self.settle(room, *report)?,
            Act::Link { host, until, uses, .. } => {
                let host = (*host, (*until).min(FOR_EVER), *uses);
                self.make_link(deed, by, host)?
            }
            Act::Revoke { link } => self.revoke(room, *link)?,
            Act::Burn => {
                self.burn(room, at);
                return Ok(Applied::Acted(Effect::Over));
            }
            // Nor is what is locked opened by that.
            Act::Admission { .. } if deed.by == By::Server && !self.is_for_all(room) => None,
            Act::Rename { .. }
            | Act::Topic { .. }
            | Act::Lifetime { .. }
            | Act::List { .. }
            | Act::Capacity { .. }
            | Act::Password { .. }
            | Act::Admission { .. }
            | Act::Slow { .. }
            | Act::Voices { .. } => self.set(deed, act)?,
            Act::RestorePassword { entry } => {
                let kept = self.kept_with(room, *entry)?;
                self.set(deed, &kept)?
            }
        };
        let effect = match done {
            Some((undo, effect)) => {
                self.log(deed, by, act.clone(), undo)?;
                effect
            }
            None => self.again(deed),
        };
        // Who is out hears nothing more; who is muted hears that they are a host no more.
        Ok(Applied::Acted(match stepped_down {
            Some(appointed) if effect == Effect::Said => appointed,
            Some(_) | None => effect,
        }))
    }

    /// A password stands in no log: the one that would hold again is kept beside the entry, by whose number it is
    /// asked for.
    pub(super) fn log(
        &mut self,
        deed: &Deed<'_>,
        by: Option<MemberId>,
        act: Act,
        undo: Option<Act>,
    ) -> Result<()> {
        let (room, automatic) = (deed.room, deed.by == By::Server);
        let desk = self.rooms.get(&room).ok_or(StoreError::NoSuchRoom)?.value.desk;
        let (undo, password) = match undo {
            Some(Act::Password { password: Some(kept) }) => {
                let entry = u32::try_from(desk + 1).ok();
                let kept = entry.map(|_| kept.as_str().to_owned());
                (entry.map(|entry| Act::RestorePassword { entry }), kept)
            }
            undo => (undo, None),
        };
        let logged = Logged { by, automatic, act: act.redacted(), undo };
        let rev = self.put(room, Matter::Logged(logged), deed.at)?;
        debug_assert_eq!(rev, desk + 1, "the entry says its own number");
        if let Some(row) = self.items.get_mut(&(room, Kind::Logged, rev)) {
            row.change().password = password;
        }
        Ok(())
    }

    /// What it means that is so already: whoever says it again may have got no answer, and those who are connected
    /// not heard of it.
    fn again(&self, deed: &Deed<'_>) -> Effect {
        let Deed { room, act, capacity, .. } = *deed;
        let open = self.rooms.get(&room).is_none_or(|row| row.value.is_for_strangers(capacity));
        let closes = matches!(
            act,
            Act::Admission { .. }
                | Act::Password { .. }
                | Act::RestorePassword { .. }
                | Act::Capacity { .. }
        );
        if closes && !open {
            return Effect::Closed;
        }
        let member = act.member().and_then(|id| self.members.get(&(room, id)));
        match (act, member.map(|row| &row.value)) {
            (Act::Appoint { .. }, Some(state)) => {
                Effect::Appointed { person: state.person, member: state.member.clone() }
            }
            (Act::Bar { until: Some(_), .. }, Some(state)) => {
                Effect::Out { person: state.person, member: state.member.id }
            }
            (_, Some(_) | None) => Effect::Said,
        }
    }

    /// The host who does it, from what is stored now; `None`: who runs the server, or the server itself.
    fn authority(&self, deed: &Deed<'_>) -> Result<Option<MemberId>> {
        let Some(person) = deed.by.person() else {
            let there = self.rooms.contains_key(&deed.room);
            return if there { Ok(None) } else { Err(StoreError::NoSuchRoom) };
        };
        self.known(deed.room, person)?;
        let member = self.member(deed.room, person).filter(|member| member.membership.joined);
        let member = &member.ok_or(StoreError::NotAMember)?.member;
        match member.role {
            Role::Host => Ok(Some(member.id)),
            Role::Member => Err(StoreError::NotAHost),
        }
    }

    fn is_for_all(&self, room: RoomId) -> bool {
        let rules = self.rooms.get(&room).map(|row| &row.value.room.rules);
        rules.is_some_and(|rules| rules.admission == Admission::Open)
    }

    fn remove(&mut self, room: RoomId, id: MessageId, removed: bool, at: i64) -> Result<Done> {
        let seq = self.ids.get(&(room, id)).copied().flatten();
        let row = seq.and_then(|seq| self.messages.get_mut(&(room, seq)));
        let row = row.ok_or(StoreError::NoSuchMessage)?;
        let is_removed = row.value.message.content == Content::Removed;
        if is_removed == removed {
            return Ok(None);
        }
        let (content, original) = if removed {
            (Content::Removed, Some((row.value.message.content.clone(), at)))
        } else {
            let kept = row.value.original.clone().filter(|(_, since)| at - since <= REGRET);
            (kept.ok_or(StoreError::NoSuchMessage)?.0, None)
        };
        let state = self.rooms.get_mut(&room).ok_or(StoreError::NoSuchRoom)?.change();
        state.rev += 1;
        let message = row.change();
        (message.message.content, message.original) = (content, original);
        message.message.version += 1;
        message.message.rev = state.rev;
        message.reworded = true;
        let undo = removed.then_some(Act::Remove { message: id, removed: false });
        if removed {
            self.settle(room, id)?;
        }
        Ok(Some((undo, Effect::Said)))
    }

    pub(super) fn appointed(&mut self, room: RoomId, id: MemberId, role: Role) -> Result<Done> {
        let state = &self.members.get(&(room, id)).ok_or(StoreError::NoSuchMember)?.value;
        let (person, old) = (state.person, state.member.role);
        if !state.membership.joined && role == Role::Host {
            return Err(StoreError::NoSuchMember);
        }
        if old == role {
            return Ok(None);
        }
        let member = self.appoint(room, id, role)?;
        let undo = Act::Appoint { member: id, role: old };
        Ok(Some((Some(undo), Effect::Appointed { person, member })))
    }

    /// Everyone in the room is told: it is in the log.
    pub(super) fn appoint(&mut self, room: RoomId, id: MemberId, role: Role) -> Result<Member> {
        let row = self.members.get_mut(&(room, id)).ok_or(StoreError::NoSuchMember)?;
        let state = self.rooms.get_mut(&room).ok_or(StoreError::NoSuchRoom)?;
        let is = row.value.member.role;
        if is == role {
            return Ok(row.value.member.clone());
        }
        let hosts = match role {
            Role::Host => state.value.hosts + 1,
            Role::Member => state.value.hosts.saturating_sub(1),
        };
        if hosts == 0 {
            return Err(StoreError::LastHost);
        }
        let (state, member) = (state.change(), row.change());
        state.hosts = hosts;
        state.rev += 1;
        member.member.role = role;
        member.member.rev = state.rev;
        Ok(member.member.clone())
    }

    fn answer(&mut self, deed: &Deed<'_>, knock: MemberId, admit: bool) -> Result<Done> {
        let room = deed.room;
        let there = self.items.get(&(room, Kind::Knock, u64::from(knock.0)));
        let (matter, since) = match there.map(|row| &row.value.item) {
            Some(item) => (item.matter.clone(), item.at),
            None => return Err(StoreError::NoSuchMember),
        };
        let Matter::Knock(mut one) = matter else { return Err(StoreError::NoSuchMember) };
        let state = &self.members.get(&(room, knock)).ok_or(StoreError::NoSuchMember)?.value;
        let (person, joined) = (state.person, state.membership.joined);
        // Who came in since, or was let in and left, knocks no more.
        if joined || one.answer == Some(true) || one.answer == Some(admit) {
            return Ok(None);
        }
        if let Some(until) = state.barred.filter(|until| admit && *until > deed.at) {
            return Err(StoreError::Barred { until });
        }
        // Who was sent away may find their name taken, as anybody.
        let name = state.member.name.clone();
        if admit && !self.is_free(room, &name, Some(knock)) {
            return Err(StoreError::NameTaken);
        }
        one.answer = Some(admit);
        if !admit {
            self.put(room, Matter::Knock(one), since)?;
            self.free_of(room, knock);
            let undo = Act::Answer { knock, admit: true };
            return Ok(Some((Some(undo), Effect::Said)));
        }
        self.has_place(room, deed.capacity, Role::Member)?;
        self.put(room, Matter::Knock(one), since)?;
        self.rename(room, knock, &name);
        let member = self.is_in(room, knock, deed.at)?;
        let full = self.is_full(room, deed.capacity);
        Ok(Some((None, Effect::In { person, member, full })))
    }

    fn settle(&mut self, room: RoomId, message: MessageId) -> Result<Done> {
        let seq = self.ids.get(&(room, message)).copied().flatten();
        let seq = u64::from(seq.ok_or(StoreError::NoSuchMessage)?);
        let item = self.items.get(&(room, Kind::Report, seq)).map(|row| row.value.item.clone());
        let Some(item) = item.filter(|item| item.matter.waits()) else { return Ok(None) };
        let Matter::Report(mut report) = item.matter else { return Ok(None) };
        report.settled = true;
        self.put(room, Matter::Report(report), item.at)?;
        Ok(Some((None, Effect::Said)))
    }

    fn make_link(
        &mut self,
        deed: &Deed<'_>,
        by: Option<MemberId>,
        (host, until, left): (bool, i64, Option<u32>),
    ) -> Result<Done> {
        let (room, key) = (deed.room, deed.link.ok_or(StoreError::LinkVoid)?);
        if self.links.get(&key).copied().flatten().is_some() {
            return Ok(None);
        }
        let desk = self.rooms.get(&room).ok_or(StoreError::NoSuchRoom)?.value.desk;
        let id = u32::try_from(desk + 1).map_err(|_| super::exhausted())?;
        let link = Link { id, host, by, until, left, revoked: false };
        self.put(room, Matter::Link(link), deed.at)?;
        if let Some(row) = self.items.get_mut(&(room, Kind::Link, id.into())) {
            row.change().secret = Some(key);
        }
        self.links.insert(key, Some((room, id.into())));
        Ok(Some((Some(Act::Revoke { link: id }), Effect::Said)))
    }

    fn revoke(&mut self, room: RoomId, link: u32) -> Result<Done> {
        let item = self.items.get(&(room, Kind::Link, link.into()));
        let Some(item) = item.map(|row| row.value.item.clone()) else { return Ok(None) };
        let Matter::Link(mut link) = item.matter else { return Ok(None) };
        if link.revoked {
            return Ok(None);
        }
        link.revoked = true;
        self.put(room, Matter::Link(link), item.at)?;
        Ok(Some((None, Effect::Said)))
    }

    fn burn(&mut self, room: RoomId, at: i64) {
        if let Some(mut row) = self.rooms.remove(&room) {
            (row.value.ended_at, row.value.burned) = (Some(at), true);
            row.value.password = None;
            row.value.room.rules.topic = None;
            self.over.push(row.value);
        }
    }
}
