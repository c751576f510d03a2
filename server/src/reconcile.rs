//! After a transaction of which nobody knew whether it was stored, as when the database went away under it: if it
//! was, nobody was told. Whoever follows a stream is told how far it has come, and asks for what they miss; and
//! who is connected is brought in line with what is stored.

use std::time::Duration;

use delivery::{Frame, Stream};
use protocol::{Admission, Changes, Event, Point, Reason, Reset, Role, RoomId, encode};
use tokio::time::sleep;

use crate::{
    Server, Shared,
    clock::now,
    handlers::{carry_out, leave_strangers_out},
    store::{Door, Effect, Entry, Result, Since, StoreError},
};

/// Between two tries, while the database is not there.
const PAUSE: Duration = Duration::from_millis(500);

/// Runs until the server ends.
pub(crate) async fn keep(server: Shared) {
    loop {
        server.store.doubt().await;
        while let Err(error) = all(&server).await {
            tracing::debug!(%error, "what was stored is not known yet");
            sleep(PAUSE).await;
        }
    }
}

async fn all(server: &Server) -> Result<()> {
    // Once it writes again, what was on its way is stored, or never will be.
    server.store.ready().await?;
    let mut followed = server.hub.followed();
    // Everyone has a stream of their own, and in the meantime people talk.
    followed.sort_by_key(|stream| matches!(stream, Stream::Person(_)));
    for stream in followed {
        let head = match stream {
            Stream::Room(room) => of_room(server, room).await?,
            Stream::Desk(room) => {
                of_desk(server, room).await?;
                head(server, stream).await?
            }
            Stream::Person(_) => head(server, stream).await?,
            Stream::Lobby => None,
        };
        if let Some(head) = head {
            server.hub.send(stream, &so_far(stream, head));
        }
    }
    Ok(())
}

/// That the stream has come to there: who has come less far asks.
fn so_far(stream: Stream, Point { epoch, rev }: Point) -> Frame {
    let stream = stream.audience();
    let changes = Changes { stream, epoch, after: rev, upto: rev, values: Vec::new(), more: false };
    Frame::from(encode(&Event::Changes(changes)))
}

/// `None` if it is over.
async fn head(server: &Server, stream: Stream) -> Result<Option<Point>> {
    Ok(Some(match server.store.since(stream, None).await {
        Ok(Since::Reset(Reset::Room(page))) => page.at,
        Ok(Since::Reset(Reset::Person(page))) => page.at,
        Ok(Since::Reset(Reset::Desk(page))) => page.at,
        Ok(Since::Changes(changes)) => Point { epoch: changes.epoch, rev: changes.upto },
        Err(StoreError::NoSuchRoom) => return Ok(None),
        Err(error) => return Err(error),
    }))
}

/// Members who are in it as they are now, and nobody else; `None` if it is over.
async fn of_room(server: &Server, room: RoomId) -> Result<Option<Point>> {
    let Server { store, hub, presence, .. } = server;
    let Some(entry) = store.entry(Door::Id(room), None).await? else {
        carry_out(hub, presence, room, Effect::Over, Vec::new);
        return Ok(None);
    };
    for (member, joined) in store.members(room, presence.members(room)).await? {
        if joined {
            presence.rename(room, member);
        } else if let Some(person) = store.who(room, member.id).await? {
            let entry = store.entry(Door::Id(room), Some(person)).await?;
            let past = entry.and_then(|entry| entry.past);
            let is_barred = past.is_some_and(|past| past.barred.is_some());
            let reason = if is_barred { Reason::Removed } else { Reason::Left };
            hub.end(person, Stream::Desk(room), reason);
            hub.end(person, Stream::Room(room), reason);
            presence.remove(room, member.id);
        }
    }
    if !is_for_anybody(server, &entry) {
        leave_strangers_out(hub, presence, room);
    }
    Ok(Some(entry.head))
}

/// Whether any stranger may read along.
fn is_for_anybody(server: &Server, entry: &Entry) -> bool {
    let rules = &entry.room.rules;
    let is_open = rules.admission == Admission::Open && !rules.password;
    is_open && entry.joined < rules.most(server.config.capacity) && entry.barred_until <= now()
}

/// Only hosts.
async fn of_desk(server: &Server, room: RoomId) -> Result<()> {
    let Server { store, hub, presence, .. } = server;
    for person in hub.people(Stream::Desk(room)) {
        let entry = store.entry(Door::Id(room), Some(person)).await?;
        let member = entry.and_then(|entry| entry.member);
        if let Some(member) = member.filter(|member| member.role != Role::Host) {
            carry_out(hub, presence, room, Effect::Appointed { person, member }, Vec::new);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
