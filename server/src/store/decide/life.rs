//! Rooms that are always there, and the end of the others.

use protocol::{Lifetime, RoomCode, RoomId, RoomName};

use super::{Applied, Batch, Cleared, NewRoom, Result, StoreError};
use crate::store::{CODE_RESTS, PIECE};

impl Batch {
    /// One that is there is only called so from now on.
    pub(super) fn provide(&mut self, code: &RoomCode, name: &RoomName, at: i64) -> Result<Applied> {
        let there = self.provided.get(code).copied().flatten();
        let Some(row) = there.and_then(|room| self.rooms.get_mut(&room)) else {
            let new = NewRoom { name: Some(name), listed: true, lifetime: Lifetime::ForEver };
            let room = self.build(code.clone(), new, at)?;
            self.provided.insert(code.clone(), Some(room.id));
            return Ok(Applied::Provided(room));
        };
        if row.value.room.name.as_ref() != Some(name) {
            let state = row.change();
            state.rev += 1;
            state.room.rev = state.rev;
            state.room.name = Some(name.clone());
        }
        Ok(Applied::Provided(row.value.room.clone()))
    }

    pub(super) fn used(&mut self, rooms: &[RoomId], until: i64) -> Applied {
        for room in rooms {
            if let Some(row) = self.rooms.get_mut(room).filter(|row| row.value.used_at < until) {
                row.change().used_at = until;
            }
        }
        Applied::Used
    }

    pub(super) fn end(&mut self, room: RoomId, at: i64, grace: i64) -> Result<Applied> {
        let state = &self.rooms.get(&room).ok_or(StoreError::NoSuchRoom)?.value;
        let last = state.last_at.max(state.used_at);
        let over = state.room.lifetime.rest(grace).map(|rest| last.saturating_add(rest));
        if over.is_none_or(|over| at < over) {
            return Ok(Applied::Ended(false));
        }
        // Whoever comes next in this transaction does not find it any more.
        if let Some(mut row) = self.rooms.remove(&room) {
            (row.value.ended_at, row.value.password) = (Some(at), None);
            self.over.push(row.value);
        }
        Ok(Applied::Ended(true))
    }

    /// From the end, so that what is left is always the first of them.
    pub(super) fn clear(&mut self, room: RoomId, at: i64) -> Result<Applied> {
        let state = self.ended.get_mut(&room).ok_or(StoreError::NoSuchRoom)?;
        let rested = state.ended_at.saturating_add(CODE_RESTS) <= at;
        let cleared = if state.seq > 0 {
            Cleared::Messages(room, piece(&mut state.seq))
        } else if !rested {
            return Ok(Applied::Cleared { more: false });
        } else if state.members > 0 {
            Cleared::Members(room, piece(&mut state.members))
        } else {
            self.ended.remove(&room);
            self.cleared.push(Cleared::Room(room));
            return Ok(Applied::Cleared { more: false });
        };
        let more = state.seq > 0 || rested;
        self.cleared.push(cleared);
        Ok(Applied::Cleared { more })
    }
}

fn piece(last: &mut u32) -> std::ops::RangeInclusive<u32> {
    let end = *last;
    *last = end.saturating_sub(PIECE);
    *last + 1..=end
}
