//! The frames of the WebSocket. `docs/protocol.md` says how a conversation goes.

use serde::{Deserialize, Serialize};

use crate::{
    Act, Audience, DeskPage, Here, Line, Member, MessageId, OpenRoom, PersonName, PersonPage,
    Point, Present, Rate, RoomCode, RoomId, RoomLink, RoomPage, TextError, Value,
};

/// From the client. `n` is the client's own count; a refusal names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub n: u32,
    pub command: Command,
}

/// Absolute: to say the last one again changes nothing, and a `Post` or a `Read` never undoes anything,
/// however late it comes. Text is as it was typed; the server parses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Follow this stream, and say what changed `since`, one page at a time; without `since`, the
    /// newest page. Asking again asks for the next page.
    /// Who is not a member of the room says its code: the id alone opens nothing.
    Watch {
        stream: Audience,
        since: Option<Point>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<RoomCode>,
    },
    /// Follow this stream no longer. In its room I am on this connection no more.
    Unwatch { stream: Audience },
    /// Say from now on when there is a new message in these rooms of mine, 100 at most, and in no others.
    News { of: Vec<RoomId> },
    /// Say something. The same id again is a retry and is answered with the first result.
    Post { room: RoomId, id: MessageId, body: String },
    /// What I am called in this room from now on.
    SetName { room: RoomId, name: String },
    /// I am no longer a member.
    Leave { room: RoomId },
    /// I am writing something in this room, or no more. To be said again while it lasts, but at
    /// most once a second; after 5 s of silence it is over.
    Typing { room: RoomId, on: bool },
    /// Nobody has looked at this connection's page for a while, or somebody does again.
    Away { away: bool },
    /// I have seen all up to this `seq`, as a member. A lower one than before changes nothing.
    Read { room: RoomId, seq: u32 },
    /// As a host of this room.
    Host { room: RoomId, act: Act },
    /// Its hosts should look at this message.
    Report { room: RoomId, message: MessageId },
    /// Is anyone there?
    Beat,
}

impl Command {
    /// Of all variants, as they are called on the wire.
    pub const NAMES: [&str; 12] = [
        "watch", "unwatch", "news", "post", "set_name", "leave", "typing", "away", "read", "host",
        "report", "beat",
    ];
}

/// From the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The first frame of a connection.
    Hello(Hello),
    Changes(Changes),
    Reset(Reset),
    Presence(Presence),
    Typing(Typing),
    Listed(Listed),
    /// All rooms that I am a member of, the one with the newest message first, 100 at most: the answer
    /// to `News`.
    Rooms(Vec<RoomLink>),
    News(News),
    Refused(Refused),
    Closed(Closed),
    /// Who runs the server says this to everybody who is connected, once.
    Announced(Line),
    /// Every 20 s, and as the answer to one.
    Beat,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Of this protocol. Another one than the client's: it must load the page anew.
    pub version: u32,
    /// Of the program.
    pub build: String,
    /// How fast one may post, each person over all rooms and connections.
    pub rate: Rate,
}

/// The newest values of all that changed in (`after`, `upto`], and the authors of its messages, in
/// the order of their revs.
///
/// The only frame that carries anything durable: live, as the answer to one's own command and when
/// catching up. A value that changed twice in that span is here once, as it is now.
///
/// An author is here as they are now, even if they last changed before `after`, or after `upto` on
/// a page with `more`: whoever reads a message can name its author without asking. So a value's
/// rev may lie outside the span. It is applied if it is newer, like any other; only `upto` says
/// what the reader is complete to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    pub stream: Audience,
    pub epoch: u32,
    pub after: u64,
    pub upto: u64,
    pub values: Vec<Value>,
    /// The page was full: there is more after `upto`, for the client to ask for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}

/// Too much changed, or another epoch: forget the stream's values and start from this page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reset {
    Room(RoomPage),
    Person(PersonPage),
    Desk(DeskPage),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Who is here, as the answer to `Watch`.
    All { room: RoomId, here: Here },
    /// Since then, about once a second at most: who is new, who is called otherwise now, away or
    /// back, and who is gone. `total` and `away` are as in `Here`.
    Moved {
        room: RoomId,
        total: u32,
        away: u32,
        came: Vec<Present>,
        changed: Vec<Present>,
        went: Vec<Member>,
    },
    /// In place of `Moved` while more than 200 are here or would be in it, and every 10 s at most of a room that this
    /// connection began to watch before another one: who they are, only the page of people says.
    Counted { room: RoomId, total: u32, away: u32 },
}

/// Who is writing something right now in the room that this connection began to watch last, about once a second at most. It is over with the next frame
/// or, without one, after 5 s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    pub room: RoomId,
    /// At most 4, so that one who is among them still knows one, two or several others.
    pub who: Vec<Member>,
}

/// The rooms that stand in the lobby. `at` is now, by the server's clock: milliseconds since 1970, UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listed {
    /// Those with most people first, as the answer to `Watch`.
    All { at: i64, rooms: Vec<OpenRoom> },
    /// Since then, about every 2 s, and sooner when somebody comes to look: those that are new or otherwise now, and those that are gone. Of one
    /// in which something is said, that is told once a minute.
    Moved { at: i64, rooms: Vec<OpenRoom>, gone: Vec<RoomCode> },
}

