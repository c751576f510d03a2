//! What comes of each command. In rooms it is what hosts do, decided where that is, by who runs the server.

use app::catalogue;
use delivery::Frame;
use protocol::{
    Act, Admission, Event, Language, Lifetime, Line, PersonName, Refusal, RoomId, Rules, Voices,
    encode,
};

use super::{
    AdminCommand, Reach, Where, Whom,
    answer::{Answer, Ban, Reply, Room, Stats},
    command::{MOST_ROOMS, Request},
};
use crate::{
    Server, Shared, activity, bans,
    clock::now,
    handlers,
    store::{By, Door, Entry, Listing, Slice},
};

/// Addresses and networks that may be banned at a time: each request asks all of them.
const MOST_BANS: usize = 1000;

/// Why it was not done.
enum Why {
    Refused(Refusal),
    Said(&'static str),
}

impl<E: Into<Refusal>> From<E> for Why {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

type Done<T> = Result<T, Why>;

pub(super) async fn carry_out(server: &Shared, request: Request) -> Reply {
    let Request { command, json } = request;
    let name = command.name();
    let (room, done) = done(server, command).await;
    let outcome = match &done {
        Ok(_) => activity::outcome(None),
        Err(Why::Refused(refusal)) => activity::outcome(Some(refusal)),
        Err(Why::Said(_)) => "refused",
    };
    activity::operated(name, room, outcome);
    match done {
        Ok(answer) if json => Reply::Done(encode(&answer)),
        Ok(answer) => Reply::Done(answer.to_string()),
        Err(Why::Refused(refusal)) => {
            Reply::Refused(catalogue(Language::English).live.refusal(&refusal))
        }
        Err(Why::Said(why)) => Reply::Refused(why.into()),
    }
}

async fn done(server: &Shared, command: AdminCommand) -> (Option<RoomId>, Done<Answer>) {
    match command {
        AdminCommand::Rooms { with, limit } => (None, rooms(server, with, limit).await),
        AdminCommand::Remove { room, seq } => {
            within(server, &room, async |it| match seq {
                Some(seq) => remove_message(server, it, &room, seq).await,
                None => remove_room(server, it, &room).await,
            })
            .await
        }
        AdminCommand::Ban { whom: Whom::Person { room, name }, lasting } => {
            let until = Some(lasting.from(now()));
            within(server, &room, async |it| bar(server, it, &room, name, until).await).await
        }
        AdminCommand::Unban { whom: Whom::Person { room, name } } => {
            within(server, &room, async |it| bar(server, it, &room, name, None).await).await
        }
        AdminCommand::Ban { whom: Whom::Address { network }, lasting } => {
            (None, ban(server, network, Some(lasting.from(now()))).await)
        }
        AdminCommand::Unban { whom: Whom::Address { network } } => {
            (None, ban(server, network, None).await)
        }
        AdminCommand::Bans => {
            let bans = server.bans.all(now()).into_iter();
            let ban = |it: crate::store::Ban| Ban { network: Reach(it.network), until: it.until };
            (None, Ok(Answer::Bans { bans: bans.map(ban).collect() }))
        }
        AdminCommand::Announce { text } => (None, announce(server, &text)),
        AdminCommand::Stats => (None, stats(server).await),
    }
}

/// In a room that there is.
async fn within(
    server: &Server,
    room: &Where,
    act: impl AsyncFnOnce(Entry) -> Done<Answer>,
) -> (Option<RoomId>, Done<Answer>) {
    let door = match room {
        Where::Code(code) => Door::Code(code.clone()),
        Where::Id(id) => Door::Id(*id),
    };
    match server.store.entry(door, None).await {
        Ok(Some(entry)) => (Some(entry.room.id), act(entry).await),
        Ok(None) => (None, Err(Why::Said("there is no such room"))),
        Err(error) => (None, Err(error.into())),
    }
}

async fn rooms(server: &Server, with: Option<Line>, limit: u32) -> Done<Answer> {
    let (rooms, total) = server.store.list(with, limit.clamp(1, MOST_ROOMS)).await?;
    let room = |it: Listing| Room {
        id: it.room.id.0,
        code: it.room.code.as_str().into(),
        here: server.presence.count(it.room.id),
        members: it.members,
        hosts: it.hosts,
        messages: it.messages,
        used_at: it.used_at,
        flags: flags(&it.room),
        name: it.room.name.map(String::from),
    };
    Ok(Answer::Rooms { rooms: rooms.into_iter().map(room).collect(), total })
}

/// What is not as it usually is.
fn flags(room: &protocol::Room) -> Vec<String> {
    let Rules { admission, password, capacity, slow, voices, .. } = &room.rules;
    let admission = match admission {
        Admission::Open => None,
        Admission::Knock => Some("knock"),
        Admission::Locked => Some("locked"),
    };
    let lifetime = match room.lifetime {
        Lifetime::Month => None,
        Lifetime::WhileHere | Lifetime::Day | Lifetime::ForEver => Some(room.lifetime.as_str()),
    };
    let words = [
        room.listed.then_some("listed"),
        admission,
        password.then_some("password"),
        (*slow > 0).then_some("slow"),
        (*voices == Voices::Hosts).then_some("hosts-only"),
        lifetime,
    ];
    let capacity = capacity.map(|most| format!("most-{most}"));
    words.into_iter().flatten().map(str::to_owned).chain(capacity).collect()
}

async fn remove_room(server: &Server, it: Entry, room: &Where) -> Done<Answer> {
    let messages = server.store.newest(it.room.id).await?.head;
    handlers::act(server, By::Operator, None, it.room.id, Act::Burn).await?;
    Ok(Answer::RoomRemoved { room: room.clone(), messages })
}

async fn remove_message(server: &Server, it: Entry, room: &Where, seq: u32) -> Done<Answer> {
    let page = server.store.page(it.room.id, Slice::Only(seq)).await?;
    let message = page.messages.iter().find(|message| message.seq == seq);
    let message = message.ok_or(Refusal::NoSuchMessage)?.id;
    let act = Act::Remove { message, removed: true };
    handlers::act(server, By::Operator, None, it.room.id, act).await?;
    Ok(Answer::MessageRemoved { room: room.clone(), seq })
}

async fn bar(
    server: &Server,
    it: Entry,
    room: &Where,
    name: PersonName,
    until: Option<i64>,
) -> Done<Answer> {
    let member = server.store.called(it.room.id, name).await?;
    let member = member.ok_or(Refusal::NoSuchMember)?;
    handlers::act(server, By::Operator, None, it.room.id, Act::Bar { member, until }).await?;
    let room = room.clone();
    Ok(match until {
        Some(until) => Answer::PersonBanned { room, until },
        None => Answer::PersonUnbanned { room },
    })
}

async fn ban(server: &Server, network: Reach, until: Option<i64>) -> Done<Answer> {
    let at = now();
    let Reach(reach) = network;
    let kept = server.bans.all(at);
    let is_kept = kept.iter().any(|ban| ban.network == reach);
    if until.is_some() && server.proxies.hides(reach) {
        return Err(Why::Said("nobody is told apart by that: anybody may be behind it"));
    }
    if until.is_some() && !is_kept && kept.len() >= MOST_BANS {
        return Err(Why::Said("so many are banned already that none can be added"));
    }
    if until.is_none() && !is_kept {
        return Err(Why::Said("that is not banned; see parley admin bans"));
    }
    server.bans.set(&*server.store, reach, until, at).await?;
    let Some(until) = until else { return Ok(Answer::AddressUnbanned { network }) };
    let closed = bans::send_away(server, reach);
    Ok(Answer::AddressBanned { network, until, closed })
}

/// As it came over the socket it is only known to fit.
fn announce(server: &Server, text: &Line) -> Done<Answer> {
    let text = handlers::line(text.as_str())?.ok_or(Refusal::Malformed)?;
    let frame = Frame::from(encode(&Event::Announced(text)));
    Ok(Answer::Announced { to: server.hub.tell_all(&frame) })
}

async fn stats(server: &Server) -> Done<Answer> {
    let totals = server.store.totals().await?;
    let (rooms_in_use, here) = server.presence.totals();
    let counts = &server.counts;
    Ok(Answer::Stats(Box::new(Stats {
        version: env!("CARGO_PKG_VERSION").into(),
        uptime_s: counts.up().as_secs(),
        rooms: totals.rooms,
        messages: totals.messages,
        people: totals.people,
        here,
        rooms_in_use,
        connections: server.admission.count(),
        sockets: server.hub.connections(),
        posted: counts.posted(),
        posted_last_minute: counts.posted_last_minute(),
        database_bytes: totals.bytes,
        memory_bytes: memory(),
        backlog: server.backlog(),
        refused: counts.refused(),
    })))
}

/// Bytes that the process has in memory, as Linux tells.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
