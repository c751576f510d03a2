//! Who says nothing, and who is kept out.

use protocol::{Act, Curb, FOR_EVER, Kind, Matter, MemberId, Role, RoomId};

use super::{
    Barred, Batch, Result, StoreError,
    host::{Deed, Done},
};
use crate::store::{ADDRESS_BARRED, By, Effect};

impl Batch {
    /// Who is to be curbed is a host no more: an act of its own in the log, for to be free again makes nobody a host.
    /// Nobody curbs themselves.
    pub(super) fn steps_down(
        &mut self,
        deed: &Deed<'_>,
        by: Option<MemberId>,
    ) -> Result<Option<Effect>> {
        let (Act::Mute { member, until } | Act::Bar { member, until }) = *deed.act else {
            return Ok(None);
        };
        if !self.members.contains_key(&(deed.room, member)) {
            return Err(StoreError::NoSuchMember);
        }
        if by == Some(member) {
            return Err(StoreError::LastHost);
        }
        if ending(until, deed.at).is_none() {
            return Ok(None);
        }
        let role = Role::Member;
        let done = match (self.appointed(deed.room, member, role), deed.by) {
            // There is no other, and who runs the server curbs them all the same: they stay one.
            (Err(StoreError::LastHost), By::Operator) => None,
            (done, By::Person(_) | By::Operator | By::Server) => done?,
        };
        let Some((undo, effect)) = done else { return Ok(None) };
        self.log(deed, by, Act::Appoint { member, role }, undo)?;
        Ok(Some(effect))
    }

    /// What held of them until now.
    fn curb(&self, room: RoomId, member: MemberId, by: Option<MemberId>) -> Curb {
        let there = self.items.get(&(room, Kind::Curb, u64::from(member.0)));
        let there = there.map(|row| &row.value.item.matter);
        if let Some(Matter::Curb(curb)) = there {
            Curb { by, ..*curb }
        } else {
            Curb { member, muted: None, barred: None, by }
        }
    }

    pub(super) fn mute(
        &mut self,
        deed: &Deed<'_>,
        by: Option<MemberId>,
        member: MemberId,
        until: Option<i64>,
    ) -> Result<Done> {
        let (curb, until) = (self.curb(deed.room, member, by), ending(until, deed.at));
        if curb.muted == until {
            return Ok(None);
        }
        self.put(deed.room, Matter::Curb(Curb { muted: until, ..curb }), deed.at)?;
        self.change_membership(deed.room, member, |mine| mine.muted = until)?;
        let undo = Act::Mute { member, until: ending(curb.muted, deed.at) };
        Ok(Some((Some(undo), Effect::Said)))
    }

    pub(super) fn bar(
        &mut self,
        deed: &Deed<'_>,
        by: Option<MemberId>,
        member: MemberId,
        until: Option<i64>,
    ) -> Result<Done> {
        let room = deed.room;
        let (curb, until) = (self.curb(room, member, by), ending(until, deed.at));
        let state = &self.members.get(&(room, member)).ok_or(StoreError::NoSuchMember)?.value;
        let (person, joined) = (state.person, state.membership.joined);
        if curb.barred == until && !joined {
            // From where they come may not have been known yet, or not have been barred for long.
            if let Some(until) = until {
                self.bar_addresses(deed, member, until);
            }
            return Ok(None);
        }
        self.put(room, Matter::Curb(Curb { barred: until, ..curb }), deed.at)?;
        if let Some(row) = self.members.get_mut(&(room, member)) {
            row.change().barred = until;
        }
        let undo = Act::Bar { member, until: ending(curb.barred, deed.at) };
        let Some(until) = until else {
            self.new_barred.retain(|one| (one.room, one.member) != (room, member));
            self.unbarred.push((room, member));
            return Ok(Some((Some(undo), Effect::Said)));
        };
        self.refuse_knock(room, member, deed.at)?;
        self.is_out(room, member)?;
        self.bar_addresses(deed, member, until);
        Ok(Some((Some(undo), Effect::Out { person, member })))
    }

    fn bar_addresses(&mut self, deed: &Deed<'_>, member: MemberId, until: i64) {
        let (room, until) = (deed.room, until.min(deed.at.saturating_add(ADDRESS_BARRED)));
        for address in deed.addresses {
            self.barred.insert((room, *address), until);
            self.new_barred.push(Barred { room, member, address: *address, until });
        }
    }

    fn refuse_knock(&mut self, room: RoomId, member: MemberId, at: i64) -> Result<()> {
        let there = self.items.get(&(room, Kind::Knock, u64::from(member.0)));
        let there = there.map(|row| row.value.item.matter.clone());
        if let Some(Matter::Knock(mut knock)) = there.filter(Matter::waits) {
            knock.answer = Some(false);
            self.put(room, Matter::Knock(knock), at)?;
            self.free_of(room, member);
        }
        Ok(())
    }
}

/// What is past is over.
fn ending(until: Option<i64>, at: i64) -> Option<i64> {
    until.filter(|until| *until > at).map(|until| until.min(FOR_EVER))
}
