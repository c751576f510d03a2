//! Making rooms.

use protocol::Refusal;

use super::{codes, internal, person_name, room_name};
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
    let name = room_name(name)?;
    let codes = codes::candidates().map_err(internal)?;
    let op = Op::Create { by, name, called, codes, at: now() };
    let Applied::Created(entry) = server.store.apply(op).await? else {
        return Err(internal("the store answered something else"));
    };
    Ok(entry)
}
