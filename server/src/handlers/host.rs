//! What hosts do in their rooms, and what comes of it for those who are connected.

use std::collections::BTreeSet;

use delivery::{ConnectionId, Hub, Stream};
use protocol::{Act, LinkKey, MAX_SLOW, Password, Reason, Refusal, Role, Room, RoomId, RoomName};

use super::{
    arrive, internal, leave_strangers_out, line, membership::parts, room::is_provided, to_its_end,
};
use crate::{
    Server,
    address::Network,
    clock::now,
    limits::Taken,
    presence::Presence,
    store::{Applied, By, Door, Effect, Op, PersonId},
};

pub(crate) async fn act(
    server: &Server,
    by: By,
    from: Option<Network>,
    room: RoomId,
    act: Act,
) -> Result<(), Refusal> {
    let taken = by.person().map(|person| server.limits.acts.take(person, from)).transpose()?;
    let act = valid(server, act)?;
    let there = there(server, by.person(), room).await?;
    if !may_stand_in_the_lobby(server, &there, &act) {
        return Err(Refusal::RoomNameReserved);
    }
    let link = key(&act).map(|key| server.sessions.link(key));
    let theirs = places(server, room, &act).await?;
    let addresses = theirs.iter().map(|from| server.sessions.address(room, *from)).collect();
    let act = if let Act::Password { password: Some(password) } = &act {
        if let Some(person) = by.person() {
            server.limits.passwords.take(person, from)?.used();
        }
        let hash = kept(server, room, password).await?;
        Act::Password { password: Some(Password::kept(hash)) }
    } else {
        act
    };
    let capacity = server.config.capacity;
    let removes = matches!(act, Act::Remove { removed: true, .. });
    let op = Op::Host { room, by, act, link, addresses, capacity, at: now() };
    let (store, hub, presence) = parts(server);
    let (purging, bans) = (server.purging.clone(), server.bans.clone());
    to_its_end(async move {
        let Applied::Acted(effect) = store.apply(op).await? else {
            return Err(internal("the store answered something else"));
        };
        if removes || effect == Effect::Over {
            // It is at work already, or will be in a while by itself.
            let _ = purging.try_send(());
        }
        carry_out(&hub, &presence, room, effect, || bans.beside(&theirs));
        Ok(())
    })
    .await
    .inspect(|()| taken.into_iter().for_each(Taken::used))
}

/// Within the moment, on every line. `beside`: all that come from where somebody is barred now.
pub(crate) fn carry_out(
    hub: &Hub,
    presence: &Presence,
    room: RoomId,
    effect: Effect,
    beside: impl FnOnce() -> Vec<ConnectionId>,
) {
    let (stream, desk) = (Stream::Room(room), Stream::Desk(room));
    let is_stranger = |id: &ConnectionId| !presence.is_in(room, *id);
    match effect {
        Effect::Said => {}
        Effect::Closed => leave_strangers_out(hub, presence, room),
        Effect::Out { person, member } => {
            hub.end(person, desk, Reason::Removed);
            hub.end(person, stream, Reason::Removed);
            presence.remove(room, member);
            // Whether it is shut to them, they have to ask.
            let strangers = beside().into_iter().filter(is_stranger).collect();
            hub.end_some(strangers, stream, Reason::Locked);
        }
        Effect::In { person, member, full } => {
            for connection in hub.of_person(person, stream) {
                arrive(hub, presence, connection, room, member.clone());
            }
            if full {
                leave_strangers_out(hub, presence, room);
            }
        }
        Effect::Appointed { person, member } => {
            if member.role == Role::Member {
                hub.end(person, desk, Reason::Removed);
                // Who had left read along as a host; whether they may still, they have to ask.
                let read = hub.of_person(person, stream).into_iter().filter(is_stranger).collect();
                hub.end_some(read, stream, Reason::Locked);
            }
            presence.rename(room, member);
        }
        Effect::Over => {
            hub.end_all(desk, Reason::Burned);
            hub.end_all(stream, Reason::Burned);
            presence.close(room);
        }
    }
}

fn key(act: &Act) -> Option<&LinkKey> {
    if let Act::Link { key, .. } = act { Some(key) } else { None }
}

/// As it is kept already, where it is the same: a password is never kept the same way twice, and to say it again changes
/// nothing.
async fn kept(server: &Server, room: RoomId, password: &Password) -> Result<String, Refusal> {
    if let Some(kept) = server.store.password(room).await?
        && server.passwords.is(password, kept.clone()).await?
    {
        return Ok(kept);
    }
    server.passwords.keep(password).await
}

/// From where one who is barred follows the room, and where they were seen last.
async fn places(server: &Server, room: RoomId, act: &Act) -> Result<BTreeSet<Network>, Refusal> {
    let Act::Bar { member, until: Some(_) } = act else { return Ok(BTreeSet::new()) };
    let Some(person) = server.store.who(room, *member).await? else { return Ok(BTreeSet::new()) };
    let mut places = server.bans.places(&server.hub.of_person(person, Stream::Room(room)));
    places.extend(server.seen.of(person));
    Ok(places)
}

/// What was typed, parsed; and what this server does not allow, refused.
fn valid(server: &Server, act: Act) -> Result<Act, Refusal> {
    if let Act::Rename { name: Some(name) } = &act {
        return Ok(Act::Rename { name: super::room_name(name.as_str())? });
    }
    if let Act::Topic { topic: Some(topic) } = &act {
        return Ok(Act::Topic { topic: line(topic.as_str())? });
    }
    if let Act::Password { password: Some(password) } = &act {
        let password = super::password(password.as_str())?;
        return Ok(Act::Password { password: Some(password) });
    }
    let longest = server.config.lifetimes.longest;
    let strange = matches!(&act, Act::Lifetime { lifetime } if *lifetime > longest)
        || matches!(&act, Act::Capacity { most: Some(0) } | Act::Link { uses: Some(0), .. })
        || matches!(&act, Act::Slow { seconds } if *seconds > MAX_SLOW)
        || key(&act).is_some_and(|key| LinkKey::parse(key.as_str()).is_none());
    if strange { Err(Refusal::Malformed) } else { Ok(act) }
}

/// The room, for its host. What is decided is decided where it is kept: this spares the work for whoever is none,
/// and tells them nothing of it.
async fn there(server: &Server, by: Option<PersonId>, room: RoomId) -> Result<Room, Refusal> {
    let entry = server.store.entry(Door::Id(room), by).await?;
    let Some(entry) = entry else {
        return Err(by.map_or(Refusal::NoSuchRoom, |_| Refusal::NotAMember));
    };
    match (by, entry.member) {
        (None, _) => Ok(entry.room),
        (Some(_), None) => Err(Refusal::NotAMember),
        (Some(_), Some(member)) if member.role != Role::Host => Err(Refusal::NotAHost),
        (Some(_), Some(_)) => Ok(entry.room),
    }
}

/// Neither a name of a room that is listed nor of one that is to be may be one of the server's own.
fn may_stand_in_the_lobby(server: &Server, there: &Room, act: &Act) -> bool {
    let reserved =
        |name: &Option<RoomName>| name.as_ref().is_some_and(|name| is_provided(server, name));
    if let Act::Rename { name } = act {
        !there.listed || !reserved(name)
    } else {
        !matches!(act, Act::List { listed: true }) || !reserved(&there.name)
    }
}
