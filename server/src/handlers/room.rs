//! Making rooms.

use protocol::{Lifetime, PersonName, Refusal, RoomName};

use super::{codes, internal, room_name};
use crate::{
    Server,
    address::Network,
    clock::now,
    names,
    store::{Applied, Entry, Op, PersonId},
};

/// What its creator wants a room to be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wish {
    /// Empty: it goes by its code. `None`: one is made for it.
    pub(crate) name: Option<String>,
    pub(crate) listed: bool,
    /// `None`: what is usual here.
    pub(crate) lifetime: Option<String>,
}

/// With its creator as host, who is `called` so in it.
pub(crate) async fn create(
    server: &Server,
    by: PersonId,
    from: Option<Network>,
    called: PersonName,
    wish: &Wish,
) -> Result<Entry, Refusal> {
    let name = match &wish.name {
        Some(name) => room_name(name)?,
        None => room_name(&names::room())?,
    };
    if wish.listed && name.as_ref().is_some_and(|name| is_provided(server, name)) {
        return Err(Refusal::RoomNameReserved);
    }
    let lifetime = lifetime(server, wish)?;
    let taken = server.limits.rooms.take(by, from)?;
    let codes = codes::candidates().map_err(internal)?;
    let op = Op::Create { by, name, listed: wish.listed, lifetime, called, codes, at: now() };
    let Applied::Created(entry) = server.store.apply(op).await? else {
        return Err(internal("the store answered something else"));
    };
    taken.used();
    Ok(entry)
}

/// In the lobby it would stand beside the server's own.
pub(super) fn is_provided(server: &Server, name: &RoomName) -> bool {
    let skeletons = name.skeletons();
    server.config.rooms.iter().any(|room| room.name.skeletons().are_alike(&skeletons))
}

/// What there is none of was on no page of ours, or on one that is out of date.
pub(crate) fn lifetime(server: &Server, wish: &Wish) -> Result<Lifetime, Refusal> {
    let lifetimes = server.config.lifetimes;
    match &wish.lifetime {
        None => Ok(lifetimes.usual),
        Some(text) => Lifetime::parse(text)
            .filter(|lifetime| *lifetime <= lifetimes.longest)
            .ok_or(Refusal::Malformed),
    }
}
