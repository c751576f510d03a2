//! What hosts settle of a room, one thing at a time.

use protocol::Act;

use super::RoomState;

/// One thing about the room, and what it was before; `None` if it was so already.
pub(super) fn settle_one(state: &mut RoomState, act: &Act) -> Option<Option<Act>> {
    let mut settled = state.room.rules.clone();
    let (room, rules) = (&mut state.room, &mut settled);
    let undo = match act {
        Act::Rename { name } => {
            swapped(&mut room.name, name).map(|name| Some(Act::Rename { name }))
        }
        Act::Topic { topic } => {
            swapped(&mut rules.topic, topic).map(|topic| Some(Act::Topic { topic }))
        }
        Act::Lifetime { lifetime } => {
            swapped(&mut room.lifetime, lifetime).map(|lifetime| Some(Act::Lifetime { lifetime }))
        }
        Act::List { listed } => {
            swapped(&mut room.listed, listed).map(|listed| Some(Act::List { listed }))
        }
        Act::Capacity { most } => {
            swapped(&mut rules.capacity, most).map(|most| Some(Act::Capacity { most }))
        }
        Act::Password { password } => {
            let kept = password.as_ref().map(|password| password.as_str().to_owned());
            rules.password = kept.is_some();
            let old = swapped(&mut state.password, &kept);
            old.map(|old| old.is_none().then_some(Act::Password { password: None }))
        }
        Act::Admission { admission } => swapped(&mut rules.admission, admission)
            .map(|admission| Some(Act::Admission { admission })),
        Act::Slow { seconds } => {
            swapped(&mut rules.slow, seconds).map(|seconds| Some(Act::Slow { seconds }))
        }
        Act::Voices { voices } => {
            swapped(&mut rules.voices, voices).map(|voices| Some(Act::Voices { voices }))
        }
        Act::Remove { .. }
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
