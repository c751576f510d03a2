//! Who did what where and how it ended: a line each in the log, under the id of the request or of the one that
//! the socket began with. People have a pseudonym there and rooms their number; what was typed, named or sent,
//! codes, tokens and addresses are in no line of any level.

use std::fmt;

use protocol::{Act, Audience, Command, Refusal, RoomId};

use crate::{Server, handlers::Caller, store::PersonId};

/// Of a request or a socket; it goes with the answer too, for whoever asks about it.
#[derive(Clone, Copy)]
pub(crate) struct RequestId(u32);

impl RequestId {
    /// Without random numbers a line is only harder to find.
    pub(crate) fn random() -> Self {
        Self(getrandom::u32().unwrap_or_default())
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// The same for a person as long as the server has its key, and without that nobody's.
#[derive(Clone, Copy)]
pub(crate) struct Pseudonym(pub(crate) [u8; 6]);

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What the line of a request says besides its route. It goes with the response.
#[derive(Clone, Copy)]
pub(crate) struct Did {
    pub(crate) person: Option<Pseudonym>,
    pub(crate) room: Option<RoomId>,
    /// What a host did, by its name alone.
    pub(crate) act: Option<&'static str>,
    pub(crate) outcome: &'static str,
}

impl Did {
    pub(crate) fn new(
        server: &Server,
        person: Option<PersonId>,
        room: Option<RoomId>,
        refusal: Option<&Refusal>,
    ) -> Self {
        if refusal.is_some() {
            server.counts.refuse(outcome(refusal));
        }
        let person = person.map(|person| server.sessions.pseudonym(person));
        Self { person, room, act: None, outcome: outcome(refusal) }
    }
}

/// A command, before it is done with.
#[derive(Clone, Copy)]
pub(crate) struct What {
    name: &'static str,
    /// Which of the things that hosts do; what it says is said nowhere.
    act: Option<&'static str>,
    room: Option<RoomId>,
    /// What only asks or passes is told with the details, and what the store says itself: of each message, who
    /// wrote it when. And what was refused: anybody may ask for anything, as fast as they can.
    lasts: bool,
}

impl What {
    pub(crate) const UNREADABLE: Self =
        Self { name: "unreadable", act: None, room: None, lasts: false };

    pub(crate) fn of(command: &Command) -> Self {
        let (name, room, lasts) = match command {
            Command::Watch { stream, .. } => ("watch", room_of(*stream), false),
            Command::Unwatch { stream } => ("unwatch", room_of(*stream), false),
            Command::News { .. } => ("news", None, false),
            Command::Post { room, .. } => ("post", Some(*room), false),
            Command::SetName { room, .. } => ("set_name", Some(*room), true),
            Command::Leave { room } => ("leave", Some(*room), true),
            Command::Typing { room, .. } => ("typing", Some(*room), false),
            Command::Away { .. } => ("away", None, false),
            Command::Read { room, .. } => ("read", Some(*room), false),
            Command::Host { room, .. } => ("host", Some(*room), true),
            Command::Report { room, .. } => ("report", Some(*room), true),
            Command::Beat => ("beat", None, false),
        };
        let act = if let Command::Host { act, .. } = command { Some(act) } else { None };
        Self { name, act: act.map(Act::name), room, lasts }
    }

    /// `n`: the client's count of it.
    pub(crate) fn ended(self, caller: &Caller, n: Option<u32>, done: &Result<(), Refusal>) {
        if let Err(refusal) = done {
            caller.server.counts.refuse(outcome(Some(refusal)));
        }
        macro_rules! say {
            ($level:ident) => {
                tracing::$level!(
                    id = %caller.request,
                    n,
                    command = self.name,
                    act = self.act,
                    person = caller.pseudonym().map(tracing::field::display),
                    room = self.room.map(|room| room.0),
                    outcome = outcome(done.as_ref().err()),
                    "command"
                )
            };
        }
        if self.lasts && done.is_ok() { say!(info) } else { say!(debug) }
    }
}

fn room_of(stream: Audience) -> Option<RoomId> {
    match stream {
        Audience::Room(room) | Audience::Desk(room) => Some(room),
        Audience::Person | Audience::Lobby => None,
    }
}

/// What whoever runs the server did, and in which room.
pub(crate) fn operated(command: &'static str, room: Option<RoomId>, outcome: &'static str) {
    let room = room.map(|room| room.0);
    tracing::info!(command, by = "operator", room, outcome, "command");
}

/// By the code alone: some refusals come with a name.
pub(crate) fn outcome(refusal: Option<&Refusal>) -> &'static str {
    match refusal {
        None => "ok",
        Some(Refusal::Malformed) => "malformed",
        Some(Refusal::UnknownCommand) => "unknown_command",
        Some(Refusal::NoSuchRoom) => "no_such_room",
        Some(Refusal::NotAMember) => "not_a_member",
        Some(Refusal::NameEmpty) => "name_empty",
        Some(Refusal::NameTooLong { .. }) => "name_too_long",
        Some(Refusal::NameTaken { .. }) => "name_taken",
        Some(Refusal::RoomNameTooLong { .. }) => "room_name_too_long",
        Some(Refusal::NameReserved) => "name_reserved",
        Some(Refusal::RoomNameReserved) => "room_name_reserved",
        Some(Refusal::BodyEmpty) => "body_empty",
        Some(Refusal::BodyTooLong { .. }) => "body_too_long",
        Some(Refusal::IdConflict) => "id_conflict",
        Some(Refusal::RoomFull) => "room_full",
        Some(Refusal::KnockFirst) => "knock_first",
        Some(Refusal::TooManyKnock { .. }) => "too_many_knock",
        Some(Refusal::PasswordNeeded) => "password_needed",
        Some(Refusal::PasswordWrong) => "password_wrong",
        Some(Refusal::PasswordLength { .. }) => "password_length",
        Some(Refusal::LinkVoid) => "link_void",
        Some(Refusal::Locked) => "locked",
        Some(Refusal::Barred { .. }) => "barred",
        Some(Refusal::Muted { .. }) => "muted",
        Some(Refusal::HostsOnly) => "hosts_only",
        Some(Refusal::NotAHost) => "not_a_host",
        Some(Refusal::LastHost) => "last_host",
        Some(Refusal::NoSuchMember) => "no_such_member",
        Some(Refusal::NoSuchMessage) => "no_such_message",
        Some(Refusal::LineTooLong { .. }) => "line_too_long",
        Some(Refusal::TooManyStreams { .. }) => "too_many_streams",
        Some(Refusal::TooFast { .. }) => "too_fast",
        Some(Refusal::Busy { .. }) => "busy",
        Some(Refusal::Internal { .. }) => "internal",
    }
}
