//! After a transaction of which nobody knew whether it was stored, as when the database went away under it: if it
//! was, nobody was told. Whoever follows a stream is told how far it has come, and asks for what they miss; and
//! who is connected is brought in line with what is stored.

use std::{collections::BTreeSet, iter::successors, time::Duration};

use delivery::{Frame, PersonId, SessionId, Stream};
use protocol::{Admission, Changes, Event, MemberId, Point, Reason, Reset, Role, RoomId, encode};
use tokio::time::sleep;

use crate::{
    Server, Shared, bans,
    clock::now,
    handlers::{carry_out, leave_strangers_out},
    store::{Door, Effect, Entry, Result, Since, StoreError},
};

/// Between two tries, at first and at most.
const PAUSE: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(8);
/// To read what cannot be read though the database is there.
const TRIES: usize = 3;

/// Runs until the server ends.
pub(crate) async fn keep(server: Shared) {
    loop {
        server.store.doubt().await;
        all(&server).await;
    }
}

/// Each is brought in line by itself, in this order: one that cannot be read keeps nobody else waiting.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Bans,
    Room(RoomId),
    Desk(RoomId),
    /// With the sessions by which they are connected.
    Person(PersonId, BTreeSet<SessionId>),
}

async fn all(server: &Server) {
    until_it_writes(server).await;
    let mut pauses = pauses().take(TRIES - 1);
    let mut due = parts(server);
    loop {
        let mut failed = Vec::new();
        for part in due {
            if let Err(error) = in_line(server, &part).await {
                failed.push((part, error));
                // The database may have gone away again.
                until_it_writes(server).await;
            }
        }
        match pauses.next() {
            Some(pause) if !failed.is_empty() => sleep(pause).await,
            Some(_) | None => {
                return failed.iter().for_each(|(part, why)| give_up(server, part, why));
            }
        }
        due = failed.into_iter().map(|(part, _)| part).collect();
    }
}

/// What was on its way is stored then, or never will be.
async fn until_it_writes(server: &Server) {
    let mut pauses = pauses();
    while let Err(error) = server.store.ready().await {
        tracing::debug!(%error, "what was stored is not known yet");
        sleep(pauses.next().unwrap_or(LONGEST)).await;
    }
}

fn pauses() -> impl Iterator<Item = Duration> {
    successors(Some(PAUSE), |pause| Some(LONGEST.min(*pause * 2)))
}

fn parts(server: &Server) -> Vec<Part> {
    let people = server.hub.signed_in().into_iter();
    let people = people.map(|(person, sessions)| Part::Person(person, sessions));
    let followed = server.hub.followed().into_iter().filter_map(|stream| match stream {
        Stream::Room(room) => Some(Part::Room(room)),
        Stream::Desk(room) => Some(Part::Desk(room)),
        // Whoever follows theirs is connected.
        Stream::Person(_) | Stream::Lobby => None,
    });
    let mut parts: Vec<_> = [Part::Bans].into_iter().chain(followed).chain(people).collect();
    parts.sort_unstable();
    parts
}

async fn in_line(server: &Server, part: &Part) -> Result<()> {
    let mut pauses = pauses();
    loop {
        match try_once(server, part).await {
            // That says nothing of this part: everyone comes back at the same time.
            Err(StoreError::Overloaded) => sleep(pauses.next().unwrap_or(LONGEST)).await,
            done => return done,
        }
    }
}

async fn try_once(server: &Server, part: &Part) -> Result<()> {
    match part {
        Part::Bans => of_bans(server).await,
        Part::Room(room) => of_room(server, *room).await,
        Part::Desk(room) => of_desk(server, *room).await,
        Part::Person(person, sessions) => of_person(server, *person, sessions).await,
    }
}

/// Who may hear what is not known: nobody hears more of it who does not ask anew.
fn give_up(server: &Server, part: &Part, error: &StoreError) {
    match part {
        Part::Bans => tracing::error!(%error, "from where nobody is let in is not known"),
        Part::Room(room) => {
            tracing::error!(%error, room = room.0, "who is in a room is not known");
            server.hub.end_all(Stream::Room(*room), Reason::Locked);
            server.presence.close(*room);
        }
        Part::Desk(room) => {
            tracing::error!(%error, room = room.0, "who a room's hosts are is not known");
            server.hub.end_all(Stream::Desk(*room), Reason::Locked);
        }
        Part::Person(person, sessions) => {
            let person = server.sessions.pseudonym(*person);
            tracing::error!(%error, %person, "which devices are somebody's is not known");
            server.hub.send_back(sessions);
        }
    }
}