/// There is a new message in a room that this connection asked of and does not follow. Of several within
/// half a second, the newest alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    pub room: RoomId,
    /// Its place.
    pub head: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The request's; `None` when the frame did not even say that.
    pub n: Option<u32>,
    pub refusal: Refusal,
}

/// Why a command did nothing. A code with arguments: the words are the reader's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Not JSON, or not a request.
    Malformed,
    /// A request whose command this server does not know.
    UnknownCommand,
    /// No such room, or none that is open to you.
    NoSuchRoom,
    NotAMember,
    NameEmpty,
    NameTooLong {
        max: u32,
    },
    /// Somebody who is or was in the room is called that, or something that looks like it.
    NameTaken {
        /// Like it, and nobody's a moment ago.
        free: Option<PersonName>,
    },
    /// Everybody would take who is called that for the server, a host or themselves.
    NameReserved,
    RoomNameTooLong {
        max: u32,
    },
    /// A room of the server's own, in the lobby, is called that, or something that looks like it.
    RoomNameReserved,
    BodyEmpty,
    BodyTooLong {
        max: u32,
    },
    /// Another message has this id already.
    IdConflict,
    /// How many are in it, a door does not say.
    RoomFull,
    /// Who comes in, a host says.
    KnockFirst,
    /// More wait there than a host could look through; after so long there may be fewer.
    TooManyKnock {
        retry_ms: u32,
    },
    /// Who comes in has to know one.
    PasswordNeeded,
    PasswordWrong,
    PasswordLength {
        min: u32,
        max: u32,
    },
    /// Used up, revoked or out of date, or never made.
    LinkVoid,
    /// Nobody comes in now. Only who was in it once is told so.
    Locked,
    /// A host put you out, until then: milliseconds since 1970, UTC.
    Barred {
        until: i64,
    },
    /// Say nothing until then, as a host wants it.
    Muted {
        until: i64,
    },
    /// Only they write here.
    HostsOnly,
    NotAHost,
    /// There would be none any more.
    LastHost,
    NoSuchMember,
    NoSuchMessage,
    LineTooLong {
        max: u32,
    },
    /// A connection follows no more streams than these, or asks for news of no more rooms.
    TooManyStreams {
        max: u32,
    },
    /// More than `Hello` allows; after so long the next one is taken.
    TooFast {
        retry_ms: u32,
    },
    /// Nothing was stored. The same again later may succeed.
    Busy {
        retry_ms: u32,
    },
    /// Our fault; the log has more under this id.
    Internal {
        id: String,
    },
}

impl Refusal {
    /// Why it cannot be anybody's name.
    pub fn of_name(error: TextError) -> Self {
        match error {
            TextError::Empty => Self::NameEmpty,
            TextError::TooLong { max } => Self::NameTooLong { max },
        }
    }

    /// Whether the same command may succeed later. A client keeps such a one and what is behind it.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::TooManyKnock { .. }
            | Self::TooFast { .. }
            | Self::Busy { .. }
            | Self::Internal { .. } => true,
            Self::Malformed
            | Self::UnknownCommand
            | Self::NoSuchRoom
            | Self::NotAMember
            | Self::NameEmpty
            | Self::NameTooLong { .. }
            | Self::NameTaken { .. }
            | Self::NameReserved
            | Self::RoomNameTooLong { .. }
            | Self::RoomNameReserved
            | Self::BodyEmpty
            | Self::BodyTooLong { .. }
            | Self::IdConflict
            | Self::RoomFull
            | Self::KnockFirst
            | Self::PasswordNeeded
            | Self::PasswordWrong
            | Self::PasswordLength { .. }
            | Self::LinkVoid
            | Self::Locked
            | Self::Barred { .. }
            | Self::Muted { .. }
            | Self::HostsOnly
            | Self::NotAHost
            | Self::LastHost
            | Self::NoSuchMember
            | Self::NoSuchMessage
            | Self::LineTooLong { .. }
            | Self::TooManyStreams { .. } => false,
        }
    }
}

/// The stream ends for this reader; nothing of it comes any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    pub stream: Audience,
    pub reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Expired,
    Burned,
    Removed,
    Left,
    /// It is not for visitors any more: who is a member follows it again.
    Locked,
}

/// Why a connection ends: the status codes of its close frame (RFC 6455, 7.4; 4000 and up are
/// ours).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Close {
    /// Bytes that are no WebSocket's.
    Protocol = 1002,
    /// A binary frame. A client of ours never sends one.
    Unsupported = 1003,
    /// A text frame that is not UTF-8.
    NotText = 1007,
    /// A frame over `MAX_FRAME`.
    TooBig = 1009,
    /// The server stops or restarts, or has to ask once more where this one comes from: come back, spread over a
    /// moment.
    Restart = 1012,
    /// Too many connections from this address: come back later.
    TooMany = 1013,
    /// Too slow for what was sent: come back at once and resume.
    Slow = 4000,
    /// Another version of the protocol: load the page anew. Outbox and drafts are kept.
    Outdated = 4001,
    /// Nothing was heard from the client for too long.
    Silent = 4002,
    /// Too many requests that were refused as malformed.
    Abuse = 4003,
    /// The session that it belonged to was signed out: load the page anew, as somebody without one.
    SignedOut = 4004,
    /// Who runs the server lets nobody in from this address for now: load the page anew, which says so. Outbox and
    /// drafts are kept.
    Banned = 4005,
}

impl Close {
    pub fn code(self) -> u16 {
        self as u16
    }
}
