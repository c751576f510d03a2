//! Making rooms.

use protocol::{Refusal, RoomName, TextError};

use super::{codes, internal, person_name};
use crate::{
    Server,
    clock::now,
    store::{Applied, Entry, Op, PersonId},
};

/// With its creator as host, who is `called` so in it. Without a `name` the room goes by its code.
pub(crate) async fn create(
    server: &Server,
    by: PersonId,
    called: &str,
    name: &str,
) -> Result<Entry, Refusal> {
    let called = person_name(called)?;
    let name = match RoomName::parse(name) {
        Ok(name) => Some(name),
        Err(TextError::Empty) => None,
        Err(TextError::TooLong { max }) => return Err(Refusal::RoomNameTooLong { max }),
    };
    let codes = codes::candidates().map_err(internal)?;
    let op = Op::Create { by, name, called, codes, at: now() };
    let Applied::Created(entry) = server.store.apply(op).await? else {
        return Err(internal("the store answered something else"));
    };
    Ok(entry)
}
