//! Following a stream.

use axum::extract::ws::Utf8Bytes;
use protocol::{Audience, Event, Point, Presence, Refusal, Reset, RoomCode, RoomId, encode};

use super::{Caller, arrive};
use crate::{
    Server,
    hub::{MAX_STREAMS, TooMany},
    store::{Door, Since},
};

pub(super) async fn watch(
    caller: &Caller,
    stream: Audience,
    since: Option<Point>,
    code: Option<RoomCode>,
) -> Result<(), Refusal> {
    match stream {
        Audience::Room(room) => watch_room(caller, room, since, code).await,
        // Nothing is there for anyone.
        Audience::Person | Audience::Desk(_) => Err(Refusal::NoSuchRoom),
    }
}

async fn watch_room(
    caller: &Caller,
    room: RoomId,
    since: Option<Point>,
    code: Option<RoomCode>,
) -> Result<(), Refusal> {
    let (hub, stream) = (&caller.server.hub, Audience::Room(room));
    // Before the read: what is committed while it lasts comes by the publisher.
    let new = hub
        .hold(caller.connection, stream)
        .map_err(|TooMany| Refusal::TooManyStreams { max: MAX_STREAMS })?;
    match answer(caller, room, since, code).await {
        Ok(answer) => {
            hub.release(caller.connection, stream, answer);
            Ok(())
        }
        Err(refusal) => {
            if new {
                hub.unfollow(caller.connection, stream);
            } else {
                hub.release(caller.connection, stream, Vec::new());
            }
            Err(refusal)
        }
    }
}

/// What changed, and then who is here. Members are from now on themselves.
async fn answer(
    caller: &Caller,
    room: RoomId,
    since: Option<Point>,
    code: Option<RoomCode>,
) -> Result<Vec<Utf8Bytes>, Refusal> {
    let Server { store, hub, presence, .. } = caller.server.as_ref();
    let stream = Audience::Room(room);
    let entry = store.entry(Door::Id(room), caller.person).await?.ok_or(Refusal::NoSuchRoom)?;
    // Ids are counted, and so easily guessed.
    if entry.member.is_none() && code.as_ref() != Some(&entry.room.code) {
        return Err(Refusal::NoSuchRoom);
    }
    let changed = match since {
        None => Event::Reset(Reset { stream, page: store.newest(room).await? }),
        Some(point) => match store.since(room, point).await? {
            Since::Changes(changes) => Event::Changes(changes),
            Since::Reset(page) => Event::Reset(Reset { stream, page }),
        },
    };
    let me = entry.member.as_ref().map(|member| member.id);
    if let Some(member) = entry.member {
        arrive(hub, presence, caller.connection, room, member);
    }
    let here = presence.here(room, me);
    let here = Event::Presence(Presence::All { room, here });
    Ok([changed, here].iter().map(|event| Utf8Bytes::from(encode(event))).collect())
}
