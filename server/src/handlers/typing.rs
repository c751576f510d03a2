//! Saying in a room that one types there.

use protocol::{Refusal, RoomId};

use super::Caller;
use crate::limits::Taken;

/// To stop costs nothing: what it ends was paid for, and nobody is to seem to type who does not.
pub(super) fn typing(caller: &Caller, room: RoomId, on: bool) -> Result<(), Refusal> {
    let Caller { server, from, connection, .. } = caller;
    let person = caller.person()?;
    if !server.presence.is_in(room, *connection) {
        return Err(Refusal::NotAMember);
    }
    let taken = on.then(|| server.limits.typing.take(person, *from)).transpose()?;
    if !server.presence.typing(room, *connection, on) {
        return Err(Refusal::NotAMember);
    }
    taken.into_iter().for_each(Taken::used);
    Ok(())
}
