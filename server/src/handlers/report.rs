//! Telling a room's hosts of a message.

use protocol::{MessageId, Refusal, RoomId};

use super::internal;
use crate::{
    Server,
    address::Network,
    clock::now,
    store::{Applied, Op, PersonId},
};

/// The same again changes nothing. Returns the place of the message.
pub(crate) async fn report(
    server: &Server,
    person: PersonId,
    from: Option<Network>,
    room: RoomId,
    message: MessageId,
) -> Result<u32, Refusal> {
    let taken = server.limits.acts.take(person, from)?;
    let op = Op::Report { room, person, message, at: now() };
    let Applied::Reported { seq } = server.store.apply(op).await? else {
        return Err(internal("the store answered something else"));
    };
    taken.used();
    Ok(seq)
}
