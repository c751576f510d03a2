//! What pages are drawn from.

use serde::{Deserialize, Serialize};

use crate::{
    Arrival, Curb, DeskPage, Devices, Here, Lifetime, LinkKey, Look, Member, Message, MessageId,
    Refusal, Room, RoomCode, RoomId, RoomName, RoomPage, Waiting,
};

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
    Desk(Box<DeskView>),
    Rules(Box<RulesView>),
    Person(Box<PersonView>),
    Message(Box<MessageView>),
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
    /// There is one, which this reader may come to be let in to, or was in once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
}

/// The door of a room that does not open by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    pub code: RoomCode,
    /// What it is called, or else its code, for who was in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomName>,
    pub way: Gateway,
    /// The reader's name, or one made for them.
    pub name: String,
    /// What the link has that led here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<LinkKey>,
    pub refusal: Option<Refusal>,
}

/// How one may come in by it. Times are milliseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gateway {
    /// When there is a place again.
    Full,
    Password,
    Knock,
    /// A host has yet to answer.
    Knocked {
        at: i64,
    },
    /// For who was in it: nobody does now.
    Locked,
    /// Not before.
    Barred {
        until: i64,
    },
    /// By a link.
    Invited {
        host: bool,
    },
}

/// A room that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub id: RoomId,
    pub code: RoomCode,
    pub name: Option<RoomName>,
    pub lifetime: Lifetime,
    /// By a host, before its time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub burned: bool,
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
    /// A member says nothing until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted: Option<i64>,
    /// For a host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<Waiting>,
}

/// What a room's hosts have before them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeskView {
    pub room: Room,
    pub me: Member,
    pub page: DeskPage,
    /// It has nothing but what was done before this entry of the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// Before this one there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older: Option<u64>,
    /// Those that were reported.
    pub said: Vec<Message>,
    /// The address of a link that was made just now. It is shown once.
    pub made: Option<String>,
    /// Why the form that led here was refused.
    pub refusal: Option<Refusal>,
}

/// What hosts settle of a room, in a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RulesView {
    /// As it is, but what was typed and refused.
    pub room: Room,
    pub name: String,
    pub topic: String,
    /// Longer ones are not to be had on this server.
    pub longest: Lifetime,
    /// More members are not to be had on this server.
    pub most: u32,
    pub refusal: Option<Refusal>,
}

/// One of a room's members, before its host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonView {
    pub room: Room,
    pub me: Member,
    pub member: Member,
    /// Are in the room, as members.
    pub joined: bool,
    pub curb: Option<Curb>,
    pub refusal: Option<Refusal>,
}

/// One message, for who wants something done about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageView {
    pub room: Room,
    pub me: Member,
    pub message: Message,
    pub author: Member,
    /// By the reader, just now.
    pub reported: bool,
    pub refusal: Option<Refusal>,
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
