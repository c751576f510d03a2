//! The values that pages and frames carry. A durable change is one of them, whole, as it is now.

use serde::{Deserialize, Serialize};

use crate::{
    Body, Item, Lifetime, MemberId, MessageId, PersonName, RoomCode, RoomId, RoomName, Rules,
};

/// Who may read a stream: all of it, or nothing of it, so no event is filtered per reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The members of a room, and its visitors while it is open to them.
    Room(RoomId),
    /// Whoever the connection belongs to: what is only theirs, on all their devices.
    Person,
    /// The hosts of a room.
    Desk(RoomId),
    /// Everyone: the rooms that are open to them. It passes, so it has no revs.
    Lobby,
}

/// A place in a stream. `epoch` changes when a store was restored or imported: revs of different
/// epochs cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Hash)]
pub struct Point {
    pub epoch: u32,
    pub rev: u64,
}

/// Anything durable that a stream carries. Each is stamped with the stream's `rev` of its last
/// change; the one with the higher `rev` is the newer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Message(Message),
    Member(Member),
    Room(Room),
    /// Only in the stream of the person whose it is.
    Membership(Membership),
    /// Only in the stream of a room's desk.
    Item(Box<Item>),
}

impl Value {
    pub fn rev(&self) -> u64 {
        match self {
            Self::Message(message) => message.rev,
            Self::Member(member) => member.rev,
            Self::Room(room) => room.rev,
            Self::Membership(membership) => membership.rev,
            Self::Item(item) => item.rev,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Unique in the room.
    pub id: MessageId,
    /// Its place in the room: 1, 2, 3… without holes, for ever.
    pub seq: u32,
    pub rev: u64,
    /// Counts its edits, from 1.
    pub version: u32,
    pub author: MemberId,
    pub content: Content,
    /// Milliseconds since 1970, UTC, by the server; never before the room's previous message.
    /// For reading, not for ordering.
    pub created_at: i64,
}

/// What a message says. A new kind is a variant here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    Text(Body),
    /// A host took away what it said.
    Removed,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub id: MemberId,
    pub name: PersonName,
    pub role: Role,
    /// 0 until the member first writes something: joining alone changes nothing for the others'
    /// logs.
    pub rev: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Member,
    Host,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub id: RoomId,
    pub code: RoomCode,
    /// Without a name the code will do.
    pub name: Option<RoomName>,
    /// Stands in the lobby, for everyone on this server.
    pub listed: bool,
    pub lifetime: Lifetime,
    #[serde(default, skip_serializing_if = "Rules::is_usual")]
    pub rules: Rules,
    pub rev: u64,
}

/// What I am in a room, the same on all my devices. Nobody else ever sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    pub room: RoomId,
    /// False once I left.
    pub joined: bool,
    /// I have read up to this `seq`. It only grows, and is never beyond the room's newest message.
    pub read: u32,
    /// I say nothing until then: milliseconds since 1970, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted: Option<i64>,
    pub rev: u64,
}

/// What is only mine, as it is at `at`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonPage {
    /// Of the rooms that I am a member of, the 1,000 that changed last at most, in the order of
    /// their revs.
    pub memberships: Vec<Membership>,
    /// Complete to here.
    pub at: Point,
}

/// What is on a room's desk, as it is at `at`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskPage {
    /// All that waits, what holds still, and what was done last; in the order of their revs.
    pub items: Vec<Item>,
    /// Everyone who is in them.
    pub members: Vec<Member>,
    /// Complete to here.
    pub at: Point,
}

/// What of a desk waits for its hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Those who knock, who came first first; at most 50.
    pub knocks: Vec<Member>,
    /// How many there are.
    pub knocking: u32,
    pub reports: u32,
}

/// A room as it is at `at`: a part of its log and who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomPage {
    pub room: Room,
    /// Oldest first, without holes.
    pub messages: Vec<Message>,
    /// Every author of `messages`.
    pub members: Vec<Member>,
    /// The place of the room's newest message, here or not; 0 before the first.
    pub head: u32,
    /// The place of the message that was asked for, which is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<u32>,
    /// Complete to here.
    pub at: Point,
}

/// Who is in a room right now. Not in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Here {
    /// Everyone, also those that `people` has no room for.
    pub total: u32,
    /// How many of them are away.
    pub away: u32,
    /// A page of them, at most 50, by `Present::place`.
    pub people: Vec<Present>,
}

impl Here {
    /// Whether `people` are all of them.
    pub fn is_complete(&self) -> bool {
        self.people.len() >= self.total as usize
    }
}

/// Somebody who is in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    pub member: Member,
    /// None of their tabs was looked at for a while.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub away: bool,
}

impl Present {
    /// Where they stand among all who are here: myself, hosts, then whoever became a member first.
    /// It changes only with their role, so a page can be asked for by the one before it.
    pub fn place(&self, me: Option<MemberId>) -> (bool, bool, MemberId) {
        let Member { id, role, .. } = self.member;
        (me != Some(id), role != Role::Host, id)
    }
}
