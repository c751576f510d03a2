//! What is around the messages on screen.

use protocol::{Here, Member, Refusal, Role, Room, Voices, Waiting, WhoAmI};

use crate::{Status, Words, components::room_name};

/// All around the messages. One signal, because it is small and changes seldom: each signal of
/// another type costs the bundle some kilobytes.
#[derive(Clone)]
pub struct Scene {
    pub words: &'static Words,
    pub room: Room,
    pub me: WhoAmI,
    pub here: Here,
    /// Others who are.
    pub typing: Vec<Member>,
    /// Who came and went before anything was said.
    pub line: Option<String>,
    pub status: Status,
    /// Why the last message was refused, or a visitor's name.
    pub refusal: Option<Refusal>,
    /// Why a member cannot have the name that they asked for.
    pub name_refusal: Option<Refusal>,
    /// Seconds that a message would wait that is written now, for its author was too fast.
    pub wait: u32,
    /// Messages that wait for nothing but a line.
    pub unsent: u32,
    pub part: Part,
    /// What waits for the reader, who is a host.
    pub waiting: Waiting,
    /// Until when the reader says nothing, and when that is, as it is said.
    pub muted: Option<(i64, String)>,
}

/// What of the log is here, and how far the reader is from its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The first message, if there are older ones that are not here.
    pub older: Option<u32>,
    /// The last message, if there are newer ones that are not here.
    pub newer: Option<u32>,
    /// How many messages came that the reader, who is not at the end, has not seen.
    pub unseen: Option<u32>,
}

impl Scene {
    /// What the room is called: its name, or else its code.
    pub fn name(&self) -> String {
        room_name(self.room.name.as_ref(), &self.room.code, self.words)
    }

    pub fn is_member(&self) -> bool {
        matches!(self.me, WhoAmI::Member(_))
    }

    pub fn is_host(&self) -> bool {
        self.member().is_some_and(|me| me.role == Role::Host)
    }

    /// A name says something too.
    pub fn may_rename(&self) -> bool {
        self.is_member() && (self.muted.is_none() || self.is_host())
    }

    /// What they write would be refused, however long they wait.
    pub fn is_closed(&self) -> bool {
        !self.is_host() && (self.muted.is_some() || self.room.rules.voices == Voices::Hosts)
    }
}
