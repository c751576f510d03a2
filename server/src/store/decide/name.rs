//! What people are called, and who may be called so.

use std::collections::{BTreeSet, HashMap};

use protocol::{MemberId, PersonName, RoomId, Skeletons};

use super::{Applied, Batch, PersonId, Result, Row, StoreError};

/// Whose names stand in the way of others. Of names that were taken before they were found to be alike, one skeleton
/// has several.
#[derive(Debug, Default)]
pub(crate) struct Names([HashMap<(RoomId, String), BTreeSet<MemberId>>; 3]);

impl Names {
    pub(crate) fn add(&mut self, room: RoomId, id: MemberId, called: &Skeletons) {
        for (names, skeleton) in self.0.iter_mut().zip(called.each()) {
            names.entry((room, skeleton.into())).or_default().insert(id);
        }
    }

    fn remove(&mut self, room: RoomId, id: MemberId, called: &Skeletons) {
        for (names, skeleton) in self.0.iter_mut().zip(called.each()) {
            names.entry((room, skeleton.into())).or_default().remove(&id);
        }
    }

    fn are_free(&self, room: RoomId, wanted: &Skeletons, me: Option<MemberId>) -> bool {
        let holders = self.0.iter().zip(wanted.each());
        let mut holders =
            holders.filter_map(|(names, skeleton)| names.get(&(room, skeleton.into()))).flatten();
        holders.all(|holder| Some(*holder) == me)
    }
}

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
    /// like its author. What one is or was called already is one's own, whoever looks like it.
    pub(super) fn is_free(&self, room: RoomId, name: &PersonName, me: Option<MemberId>) -> bool {
        let skeletons = name.skeletons();
        let mine = me.and_then(|me| self.members.get(&(room, me)));
        mine.is_some_and(|row| row.value.skeletons == skeletons)
            || self.names.are_free(room, &skeletons, me)
    }

    /// Stamped also before the first message: those who are here have the name, and of two names they
    /// take the newer.
    pub(super) fn rename(&mut self, room: RoomId, id: MemberId, name: &PersonName) {
        let (Some(state), Some(row)) =
            (self.rooms.get_mut(&room), self.members.get_mut(&(room, id)))
        else {
            return;
        };
        let is_other = row.value.member.name != *name;
        if !is_other && !row.value.skeletons.is_empty() {
            return;
        }
        let member = row.change();
        // Of who only knocked nobody in the room has heard.
        if is_other && member.joined_at > 0 {
            let state = state.change();
            state.rev += 1;
            member.member.rev = state.rev;
        }
        member.member.name = name.clone();
        self.names.remove(room, id, &member.skeletons);
        member.skeletons = name.skeletons();
        self.names.add(room, id, &member.skeletons);
    }

    /// Who was never in the room and is not let in keeps no name from others: nothing that they wrote stands under it.
    pub(super) fn free_of(&mut self, room: RoomId, id: MemberId) {
        let row = self.members.get_mut(&(room, id)).filter(|row| row.value.joined_at == 0);
        if let Some(member) = row.map(Row::change) {
            self.names.remove(room, id, &member.skeletons);
            member.skeletons = Skeletons::default();
        }
    }

    pub(super) fn is_freed(&self, room: RoomId, id: MemberId) -> bool {
        self.members.get(&(room, id)).is_some_and(|row| row.value.skeletons.is_empty())
    }

    /// Names that were freed of somebody who may get them back: whose they are by now has to be known too.
    pub(crate) fn freed(&self) -> Vec<(RoomId, Skeletons)> {
        let freed = self.members.iter().filter(|(_, row)| row.value.skeletons.is_empty());
        freed.map(|((room, _), row)| (*room, row.value.member.name.skeletons())).collect()
    }
}
