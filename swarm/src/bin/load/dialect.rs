//! How one comes into a room and says something there, of each kind of server. What is heard needs no
//! dialect: see `text`.

use std::net::SocketAddr;

use anyhow::{Result, ensure};
use clap::ValueEnum;
use futures::{StreamExt, TryStreamExt, stream};
use protocol::{Audience, Command, MessageId, Request, Room, VERSION, encode};

use swarm::person::{Door, Person};

/// Members that a room of Parley's takes, with the settings of the bench, beside its host.
const MEMBERS: usize = 10_000 - 1;
/// Rooms that are being filled at the same time.
const AT_ONCE: usize = 8;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dialect {
    /// Parley's own
    Parley,
    /// The room's number as the first text, then what is said
    Plain,
    /// Engine.IO 4 and Socket.IO 5: events `join` and `post`
    Socketio,
}

/// Somebody who is going to sit in some rooms, and what they do to get there.
#[derive(Clone)]
pub(crate) struct Seat {
    pub(crate) rooms: Vec<usize>,
    pub(crate) path: String,
    pub(crate) cookie: Option<String>,
    pub(crate) steps: Vec<Step>,
    dialect: Dialect,
    /// Parley's, in the order of `rooms`.
    places: Vec<Room>,
}

/// What is told of people and not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passing {
    Here,
    Typing,
}

#[derive(Clone)]
pub(crate) enum Step {
    Say(String),
    /// A frame that begins so, after whatever else.
    Hear(&'static str),
}

impl Dialect {
    /// `people` sockets in each of so many rooms; `each` socket is in so many of them.
    pub(crate) async fn seats(
        self,
        address: SocketAddr,
        rooms: usize,
        people: usize,
        each: usize,
    ) -> Result<Vec<Seat>> {
        // Who is in several rooms is in all of them with the same people.
        let groups = (0..rooms).step_by(each).map(|first| (first..first + each).collect());
        let seats = groups.map(|rooms: Vec<usize>| async move {
            match self {
                Self::Parley => parley(address, rooms, people).await,
                Self::Plain => Ok((0..people).map(|_| plain(&rooms)).collect()),
                Self::Socketio => Ok((0..people).map(|_| socketio(&rooms)).collect()),
            }
        });
        let seats: Vec<Vec<Seat>> = stream::iter(seats).buffered(AT_ONCE).try_collect().await?;
        Ok(seats.into_iter().flatten().collect())
    }
}

async fn parley(address: SocketAddr, rooms: Vec<usize>, people: usize) -> Result<Vec<Seat>> {
    ensure!(people <= MEMBERS, "a room takes {MEMBERS} people");
    let mut doors = Vec::new();
    for _ in &rooms {
        doors.push(Door::create(address, "Hana").await?);
    }
    let Some((first, _)) = doors.first() else { return Ok(Vec::new()) };
    let persons = first.join_all("Talker", people).await?;
    for (door, _) in doors.iter().skip(1) {
        door.join_too(&persons).await?;
    }
    let places: Vec<Room> = doors.into_iter().map(|(_, host)| host.room).collect();
    Ok(persons.iter().map(|person| parley_seat(person, &rooms, &places)).collect())
}

fn parley_seat(person: &Person, rooms: &[usize], places: &[Room]) -> Seat {
    let watch = places.iter().zip(1..).flat_map(|(room, n)| {
        let (stream, code) = (Audience::Room(room.id), Some(room.code.clone()));
        let watch = Request { n, command: Command::Watch { stream, since: None, code } };
        [Step::Say(encode(&watch)), Step::Hear(r#"{"reset":"#)]
    });
    Seat {
        rooms: rooms.to_vec(),
        path: format!("/live?version={VERSION}"),
        cookie: Some(person.cookie.clone()),
        steps: watch.collect(),
        dialect: Dialect::Parley,
        places: places.to_vec(),
    }
}

fn plain(rooms: &[usize]) -> Seat {
    let join = rooms.iter().flat_map(|room| {
        [Step::Say(format!(r#"{{"join":"{room}"}}"#)), Step::Hear(r#"{"joined":"#)]
    });
    let (steps, dialect) = (join.collect(), Dialect::Plain);
    let path = "/ws".to_owned();
    Seat { rooms: rooms.to_vec(), path, cookie: None, steps, dialect, places: Vec::new() }
}

fn socketio(rooms: &[usize]) -> Seat {
    let open = [Step::Hear("0{"), Step::Say("40".to_owned()), Step::Hear("40")];
    let join = rooms.iter().flat_map(|room| {
        [Step::Say(format!(r#"42["join","{room}"]"#)), Step::Hear(r#"42["joined""#)]
    });
    Seat {
        rooms: rooms.to_vec(),
        path: "/socket.io/?EIO=4&transport=websocket".to_owned(),
        cookie: None,
        steps: open.into_iter().chain(join).collect(),
        dialect: Dialect::Socketio,
        places: Vec::new(),
    }
}

impl Seat {
    /// The same for somebody without a session, where servers know sessions.
    pub(crate) fn of_a_visitor(&self) -> Self {
        Self { cookie: None, ..self.clone() }
    }

    /// The frame that says this in the room.
    pub(crate) fn post(&self, room: usize, body: String) -> String {
        match self.dialect {
            Dialect::Parley => {
                let at = self.rooms.iter().position(|one| *one == room).unwrap_or_default();
                let command =
                    Command::Post { room: self.places[at].id, id: MessageId::now(), body };
                encode(&Request { n: 0, command })
            }
            Dialect::Plain => body,
            Dialect::Socketio => format!(r#"42["post","{body}"]"#),
        }
    }

    /// The frames that say that somebody writes something in the room that they came to last, and then looks
    /// at none, or looks again.
    pub(crate) fn stir(&self, away: bool) -> Vec<String> {
        let typing = self.places.last().map(|room| Command::Typing { room: room.id, on: true });
        let commands = typing.filter(|_| away).into_iter().chain([Command::Away { away }]);
        commands.map(|command| encode(&Request { n: 0, command })).collect()
    }

    /// What has to be said to a frame for the connection to stay, beside what WebSockets ask for.
    pub(crate) fn answer(&self, frame: &[u8]) -> Option<&'static str> {
        (self.dialect == Dialect::Socketio && frame == b"2").then_some("3")
    }

    /// Whether a frame says who is here, or who is typing.
    pub(crate) fn passing(&self, frame: &[u8]) -> Option<Passing> {
        let is = |head: &[u8]| self.dialect == Dialect::Parley && frame.starts_with(head);
        let here = is(br#"{"presence""#).then_some(Passing::Here);
        here.or_else(|| is(br#"{"typing""#).then_some(Passing::Typing))
    }

    /// Whether a frame says that a text was not taken.
    pub(crate) fn is_refusal(&self, frame: &[u8]) -> bool {
        self.dialect == Dialect::Parley && frame.starts_with(br#"{"refused""#)
    }
}