/// That the stream has come to there: who has come less far asks.
fn so_far(server: &Server, stream: Stream, Point { epoch, rev }: Point) {
    let audience = stream.audience();
    let values = Vec::new();
    let changes = Changes { stream: audience, epoch, after: rev, upto: rev, values, more: false };
    server.hub.send(stream, &Frame::from(encode(&Event::Changes(changes))));
}

/// Nothing is said of one that is over.
async fn head(server: &Server, stream: Stream) -> Result<()> {
    let head = match server.store.since(stream, None).await {
        Ok(Since::Reset(Reset::Room(page))) => page.at,
        Ok(Since::Reset(Reset::Person(page))) => page.at,
        Ok(Since::Reset(Reset::Desk(page))) => page.at,
        Ok(Since::Changes(changes)) => Point { epoch: changes.epoch, rev: changes.upto },
        Err(StoreError::NoSuchRoom) => return Ok(()),
        Err(error) => return Err(error),
    };
    so_far(server, stream, head);
    Ok(())
}

async fn of_bans(server: &Server) -> Result<()> {
    for ban in server.bans.renew(&*server.store, now()).await? {
        bans::send_away(server, ban.network);
    }
    Ok(())
}

/// Members who are in it as they are now, and nobody else.
async fn of_room(server: &Server, room: RoomId) -> Result<()> {
    let Server { store, hub, presence, .. } = server;
    let Some(entry) = store.entry(Door::Id(room), None).await? else {
        carry_out(hub, presence, room, Effect::Over, Vec::new);
        return Ok(());
    };
    for (member, joined) in store.members(room, presence.members(room)).await? {
        if joined {
            presence.rename(room, member);
        } else if let Some(person) = who_is_out(server, room, member.id).await? {
            let_out(server, room, person, member.id);
        }
    }
    if !is_for_anybody(server, &entry) {
        leave_strangers_out(hub, presence, room);
    }
    so_far(server, Stream::Room(room), entry.head);
    Ok(())
}

/// Whose this member is, if they are not in the room.
async fn who_is_out(server: &Server, room: RoomId, member: MemberId) -> Result<Option<PersonId>> {
    let Some(person) = server.store.who(room, member).await? else { return Ok(None) };
    let entry = server.store.entry(Door::Id(room), Some(person)).await?;
    Ok(entry.is_none_or(|entry| entry.member.is_none()).then_some(person))
}

/// They may have come back since that was read: so they are told neither that they left nor that somebody removed them,
/// but as strangers are, and whoever may be there all the same asks anew.
fn let_out(server: &Server, room: RoomId, person: PersonId, member: MemberId) {
    server.hub.end(person, Stream::Desk(room), Reason::Locked);
    server.hub.end(person, Stream::Room(room), Reason::Locked);
    server.presence.remove(room, member);
}

/// Whether any stranger may read along.
fn is_for_anybody(server: &Server, entry: &Entry) -> bool {
    let rules = &entry.room.rules;
    let is_open = rules.admission == Admission::Open && !rules.password;
    is_open && entry.joined < rules.most(server.config.capacity) && entry.barred_until <= now()
}

/// Only hosts. Who was made one again since asks anew, as above.
async fn of_desk(server: &Server, room: RoomId) -> Result<()> {
    let desk = Stream::Desk(room);
    for person in server.hub.people(desk) {
        let entry = server.store.entry(Door::Id(room), Some(person)).await?;
        let member = entry.and_then(|entry| entry.member);
        if member.is_none_or(|member| member.role != Role::Host) {
            server.hub.end(person, desk, Reason::Locked);
        }
    }
    head(server, desk).await
}

/// On devices that are still theirs.
async fn of_person(server: &Server, person: PersonId, open: &BTreeSet<SessionId>) -> Result<()> {
    let theirs = server.store.devices(person).await?;
    let theirs = theirs.iter().map(|device| device.id).collect();
    let ended: Vec<_> = open.difference(&theirs).copied().collect();
    if !ended.is_empty() {
        server.hub.sign_out(&ended);
    }
    let stream = Stream::Person(person);
    if server.hub.is_followed(stream) { head(server, stream).await } else { Ok(()) }
}

#[cfg(test)]
mod tests;
