//! A room as the server has said it is, and how each frame changes that. Pure.
//!
//! At `complete` = n each value kept here is at least as new as it was at rev n. What is about to
//! be sent is not here: see `rows`.

use protocol::{
    Changes, Member, MemberId, Message, PersonName, Point, Role, Room, RoomPage, Value,
};

/// Messages that are kept; of more, the newest.
pub const MAX_WINDOW: usize = 300;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    room: Room,
    /// By `seq`.
    messages: Vec<Message>,
    /// The window's start: what is older is not kept.
    first: u32,
    members: Vec<Member>,
    complete: Point,
}

/// What a frame means for the one who hears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing is missing up to `complete`, and the server said it has no more.
    Complete,
    /// Something between `complete` and the frame is missing, or there is more: ask since `complete`.
    Ask,
}

impl From<RoomPage> for Confirmed {
    fn from(page: RoomPage) -> Self {
        let first = page.messages.first().map_or(1, |message| message.seq);
        Self {
            room: page.room,
            messages: page.messages,
            first,
            members: page.members,
            complete: page.at,
        }
    }
}

impl Confirmed {
    pub fn room(&self) -> &Room {
        &self.room
    }

    pub fn complete(&self) -> Point {
        self.complete
    }

    /// Oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter()
    }

    pub fn member(&self, id: MemberId) -> Option<&Member> {
        self.members.iter().find(|member| member.id == id)
    }

    /// An author that the server has not named is a defect of the server; the message is shown.
    pub(crate) fn author(&self, id: MemberId) -> Member {
        let unknown = || Member { id, name: unknown_name(), role: Role::Member, rev: 0 };
        self.member(id).cloned().unwrap_or_else(unknown)
    }

    /// Applies a frame of this room's stream. Loss, repetition and reordering of frames do no harm.
    pub fn apply(&mut self, changes: Changes) -> Heard {
        if changes.epoch != self.complete.epoch {
            return Heard::Ask;
        }
        for value in changes.values {
            self.merge(value);
        }
        self.trim();
        if changes.after > self.complete.rev {
            return Heard::Ask;
        }
        self.complete.rev = self.complete.rev.max(changes.upto);
        if changes.more { Heard::Ask } else { Heard::Complete }
    }

    fn merge(&mut self, value: Value) {
        match value {
            Value::Message(message) if message.seq < self.first => {}
            Value::Message(message) => {
                let place = self.messages.partition_point(|kept| kept.seq < message.seq);
                match self.messages.get_mut(place).filter(|kept| kept.seq == message.seq) {
                    Some(kept) if kept.rev < message.rev => *kept = message,
                    Some(_) => {}
                    None => self.messages.insert(place, message),
                }
            }
            Value::Member(member) => {
                match self.members.iter_mut().find(|kept| kept.id == member.id) {
                    Some(kept) if kept.rev < member.rev => *kept = member,
                    Some(_) => {}
                    None => self.members.push(member),
                }
            }
            Value::Room(room) => {
                if self.room.rev < room.rev {
                    self.room = room;
                }
            }
        }
    }

    fn trim(&mut self) {
        let excess = self.messages.len().saturating_sub(MAX_WINDOW);
        if let Some(last) = self.messages.drain(..excess).next_back() {
            self.first = last.seq + 1;
        }
    }
}

fn unknown_name() -> PersonName {
    PersonName::parse("?").unwrap_or_else(|_| unreachable!("one visible character is a name"))
}
