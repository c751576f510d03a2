//! Following a stream, and hearing of rooms that one does not follow.

use delivery::Frame;
use protocol::{Audience, Event, Point, Presence, Refusal, Role, RoomCode, RoomId, encode};

use super::{Caller, Wants, arrive, enter};
use crate::{
    Server, lobby,
    presence::Going,
    store::{Door, Entry, Since, Stream},
};

pub(super) async fn watch(
    caller: &Caller,
    stream: Audience,
    since: Option<Point>,
    code: Option<RoomCode>,
) -> Result<(), Refusal> {
    let stream = match stream {
        Audience::Room(room) => Stream::Room(room),
        Audience::Person => Stream::Person(caller.person()?),
        Audience::Lobby => Stream::Lobby,
        Audience::Desk(room) => Stream::Desk(room),
    };
    let answer = async {
        match stream {
            Stream::Room(room) => of_room(caller, room, since, code).await,
            Stream::Person(_) => Ok(vec![frame(&changed(caller, stream, since).await?)]),
            Stream::Desk(room) => of_desk(caller, room, since).await,
            Stream::Lobby => {
                Ok(vec![frame(&Event::Listed(lobby::all(caller.server.as_ref()).await?))])
            }
        }
    };
    caller.server.hub.follow(caller.connection, stream, answer).await
}

/// One who is nobody, or follows nothing like it, has nothing to give up.
pub(super) fn unwatch(caller: &Caller, stream: Audience) {
    let Server { hub, presence, .. } = caller.server.as_ref();
    match (stream, caller.person) {
        (Audience::Room(room), _) => {
            // In this order: see `arrive`.
            hub.unfollow(caller.connection, Stream::Room(room));
            presence.leave(room, caller.connection, Going::Softly);
        }
        (Audience::Person, Some(person)) => {
            hub.unfollow(caller.connection, Stream::Person(person));
        }
        (Audience::Lobby, _) => hub.unfollow(caller.connection, Stream::Lobby),
        (Audience::Desk(room), _) => hub.unfollow(caller.connection, Stream::Desk(room)),
        (Audience::Person, None) => {}
    }
}

/// Who is not, or no longer, a member of a room hears nothing of it.
pub(super) async fn news(caller: &Caller, of: Vec<RoomId>) -> Result<(), Refusal> {
    let person = caller.person()?;
    let Server { store, hub, .. } = caller.server.as_ref();
    let rooms = async { Ok(store.rooms(person).await?) };
    hub.hear_of(caller.connection, of, rooms).await
}

/// Only for its hosts. Who is none any more while it is read hears nothing of it: the stream has ended for them.
async fn of_desk(
    caller: &Caller,
    room: RoomId,
    since: Option<Point>,
) -> Result<Vec<Frame>, Refusal> {
    let entry = caller.server.store.entry(Door::Id(room), Some(caller.person()?)).await?;
    let member = entry.and_then(|entry| entry.member).ok_or(Refusal::NotAMember)?;
    if member.role != Role::Host {
        return Err(Refusal::NotAHost);
    }
    Ok(vec![frame(&changed(caller, Stream::Desk(room), since).await?)])
}

/// What changed, and then who is here. Members are from now on themselves.
async fn of_room(
    caller: &Caller,
    room: RoomId,
    since: Option<Point>,
    code: Option<RoomCode>,
) -> Result<Vec<Frame>, Refusal> {
    let Server { hub, presence, answers, .. } = caller.server.as_ref();
    let door = Door::Id(room);
    // Ids are counted, and so easily guessed.
    let opens = |entry: &Entry| code.as_ref() == Some(&entry.room.code);
    let (from, person, wants) = (caller.from, caller.person, Wants::ToRead);
    let entry = enter(&caller.server, from, person, door, wants, opens).await?;
    let changed = match answers.get(room, since, entry.head) {
        Some(kept) => kept,
        None => {
            let event = changed(caller, Stream::Room(room), since).await?;
            let frame = frame(&event);
            answers.keep(room, since, entry.head, &event, &frame);
            frame
        }
    };
    let me = entry.member.as_ref().map(|member| member.id);
    if let Some(member) = entry.member {
        arrive(hub, presence, caller.connection, room, member);
    }
    let here = presence.here(room, me);
    Ok(vec![changed, frame(&Event::Presence(Presence::All { room, here }))])
}

fn frame(event: &Event) -> Frame {
    Frame::from(encode(event))
}

async fn changed(caller: &Caller, stream: Stream, since: Option<Point>) -> Result<Event, Refusal> {
    Ok(match caller.server.store.since(stream, since).await? {
        Since::Changes(changes) => Event::Changes(changes),
        Since::Reset(reset) => Event::Reset(reset),
    })
}
