//! What people are called, and who may be called so.

use protocol::{MemberId, PersonName, RoomId};

use super::{Applied, Batch, PersonId, Result, StoreError};

impl Batch {
    pub(super) fn set_default_name(
        &mut self,
        person: PersonId,
        name: &PersonName,
    ) -> Result<Applied> {
        let row = self.persons.get_mut(&person).ok_or(StoreError::NotAMember)?;
        if row.value.person.name != *name {
            row.change().person.name = name.clone();
        }
        Ok(Applied::DefaultNameSet)
    }

    pub(super) fn set_name(
        &mut self,
        room: RoomId,
        person: PersonId,
        name: &PersonName,
        at: i64,
    ) -> Result<Applied> {
        let epoch = self.known(room, person)?.epoch;
        let member = self.member(room, person).filter(|member| member.membership.joined);
        let member = member.ok_or(StoreError::NotAMember)?;
        let id = member.member.id;
        if let Some(until) = member.muted(at) {
            return Err(StoreError::Muted { until });
        }
        if !self.is_free(room, name, Some(id)) {
            return Err(StoreError::NameTaken);
        }
        self.rename(room, id, name);
        self.has_name(person, name);
        let member = &self.members.get(&(room, id)).ok_or(StoreError::NotAMember)?.value;
        Ok(Applied::Named { member: member.member.clone(), epoch })
    }

    /// Past members keep their names, because these stand on what they wrote: nobody else may look
    /// like its author.
    pub(super) fn is_free(&self, room: RoomId, name: &PersonName, me: Option<MemberId>) -> bool {
        let holder = self.names.get(&(room, name.skeleton())).copied().flatten();
        holder.is_none() || holder == me
    }

    /// Stamped also before the first message: those who are here have the name, and of two names they
    /// take the newer.
    pub(super) fn rename(&mut self, room: RoomId, id: MemberId, name: &PersonName) {
        let (Some(state), Some(row)) =
            (self.rooms.get_mut(&room), self.members.get_mut(&(room, id)))
        else {
            return;
        };
        if row.value.member.name == *name {
            return;
        }
        let (state, member) = (state.change(), row.change());
        state.rev += 1;
        member.member.rev = state.rev;
        member.member.name = name.clone();
        let old = std::mem::replace(&mut member.skeleton, name.skeleton());
        let new = member.skeleton.clone();
        self.names.insert((room, old), None);
        self.names.insert((room, new), Some(id));
    }
}
