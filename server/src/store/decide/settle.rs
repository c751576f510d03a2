//! What hosts settle of a room, one thing at a time.

use protocol::{Act, Kind, Password, RoomId};

use super::{
    Batch, Result, RoomState, StoreError,
    host::{Deed, Done},
};
use crate::store::Effect;

impl Batch {
    pub(super) fn set(&mut self, deed: &Deed<'_>, act: &Act) -> Result<Done> {
        let row = self.rooms.get_mut(&deed.room).ok_or(StoreError::NoSuchRoom)?;
        let was_open = row.value.is_for_strangers(deed.capacity);
        let Some(undo) = settle_one(&mut row.value, act) else { return Ok(None) };
        let state = row.change();
        state.rev += 1;
        state.room.rev = state.rev;
        let closes = was_open && !state.is_for_strangers(deed.capacity);
        Ok(Some((Some(undo), if closes { Effect::Closed } else { Effect::Said })))
    }

    /// The password that held until this entry of the log, to be set again.
    pub(super) fn kept_with(&self, room: RoomId, entry: u32) -> Result<Act> {
        let row = self.items.get(&(room, Kind::Logged, entry.into()));
        let kept = row.and_then(|row| row.value.password.clone());
        let password = Some(Password::kept(kept.ok_or(StoreError::NoSuchEntry)?));
        Ok(Act::Password { password })
    }
}

/// One thing about the room, and what it was before; `None` if it was so already.
fn settle_one(state: &mut RoomState, act: &Act) -> Option<Act> {
    let mut settled = state.room.rules.clone();
    let (room, rules) = (&mut state.room, &mut settled);
    let undo = match act {
        Act::Rename { name } => swapped(&mut room.name, name).map(|name| Act::Rename { name }),
        Act::Topic { topic } => swapped(&mut rules.topic, topic).map(|topic| Act::Topic { topic }),
        Act::Lifetime { lifetime } => {
            swapped(&mut room.lifetime, lifetime).map(|lifetime| Act::Lifetime { lifetime })
        }
        Act::List { listed } => {
            swapped(&mut room.listed, listed).map(|listed| Act::List { listed })
        }
        Act::Capacity { most } => {
            swapped(&mut rules.capacity, most).map(|most| Act::Capacity { most })
        }
        Act::Password { password } => {
            let kept = password.as_ref().map(|password| password.as_str().to_owned());
            rules.password = kept.is_some();
            let old = swapped(&mut state.password, &kept);
            old.map(|old| Act::Password { password: old.map(Password::kept) })
        }
        Act::Admission { admission } => {
            swapped(&mut rules.admission, admission).map(|admission| Act::Admission { admission })
        }
        Act::Slow { seconds } => {
            swapped(&mut rules.slow, seconds).map(|seconds| Act::Slow { seconds })
        }
        Act::Voices { voices } => {
            swapped(&mut rules.voices, voices).map(|voices| Act::Voices { voices })
        }
        Act::RestorePassword { .. }
        | Act::Remove { .. }
        | Act::Mute { .. }
        | Act::Bar { .. }
        | Act::Appoint { .. }
        | Act::Answer { .. }
        | Act::Settle { .. }
        | Act::Link { .. }
        | Act::Revoke { .. }
        | Act::Burn => None,
    };
    state.room.rules = settled;
    undo
}

fn swapped<T: Clone + PartialEq>(place: &mut T, new: &T) -> Option<T> {
    (place != new).then(|| std::mem::replace(place, new.clone()))
}
