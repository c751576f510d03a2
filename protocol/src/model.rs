//! The values that pages and frames carry. A durable change is one of them, whole, as it is now.

use serde::{Deserialize, Serialize};

use crate::{
    Arrival, Body, Devices, Lifetime, Look, MemberId, MessageId, PersonName, Refusal, RoomCode,
    RoomId, RoomName,
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
}

impl Value {
    pub fn rev(&self) -> u64 {
        match self {
            Self::Message(message) => message.rev,
            Self::Member(member) => member.rev,
            Self::Room(room) => room.rev,
            Self::Membership(membership) => membership.rev,
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
    /// It never changes while they are here, so a page can be asked for by the one before it.
    pub fn place(&self, me: Option<MemberId>) -> (bool, bool, MemberId) {
        let Member { id, role, .. } = self.member;
        (me != Some(id), role != Role::Host, id)
    }
}

/// All that a page is drawn from: the same on the server, in the page's JSON and from `?data`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageData {
    pub look: Look,
    pub view: View,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    Lobby(Lobby),
    Room(Box<RoomView>),
    /// A form for a room that is not there yet.
    NewRoom(NewRoom),
    Door(Door),
    /// What a reader can choose; beside their name, what is chosen is their `look`.
    Settings(Settings),
    /// Where the reader's person is signed in.
    Devices(Devices),
    /// On another device, to be signed in there too.
    Arrival(Arrival),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lobby {
    /// The reader's name, or one made for them. What was refused stands here as it was typed.
    pub name: String,
    /// What was typed as a room's code, if that form was refused.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// Rooms that the reader is a member of, the one with the newest message first.
    pub rooms: Vec<RoomLink>,
    /// Rooms that anyone may enter, most people first; at most 100.
    pub open: Vec<OpenRoom>,
    /// Why the form that led here was refused.
    pub refusal: Option<Refusal>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The reader's name, or one made for them; `None` if it is not known now. What was refused stands here as
    /// it was typed.
    pub name: Option<String>,
    pub refusal: Option<Refusal>,
}

/// A room that I am a member of, as a list of them has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomLink {
    pub id: RoomId,
    pub code: RoomCode,
    pub name: Option<RoomName>,
    /// Messages that I have not read.
    pub unread: u32,
    /// The place of the room's newest message; 0 before the first.
    pub head: u32,
}

/// A room that is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRoom {
    pub code: RoomCode,
    pub name: Option<RoomName>,
    /// How many are there now.
    pub here: u32,
    /// When its newest message was written, or the room made: milliseconds since 1970, UTC.
    pub last_at: i64,
}

/// What was refused stands here as it was typed and chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRoom {
    /// The reader's, or one made for them.
    pub name: String,
    /// One made for the room.
    pub room_name: String,
    pub listed: bool,
    pub lifetime: Lifetime,
    /// Longer ones are not to be had on this server.
    pub longest: Lifetime,
    pub refusal: Option<Refusal>,
}

/// No room is open to this reader here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// What they typed as a code, if it was typed in a form.
    pub code: String,
    /// What there was, for who was a member.
    pub ended: Option<Ended>,
}

/// A room that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub id: RoomId,
    pub code: RoomCode,
    pub name: Option<RoomName>,
    pub lifetime: Lifetime,
    /// Milliseconds since 1970, UTC.
    pub at: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomView {
    pub page: RoomPage,
    pub me: WhoAmI,
    /// I had read up to this `seq` when the page was drawn; a visitor has no place of their own.
    pub read: Option<u32>,
    pub here: Here,
    /// My rooms, this one too.
    pub rooms: Vec<RoomLink>,
    /// The room's address as others can reach it.
    pub link: String,
    /// Made by the server for the form, so that a double submit posts once.
    pub form_id: MessageId,
    /// Why the form that led here was refused, and the text that it held.
    pub refusal: Option<Refusal>,
    pub draft: String,
    /// Of a member's form for another name.
    pub refused_name: Option<RefusedName>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedName {
    /// As it was typed.
    pub name: String,
    pub refusal: Refusal,
}

/// The reader in the room that is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoAmI {
    Member(Member),
    /// Reads along. The name is a proposal for joining.
    Visitor {
        name: String,
    },
}
