//! A room as the server has said it is, and how each frame and each page changes that. Pure.
//!
//! What is kept of the log is a window: one run of it, without holes. At `complete` = n each value
//! in it is at least as new as it was at rev n, and if the window is `open`, at the log's end, none
//! is missing there. What is about to be sent is not here: see `outbox`.

#[cfg(test)]
mod tests;

use protocol::{
    Changes, Member, MemberId, Message, PersonName, Point, Role, Room, RoomPage, Value,
};

/// Messages that are kept.
pub const MAX_WINDOW: usize = 300;
/// How many of the oldest go at once.
const STEP: usize = 25;
/// Messages outside of the window that are kept for a page on its way. With more, the page is no use.
const MAX_LOOSE: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    room: Room,
    /// By `seq`.
    messages: Vec<Message>,
    /// Where the window begins, also while it is empty.
    first: u32,
    /// The newest place that was heard of.
    head: u32,
    /// Up to this place nothing is missing that the reader did not let go of.
    reached: u32,
    /// Reaches to the end of the log: new messages extend it.
    open: bool,
    /// The reader is at the end, and so many messages are near enough to be kept for them.
    keeps: Option<usize>,
    members: Vec<Member>,
    complete: Point,
    /// While a page is on its way: what changed outside of the window, for the page may be older.
    loose: Option<Vec<Message>>,
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
        let last = page.messages.last().map_or(0, |message| message.seq);
        Self {
            first: page.messages.first().map_or(1, |message| message.seq),
            open: last >= page.head,
            keeps: (last >= page.head).then_some(MAX_WINDOW - STEP),
            room: page.room,
            messages: page.messages,
            head: page.head,
            reached: page.head,
            members: page.members,
            complete: page.at,
            loose: None,
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

    /// Of the newest message that was heard of, shown or not; 0 before the first.
    pub fn head(&self) -> u32 {
        self.head
    }

    /// The newest place up to which every message was here, as new as at `complete`.
    pub fn reached(&self) -> u32 {
        self.reached
    }

    /// Oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> + ExactSizeIterator {
        self.messages.iter()
    }

    /// The first message of the window, if there are older ones.
    pub fn older(&self) -> Option<u32> {
        Some(self.first).filter(|first| *first > 1)
    }

    /// The last message of the window, if there are newer ones.
    pub fn newer(&self) -> Option<u32> {
        if self.open { None } else { self.messages.last().map(|message| message.seq) }
    }

    pub fn member(&self, id: MemberId) -> Option<&Member> {
        self.members.iter().find(|member| member.id == id)
    }

    /// An author that the server has not named is a defect of the server; the message is shown.
    pub fn author(&self, id: MemberId) -> Member {
        let unknown = || Member { id, name: unknown_name(), role: Role::Member, rev: 0 };
        self.member(id).cloned().unwrap_or_else(unknown)
    }

    /// The reader is at the end of the log, and of what is above them so many messages are kept in all, and up
    /// to half a page more: to take one away for each new one would move all the others each time.
    /// With `None` they are elsewhere, and nothing is taken away that they may be reading: the window
    /// closes when it is full.
    pub fn follow(&mut self, keeps: Option<usize>) {
        self.keeps = keeps.map(|keeps| keeps.min(MAX_WINDOW - STEP));
    }

    /// Applies a frame of this room's stream. Loss, repetition and reordering of frames do no harm.
    pub fn apply(&mut self, changes: Changes) -> Heard {
        if changes.epoch != self.complete.epoch {
            return Heard::Ask;
        }
        for value in changes.values {
            self.merge(value);
        }
        if let Some(keeps) = self.keeps.filter(|_| self.open)
            && self.messages.len() >= keeps + STEP
        {
            self.drop_oldest(keeps);
        }
        if changes.after > self.complete.rev {
            return Heard::Ask;
        }
        self.complete.rev = self.complete.rev.max(changes.upto);
        if changes.more {
            return Heard::Ask;
        }
        self.reached = self.head;
        Heard::Complete
    }

    /// A page is asked for. Until it is here, what changes outside of the window is kept.
    pub fn expect_page(&mut self) {
        self.loose = Some(Vec::new());
    }

    /// The page that was asked for: a longer window, or another one. Returns whether it was of use;
    /// what was read before a reset or in another epoch is not.
    pub fn take_page(&mut self, page: RoomPage) -> bool {
        let Some(loose) = self.loose.take() else { return false };
        if page.at.epoch != self.complete.epoch || loose.len() > MAX_LOOSE {
            return false;
        }
        self.head = self.head.max(page.head);
        page.members.into_iter().for_each(|member| self.merge_member(member));
        let Some((first, last)) = ends(&page.messages) else { return true };
        let kept = ends(&self.messages);
        let meets = kept.is_some_and(|(start, end)| first <= end + 1 && start <= last + 1);
        let older = meets && first < self.first;
        if meets {
            self.first = self.first.min(first);
        } else {
            self.messages.clear();
            self.first = first;
            self.open = false;
        }
        page.messages.into_iter().for_each(|message| put(&mut self.messages, message));
        self.merge_loose(loose);
        if older {
            self.drop_newest()
        } else {
            self.drop_oldest(MAX_WINDOW)
        }
        self.open = self.last() >= self.head;
        true
    }

    /// What adjoins or lies within the window, as a longer one needs it.
    fn merge_loose(&mut self, loose: Vec<Message>) {
        for message in loose {
            if (self.first..=self.last() + 1).contains(&message.seq) {
                put(&mut self.messages, message);
            }
        }
    }

    fn last(&self) -> u32 {
        self.messages.last().map_or(self.first - 1, |message| message.seq)
    }

    fn merge(&mut self, value: Value) {
        match value {
            Value::Message(message) => self.merge_message(message),
            Value::Member(member) => self.merge_member(member),
            Value::Room(room) => {
                if self.room.rev < room.rev {
                    self.room = room;
                }
            }
            // Of another stream.
            Value::Membership(_) | Value::Item(_) => {}
        }
    }

    fn merge_message(&mut self, message: Message) {
        self.head = self.head.max(message.seq);
        let is_new = message.seq > self.last();
        if is_new && self.open && self.keeps.is_none() && self.messages.len() >= MAX_WINDOW {
            self.open = false;
        }
        let inside = message.seq >= self.first && (self.open || !is_new);
        match &mut self.loose {
            _ if inside => put(&mut self.messages, message),
            // One more than is of use tells that there were too many.
            Some(loose) if loose.len() <= MAX_LOOSE => put(loose, message),
            Some(_) | None => {}
        }
    }

    fn merge_member(&mut self, member: Member) {
        match self.members.iter_mut().find(|kept| kept.id == member.id) {
            Some(kept) if kept.rev < member.rev => *kept = member,
            Some(_) => {}
            None => self.members.push(member),
        }
    }

    fn drop_oldest(&mut self, keeps: usize) {
        let excess = self.messages.len().saturating_sub(keeps);
        if let Some(last) = self.messages.drain(..excess).next_back() {
            self.first = last.seq + 1;
        }
    }

    fn drop_newest(&mut self) {
        self.messages.truncate(MAX_WINDOW);
    }
}

/// Keeps the order by `seq`, and of two copies the newer.
fn put(messages: &mut Vec<Message>, message: Message) {
    let place = messages.partition_point(|kept| kept.seq < message.seq);
    match messages.get_mut(place).filter(|kept| kept.seq == message.seq) {
        Some(kept) if kept.rev < message.rev => *kept = message,
        Some(_) => {}
        None => messages.insert(place, message),
    }
}

fn ends(messages: &[Message]) -> Option<(u32, u32)> {
    Some((messages.first()?.seq, messages.last()?.seq))
}

fn unknown_name() -> PersonName {
    PersonName::parse("?").unwrap_or_else(|_| unreachable!("one visible character is a name"))
}
