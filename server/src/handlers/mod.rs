//! What the commands do, by socket and by form alike. Text is parsed and haste refused here;
//! authority is the store's. One file a family of commands; `handle` only says which.

use std::{fmt::Display, sync::Arc};

use delivery::{ConnectionId, Frame, Hub, Outgoing};
use protocol::{
    Audience, Changes, Closed, Command, Event, Member, Reason, Refusal, RoomId, Value, encode,
};

use crate::{
    Shared,
    activity::{Pseudonym, RequestId},
    address::Network,
    presence::{Going, Presence},
    store::{By, PersonId, StoreError, Stream},
};

mod codes;
pub(crate) mod devices;
mod door;
mod flood;
mod host;
mod membership;
pub(crate) mod message;
mod read;
mod report;
mod room;
mod stream;
mod text;
mod typing;

pub(crate) use door::{Wants, enter, lets_in_by_link};
pub(crate) use host::{act, carry_out};
pub(crate) use membership::{Comer, Credential, join, knock, leave, set_default_name, set_name};
pub(crate) use message::post;
pub(crate) use read::read;
pub(crate) use report::report;
pub(crate) use room::{Wish, create, lifetime};
pub(crate) use text::{body, line, password, person_name, room_name};

/// Whoever sends commands over one connection.
pub(crate) struct Caller {
    pub(crate) server: Shared,
    /// With which the connection began.
    pub(crate) request: RequestId,
    /// `None` for a visitor without a session.
    pub(crate) person: Option<PersonId>,
    pub(crate) from: Option<Network>,
    pub(crate) connection: ConnectionId,
    pub(crate) out: Arc<Outgoing>,
}

pub(crate) async fn handle(caller: &Caller, command: Command) -> Result<(), Refusal> {
    let server = &caller.server;
    match command {
        Command::Watch { stream, since, code } => stream::watch(caller, stream, since, code).await,
        Command::Unwatch { stream } => {
            stream::unwatch(caller, stream);
            Ok(())
        }
        Command::News { of } => stream::news(caller, of).await,
        Command::Post { room, id, body } => {
            let posted = post(server, caller.person()?, caller.from, room, id, &body).await?;
            // Else the publisher has it for them.
            if !posted.fresh || !caller.follows(Stream::Room(room)) {
                caller.answer(&Event::Changes(posted.changes(room)));
            }
            Ok(())
        }
        Command::SetName { room, name } => {
            let named = set_name(server, caller.person()?, caller.from, room, &name).await?;
            caller.answer(&Event::Changes(named.changes(room)));
            Ok(())
        }
        Command::Leave { room } => {
            let (person, followed) = (caller.person()?, caller.follows(Stream::Room(room)));
            leave(server, person, room).await?;
            if !followed {
                let stream = Audience::Room(room);
                caller.answer(&Event::Closed(Closed { stream, reason: Reason::Left }));
            }
            Ok(())
        }
        Command::Typing { room, on } => typing::typing(caller, room, on),
        Command::Away { away } => {
            server.presence.away(caller.connection, away);
            Ok(())
        }
        Command::Read { room, seq } => {
            let person = caller.person()?;
            let read = read(server, person, room, seq).await?;
            if !read.fresh || !caller.follows(Stream::Person(person)) {
                caller.answer(&Event::Changes(read.changes()));
            }
            Ok(())
        }
        Command::Host { room, act: what } => {
            act(server, By::Person(caller.person()?), caller.from, room, what).await
        }
        Command::Report { room, message } => {
            report(server, caller.person()?, caller.from, room, message).await.map(drop)
        }
        Command::Beat => {
            caller.answer(&Event::Beat);
            Ok(())
        }
    }
}

impl Caller {
    pub(crate) fn pseudonym(&self) -> Option<Pseudonym> {
        self.person.map(|person| self.server.sessions.pseudonym(person))
    }

    /// Without a session one is a member of nothing.
    fn person(&self) -> Result<PersonId, Refusal> {
        self.person.ok_or(Refusal::NotAMember)
    }

    fn follows(&self, stream: Stream) -> bool {
        self.server.hub.follows(self.connection, stream)
    }

    fn answer(&self, event: &Event) {
        self.out.answer(Frame::from(encode(event)));
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoSuchRoom => Self::NoSuchRoom,
            StoreError::NotAMember => Self::NotAMember,
            StoreError::NameTaken => Self::NameTaken { free: None },
            StoreError::IdConflict => Self::IdConflict,
            StoreError::RoomFull => Self::RoomFull,
            StoreError::KnockFirst => Self::KnockFirst,
            StoreError::TooManyKnock => Self::TooManyKnock { retry_ms: 60_000 },
            StoreError::PasswordNeeded => Self::PasswordNeeded,
            StoreError::LinkVoid => Self::LinkVoid,
            StoreError::Locked => Self::Locked,
            StoreError::Barred { until } => Self::Barred { until },
            StoreError::Muted { until } => Self::Muted { until },
            StoreError::HostsOnly => Self::HostsOnly,
            StoreError::TooSoon { retry_ms } => Self::TooFast { retry_ms },
            StoreError::NotAHost => Self::NotAHost,
            StoreError::LastHost => Self::LastHost,
            StoreError::NoSuchMember => Self::NoSuchMember,
            StoreError::NoSuchMessage => Self::NoSuchMessage,
            // No page offers it.
            StoreError::NoSuchEntry => Self::Malformed,
            StoreError::Overloaded => Self::Busy { retry_ms: 1000 },
            StoreError::Full | StoreError::Unavailable(_) => {
                tracing::warn!(%error, "refused for now");
                Self::Busy { retry_ms: 3000 }
            }
        }
    }
}

/// The answer to a command of which nothing changed but this: what is at `rev`.
fn only(stream: Audience, epoch: u32, rev: u64, values: Vec<Value>) -> Changes {
    Changes { stream, epoch, after: rev.saturating_sub(1), upto: rev, values, more: false }
}

/// Our fault: the log says what, the client gets the id that it stands there under.
pub(crate) fn internal(what: impl Display) -> Refusal {
    let id = format!("{:08x}", getrandom::u32().unwrap_or_default());
    tracing::error!(id, "internal error: {what}");
    Refusal::Internal { id }
}

/// What belongs to a change in memory is done even if whoever asked for it hangs up meanwhile.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, Refusal>> + Send + 'static,
) -> Result<T, Refusal> {
    // What it says of a panic may be somebody's text.
    tokio::spawn(work).await.unwrap_or_else(|_| Err(internal("a task ended before its work")))
}

/// Somebody is here with this connection, if it still follows the room.
fn arrive(hub: &Hub, presence: &Presence, connection: ConnectionId, room: RoomId, member: Member) {
    presence.enter(room, member, connection);
    // Left or closed in the meantime: nobody else would ever take them out again.
    if !hub.follows(connection, Stream::Room(room)) {
        presence.leave(room, connection, Going::AtOnce);
    }
}

/// The room is not for them any more. Who is told so though it is, asks anew.
pub(crate) fn leave_strangers_out(hub: &Hub, presence: &Presence, room: RoomId) {
    let stream = Stream::Room(room);
    let is_stranger = |id: &ConnectionId| !presence.is_in(room, *id);
    let strangers = hub.followers(stream).into_iter().filter(is_stranger).collect();
    hub.end_some(strangers, stream, Reason::Locked);
}
