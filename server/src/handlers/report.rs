//! Telling a room's hosts of a message.

use protocol::{MessageId, Refusal, RoomId};

use super::internal;
use crate::{
    Server,
    clock::now,
    store::{Applied, Op, PersonId},
};

/// The same again changes nothing. Returns the place of the message.
pub(crate) async fn report(
    server: &Server,
    person: PersonId,
    room: RoomId,
    message: MessageId,
) -> Result<u32, Refusal> {
    server.limits.acts.take(person)?;
    let op = Op::Report { room, person, message, at: now() };
    let Applied::Reported { seq } = server.store.apply(op).await? else {
        return Err(internal("the store answered something else"));
    };
    Ok(seq)
}
